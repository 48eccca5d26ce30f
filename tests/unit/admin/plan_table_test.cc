#include "plan_table.h"

#include <doctest/doctest.h>

namespace {

using namespace cdc;
using admin::Action;
using admin::ColumnDrift;
using catalog::CaptureState;
using catalog::RegisteredColumn;
using Columns = std::vector<RegisteredColumn>;

const Columns wanted{{"id", "int", "", 1, true, true}, {"v", "varchar(9)", "utf8mb4", 0, true, true}};
const Columns narrower{{"id", "int", "", 1, true, true}};
const Columns other_type{{"id", "int", "", 1, true, true}, {"v", "int", "", 0, true, true}};
const Columns renamed{{"id", "int", "", 1, true, true}, {"w", "varchar(9)", "utf8mb4", 0, true, true}};

admin::KnownDefinition known(std::uint32_t tid, CaptureState state, const Columns& columns, const std::string& stored,
                             const std::string& found, std::uint32_t follows = 0) {
  return {{tid, "shop", "t", columns, stored, state, follows}, found};
}

TEST_CASE("what becomes of a table") {
  using enum CaptureState;
  struct Case {
    std::string name;
    std::vector<admin::KnownDefinition> definitions;
    admin::Decision decision;
  };
  const Case cases[] = {
      {"never captured", {}, {Action::install}},
      {"as wanted", {known(1, active, wanted, "m", "m")}, {Action::none, 1}},
      {"retired alone", {known(1, retired, wanted, "m", "")}, {Action::install}},
      {"a column was added", {known(1, active, narrower, "m", "m")}, {Action::replace, 1}},
      {"a column was renamed: nothing could be written since", {known(1, active, renamed, "m", "m")}, {Action::replace, 1}},
      {"a column has another type", {known(1, active, other_type, "m", "m")}, {Action::replace, 0, true}},
      {"a trigger is missing", {known(1, active, wanted, "m", "")}, {Action::install, 0, true}},
      {"a trigger was changed", {known(1, active, wanted, "m", "x")}, {Action::install, 0, true}},
      {"the first installation died early", {known(1, changing, wanted, "", "")}, {Action::install, 0, false, true}},
      {"the first installation died before its last statement", {known(1, changing, wanted, "", "m")}, {Action::finish, 1}},
      {"… and the table changed since", {known(1, changing, narrower, "", "m")}, {Action::install}},
      {"an upgrade died before its lock",
       {known(1, active, wanted, "m", "m"), known(2, changing, wanted, "", "", 1)},
       {Action::none, 1, false, true}},
      {"an upgrade died under its lock",
       {known(1, active, wanted, "m", ""), known(2, changing, wanted, "", "", 1)},
       {Action::install, 0, true, true}},
      {"an upgrade died before its last statement",
       {known(1, active, wanted, "m", ""), known(2, changing, wanted, "", "m", 1)},
       {Action::finish, 2}},
      {"a repair died before its last statement",
       {known(1, active, wanted, "m", ""), known(2, changing, wanted, "", "m")},
       {Action::finish, 2, true}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const admin::Decision got = admin::decide({c.definitions, {}}, wanted);
    CHECK(static_cast<int>(got.action) == static_cast<int>(c.decision.action));
    CHECK(got.tid == c.decision.tid);
    CHECK(got.lost_changes == c.decision.lost_changes);
    CHECK(got.retire == c.decision.retire);
  }
}

TEST_CASE("how columns differ") {
  struct Case {
    std::string name;
    Columns registered, now;
    ColumnDrift drift;
  };
  const Case cases[] = {
      {"not", wanted, wanted, ColumnDrift::none},
      {"images do not count", wanted, {{"id", "int", "", 1}, {"v", "varchar(9)", "utf8mb4", 0}}, ColumnDrift::none},
      {"one more", narrower, wanted, ColumnDrift::added},
      {"one less", wanted, narrower, ColumnDrift::lost},
      {"renamed", wanted, renamed, ColumnDrift::lost},
      {"widened", wanted, {{"id", "bigint", "", 1}, {"v", "varchar(999)", "utf8mb4", 0}}, ColumnDrift::widened},
      {"widened and one more", narrower, {{"id", "bigint", "", 1}, {"v", "int", "", 0}}, ColumnDrift::added},
      {"another key", wanted, {{"id", "int", "", 0}, {"v", "varchar(9)", "utf8mb4", 0}}, ColumnDrift::widened},
      {"another sign", wanted, {{"id", "int unsigned", "", 1}, {"v", "varchar(9)", "utf8mb4", 0}}, ColumnDrift::changed},
      {"another charset", wanted, {{"id", "int", "", 1}, {"v", "varchar(9)", "latin1", 0}}, ColumnDrift::changed},
      {"another family", wanted, other_type, ColumnDrift::changed},
      {"another decimal", {{"d", "decimal(5,2)", "", 0}}, {{"d", "decimal(6,2)", "", 0}}, ColumnDrift::changed},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(static_cast<int>(admin::column_drift(c.registered, c.now)) == static_cast<int>(c.drift));
  }
}

}  // namespace
