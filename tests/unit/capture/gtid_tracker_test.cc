#include "gtid_tracker.h"

#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

const std::string uuid{test_uuid};

std::string text(GtidTracker& tracker) {
  std::string out;
  tracker.append_text(out);
  return out;
}
std::string pending(const GtidTracker& tracker) {
  std::string out;
  tracker.append_pending(out);
  return out;
}
binlog::MysqlGtidEvent mysql(std::int64_t number, std::string_view tag = {}) {
  binlog::MysqlGtidEvent out;
  binlog::uuid_from_text(test_uuid, out.uuid);
  out.number = number;
  out.tag = tag;
  return out;
}

TEST_CASE("the set is the one before the pending transaction, and unknown until told") {
  GtidTracker tracker;
  CHECK_FALSE(tracker.known());
  tracker.begin(mysql(1));
  CHECK(pending(tracker) == uuid + ":1");
  tracker.commit();
  CHECK(text(tracker).empty());  // a set with a hole at its beginning must not be taken for one

  tracker.assume(uuid + ":1-4", false);
  CHECK(tracker.known());
  tracker.begin(mysql(5));
  CHECK(text(tracker) == uuid + ":1-4");
  tracker.commit();
  CHECK(text(tracker) == uuid + ":1-5");
  CHECK(pending(tracker).empty());
  tracker.commit();  // nothing pending: nothing added
  CHECK(text(tracker) == uuid + ":1-5");
}

TEST_CASE("tags, anonymous transactions, MariaDB's domains") {
  GtidTracker tracker;
  tracker.assume(binlog::MysqlGtidSet{});
  tracker.begin(mysql(3, "nightly"));
  CHECK(pending(tracker) == uuid + ":nightly:3");
  CHECK(tracker.pending_in(binlog::MysqlGtidSet::parse(uuid + ":nightly:1-3")));
  CHECK_FALSE(tracker.pending_in(binlog::MysqlGtidSet::parse(uuid + ":1-3")));
  tracker.commit();
  CHECK(text(tracker) == uuid + ":nightly:3");
  binlog::MysqlGtidEvent anonymous;
  anonymous.anonymous = true;
  tracker.begin(anonymous);
  CHECK_FALSE(tracker.has_pending());
  tracker.begin(mysql(9));
  tracker.begin_anonymous();
  tracker.commit();
  CHECK(text(tracker) == uuid + ":nightly:3");

  GtidTracker maria;
  maria.assume("0-1-7,3-2-5", true);
  maria.begin(binlog::MariadbGtid{3, 9, 18'446'744'073'709'551'615ULL});
  CHECK(pending(maria) == "3-9-18446744073709551615");
  CHECK(text(maria) == "0-1-7,3-2-5");
  maria.commit();
  CHECK(text(maria) == "0-1-7,3-9-18446744073709551615");
  maria.reset();
  CHECK_FALSE(maria.known());
  CHECK(text(maria).empty());
}

TEST_CASE("whether a goal is reached") {
  GtidTracker tracker;
  const auto goal = binlog::MysqlGtidSet::parse(uuid + ":1-5");
  CHECK_FALSE(tracker.reached(goal));
  tracker.assume(uuid + ":1-4", false);
  CHECK_FALSE(tracker.reached(goal));
  tracker.begin(mysql(5));
  CHECK_FALSE(tracker.reached(goal));
  tracker.commit();
  CHECK(tracker.reached(goal));

  GtidTracker maria;
  const auto place = binlog::MariadbGtidPosition::parse("0-1-7,1-1-2");
  CHECK_FALSE(maria.reached(place));
  maria.assume("0-9-8", true);
  CHECK_FALSE(maria.reached(place));
  maria.begin(binlog::MariadbGtid{1, 4, 2});
  maria.commit();
  CHECK(maria.reached(place));
  CHECK_THROWS_AS(maria.assume("0-1", true), Error);
  CHECK_THROWS_AS(tracker.assume("x", false), Error);
}

}  // namespace
}  // namespace cdc::capture
