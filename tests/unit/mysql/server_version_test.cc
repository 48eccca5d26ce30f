#include <doctest/doctest.h>

#include "cdc/mysql/connection.h"

namespace cdc::mysql {

TEST_CASE("server versions as they introduce themselves") {
  struct Case {
    const char* text;
    bool mariadb_flag;
    Flavor flavor;
    std::uint32_t major, minor, patch;
  };
  const Case cases[] = {
      {"5.5.5-10.11.19-MariaDB-0+deb12u1-log", false, Flavor::mariadb, 10, 11, 19},
      {"10.11.19-MariaDB", true, Flavor::mariadb, 10, 11, 19},
      {"11.8.6-MariaDB-log", false, Flavor::mariadb, 11, 8, 6},
      {"12.3.1-MariaDB-ubu2404", false, Flavor::mariadb, 12, 3, 1},
      {"10.6.18-14-enterprise", true, Flavor::mariadb, 10, 6, 18},
      {"5.5.68-MariaDB", false, Flavor::mariadb, 5, 5, 68},
      {"26.7.0", false, Flavor::mysql, 26, 7, 0},
      {"9.7.4-2", false, Flavor::mysql, 9, 7, 4},
      {"8.0.45-0ubuntu0.24.04.1", false, Flavor::mysql, 8, 0, 45},
      {"8.0.36-28", false, Flavor::mysql, 8, 0, 36},               // Percona
      {"8.0.mysql_aurora.3.08.0", false, Flavor::mysql, 8, 0, 0},  // Aurora
      {"5.7.12-log", false, Flavor::mysql, 5, 7, 12},
      {"5.5.5-rds", false, Flavor::mysql, 5, 5, 5},
      {"8.4", false, Flavor::mysql, 8, 4, 0},
      {"nonsense", false, Flavor::mysql, 0, 0, 0},
      {"", false, Flavor::mysql, 0, 0, 0},
      {"99999999999.1.1", false, Flavor::mysql, 0, 0, 0},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string{c.text});
    const ServerVersion version = parse_server_version(c.text, c.mariadb_flag);
    CHECK(version.flavor == c.flavor);
    CHECK(version.major == c.major);
    CHECK(version.minor == c.minor);
    CHECK(version.patch == c.patch);
    CHECK(version.text == c.text);
  }
}

TEST_CASE("versions compare as numbers") {
  const ServerVersion version = parse_server_version("26.7.0", false);
  CHECK(version.at_least(9, 7));
  CHECK(version.at_least(26, 7, 0));
  CHECK(!version.at_least(26, 7, 1));
  CHECK(!version.at_least(26, 10));
  CHECK(!parse_server_version("8.0.45", false).at_least(8, 4));
}

TEST_CASE("names are quoted") {
  CHECK(quote_name("orders") == "`orders`");
  CHECK(quote_name("a`b") == "`a``b`");
  CHECK(quote_name("") == "``");
}

}  // namespace cdc::mysql
