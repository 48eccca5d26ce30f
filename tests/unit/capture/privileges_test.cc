#include "privileges.h"

#include <doctest/doctest.h>

namespace cdc::capture {

TEST_CASE("grants that allow a dump, as the servers print them") {
  struct Case {
    const char* name;
    std::vector<std::string> lines;
    bool allowed;
  };
  const Case cases[] = {
      {"documented grant", {"GRANT SELECT, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `cdc`@`%` IDENTIFIED BY PASSWORD '*1C'"}, true},
      {"only privilege", {"GRANT REPLICATION SLAVE ON *.* TO `cdc`@`%`"}, true},
      {"everything", {"GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"}, true},
      {"by role", {"GRANT `r` TO `u`@`%`", "GRANT USAGE ON *.* TO `u`@`%`", "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `r`"}, true},
      {"none", {"GRANT USAGE ON *.* TO `u`@`%`"}, false},
      {"other replication privileges", {"GRANT BINLOG MONITOR, REPLICATION SLAVE ADMIN, REPLICA MONITOR ON *.* TO `u`@`%`"}, false},
      {"on one schema", {"GRANT USAGE ON *.* TO `u`@`%`", "GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`"}, false},
      {"a name that looks like one", {"GRANT USAGE ON *.* TO `REPLICATION SLAVE`@`%`"}, false},
      {"nothing at all", {}, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(grants_allow_dump(c.lines) == c.allowed);
  }
}

TEST_CASE("the grant to run is in the product's words and names the very account") {
  const auto statement = [](const char* version, bool mariadb, const char* account) {
    return grant_statement(mysql::parse_server_version(version, mariadb), account);
  };
  CHECK(statement("9.7.4", false, "cdc@%") == "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `cdc`@`%`");
  CHECK(statement("10.4.34-MariaDB", true, "cdc@%") == "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `cdc`@`%`");
  CHECK(statement("10.11.19-MariaDB", true, "cdc@10.0.0.%") == "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `cdc`@`10.0.0.%`");
  CHECK(statement("8.0.45", false, "a@b`c@localhost") == "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `a@b``c`@`localhost`");
}

}  // namespace cdc::capture
