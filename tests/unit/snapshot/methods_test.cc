#include "methods.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace cdc::snapshot {
namespace {

using mysql::Rows;

Abilities abilities(std::string_view version, bool gtid = false, bool log_status = false) {
  return {.version = mysql::parse_server_version(version, false), .gtid = gtid, .log_status = log_status, .account = "cdc@%"};
}

Abilities unordered(Abilities abilities) {
  abilities.ordered_commits = false;
  return abilities;
}

Rows row(std::vector<std::optional<std::string>> fields) { return {std::move(fields)}; }

/// What the call throws, as its whole text.
template <class Call>
std::string failure_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "it did not fail";
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST_CASE("the method follows from product, privilege and GTIDs") {
  struct Case {
    std::string name;
    Abilities abilities;
    std::optional<Method> want;
  };
  const Case cases[] = {
      {"MariaDB", abilities("10.11.19-MariaDB"), Method::server_snapshot},
      {"MySQL, BACKUP_ADMIN", abilities("9.7.4", false, true), Method::log_status},
      {"MySQL, BACKUP_ADMIN and GTIDs", abilities("9.7.4", true, true), Method::log_status},
      {"MySQL, GTIDs", abilities("8.0.40", true), Method::executed_set},
      {"MySQL, neither", abilities("8.0.40"), std::nullopt},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(lock_free_method(one.abilities) == one.want);
  }
}

TEST_CASE("each view is opened in a packet of statements in their order, none of which locks or asks for the log's status") {
  struct Case {
    std::string name;
    Method method;
    Abilities abilities;
    std::vector<std::string_view> want;  ///< Words of the statements.
  };
  const Case cases[] = {
      {"MariaDB", Method::server_snapshot, abilities("11.8.6-MariaDB"), {"START", "SHOW WARNINGS", "binlog_snapshot"}},
      {"log_status, waits", Method::log_status, abilities("9.7.4"), {"log_status", "START", "SHOW WARNINGS", "log_status"}},
      {"log_status, older, GTIDs",
       Method::log_status,
       abilities("8.4.0", true),
       {"log_status", "gtid_owned", "START", "SHOW WARNINGS", "log_status"}},
      {"log_status, older",
       Method::log_status,
       abilities("8.0.40"),
       {"log_status", "gtid_owned", "Ongoing_anonymous_transaction_count", "START", "SHOW WARNINGS", "log_status"}},
      {"log_status, waits, GTIDs", Method::log_status, abilities("9.7.4", true), {"log_status", "START", "SHOW WARNINGS", "log_status"}},
      {"log_status, waits, unordered commits",
       Method::log_status,
       unordered(abilities("9.7.4")),
       {"log_status", "START", "SHOW WARNINGS", "log_status"}},
      {"log_status, waits, GTIDs, unordered commits",
       Method::log_status,
       unordered(abilities("9.7.4", true)),
       {"log_status", "gtid_owned", "START", "SHOW WARNINGS", "log_status"}},
      {"executed set",
       Method::executed_set,
       abilities("9.7.4", true),
       {"gtid_executed", "START", "SHOW WARNINGS", "gtid_owned", "gtid_executed"}},
      {"table lock", Method::table_lock, abilities("9.7.4"), {"START", "SHOW WARNINGS"}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const auto script = script_of(one.method, one.abilities);
    REQUIRE(script.size() == one.want.size());
    for (std::size_t i = 0; i < script.size(); ++i) CHECK(contains(script[i].sql, one.want[i]));
    const std::string packet = packet_of(script);
    CHECK(std::ranges::count(packet, ';') == static_cast<std::ptrdiff_t>(script.size()) - 1);
    CHECK(contains(packet, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY; SHOW WARNINGS"));
    for (const std::string_view never : {"LOCK", "FLUSH", "BINARY LOG STATUS", "MASTER STATUS"}) CHECK_FALSE(contains(packet, never));
  }
}

const Rows log_end = row({"binlog.000007", "1234", "u:1-5,\nv:1"});
const Rows warning = row({"Warning", "138", "InnoDB: WITH CONSISTENT SNAPSHOT was ignored because this phrase can only be used with …"});

TEST_CASE("a view is exact only when nothing moved and nothing was under way") {
  const StreamPoint place{"u:1-5,v:1", "binlog.000007", 1234}, set{"u:1-5", "", 0};
  struct Case {
    std::string name;
    Method method;
    Abilities abilities;
    std::vector<Rows> answers;
    bool exact;
    StreamPoint point;
  };
  const Abilities mariadb = abilities("10.11.19-MariaDB"), newer = abilities("9.7.4", true), older = abilities("8.0.40");
  const Case cases[] = {
      {"MariaDB",
       Method::server_snapshot,
       mariadb,
       {{}, {}, {{{"Binlog_snapshot_file"}, {"a.1"}}, {{"Binlog_snapshot_position"}, {"4294967300"}}}},
       true,
       {"", "a.1", 4'294'967'300}},
      {"log_status, the same", Method::log_status, newer, {log_end, {}, {}, log_end}, true, place},
      {"log_status, moved on", Method::log_status, newer, {row({"binlog.000007", "1000", "u:1-4"}), {}, {}, log_end}, false, place},
      {"log_status, rotated", Method::log_status, newer, {row({"binlog.000006", "1234", "u:1-5,v:1"}), {}, {}, log_end}, false, place},
      {"log_status, a GTID came", Method::log_status, newer, {row({"binlog.000007", "1234", "u:1-5"}), {}, {}, log_end}, false, place},
      {"older, idle", Method::log_status, older, {log_end, row({""}), row({std::nullopt}), {}, {}, log_end}, true, place},
      {"older, a GTID under way",
       Method::log_status,
       older,
       {log_end, row({"u:6#12"}), row({std::nullopt}), {}, {}, log_end},
       false,
       place},
      {"older, an anonymous one", Method::log_status, older, {log_end, row({""}), row({"1"}), {}, {}, log_end}, false, place},
      {"older, no such counter", Method::log_status, older, {log_end, row({""}), {}, {}, {}, log_end}, false, place},
      {"set, the same", Method::executed_set, newer, {row({"u:1-5"}), {}, {}, row({""}), row({"u:1-5"})}, true, set},
      {"set, grown", Method::executed_set, newer, {row({"u:1-4"}), {}, {}, row({""}), row({"u:1-5"})}, false, set},
      {"set, one under way", Method::executed_set, newer, {row({"u:1-5"}), {}, {}, row({"u:6#9"}), row({"u:1-5"})}, false, set},
      {"set, nothing yet", Method::executed_set, newer, {row({""}), {}, {}, row({""}), row({""})}, true, {}},
      {"table lock", Method::table_lock, newer, {{}, {}}, true, {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const Opening opening = judge(one.method, script_of(one.method, one.abilities), one.answers);
    CHECK(opening.exact == one.exact);
    CHECK(opening.point == one.point);
  }
}

TEST_CASE("an answer that tells no point is an error") {
  struct Case {
    std::string name;
    Method method;
    std::vector<Rows> answers;
    std::string want;
  };
  const Rows strange_offset = row({"binlog.000007", "3", ""}), no_number = row({"binlog.000007", "x", ""});
  const Case cases[] = {
      {"a warning", Method::log_status, {log_end, {}, warning, log_end}, "MYC1800: the server opened no consistent view: InnoDB: WITH"},
      {"a warning under a lock", Method::table_lock, {{}, warning}, "opened no consistent view"},
      {"a result too few", Method::log_status, {log_end, {}, {}}, "3 results for 4 statements"},
      {"a result too many", Method::table_lock, {{}, {}, {}}, "3 results for 2 statements"},
      {"no row", Method::log_status, {{}, {}, {}, log_end}, "log_status has 0 rows"},
      {"an offset before the first event", Method::log_status, {strange_offset, {}, {}, log_end}, "offset 3 in binlog.000007"},
      {"no number", Method::log_status, {no_number, {}, {}, log_end}, "offset 0 in binlog.000007"},
      {"no binlog", Method::log_status, {row({std::nullopt, std::nullopt, ""}), {}, {}, log_end}, "MYC1200: the server writes no binlog"},
      {"MariaDB without binlog", Method::server_snapshot, {{}, {}, {}}, "MYC1200"},
      {"no set", Method::executed_set, {row({std::nullopt}), {}, {}, row({""}), row({""})}, "gtid_executed is missing"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const Abilities who = one.method == Method::server_snapshot ? abilities("10.11.1-MariaDB") : abilities("9.7.4", true, true);
    CHECK(contains(failure_of([&] { judge(one.method, script_of(one.method, who), one.answers); }), one.want));
  }
}

TEST_CASE("errors name the statements to run for this very account") {
  const std::string refused = no_method_error(abilities("8.0.40")).what();
  CHECK(refused.starts_with("MYC1800: "));
  CHECK(contains(refused, "GRANT BACKUP_ADMIN ON *.* TO `cdc`@`%`; GRANT SELECT ON performance_schema.log_status TO `cdc`@`%`"));
  CHECK(contains(refused, "snapshot.lock=brief"));
  const std::string restless = unsettled_error(Method::executed_set, abilities("8.0.40", true), 17, std::chrono::milliseconds{250}).what();
  CHECK(restless.starts_with("MYC1801: transactions came between the views and their point in all of 17 tries, 250 ms"));
  CHECK(contains(restless, "GRANT BACKUP_ADMIN"));
  CHECK_FALSE(contains(unsettled_error(Method::log_status, abilities("8.0.40"), 1, {}).what(), "GRANT"));
}

}  // namespace
}  // namespace cdc::snapshot
