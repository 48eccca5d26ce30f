#include "start_plan.h"

#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using Input = StreamDecoder::Input;

ServerFacts facts_of(mysql::Flavor flavor, bool gtid) {
  ServerFacts out;
  out.version.flavor = flavor;
  out.gtid = gtid;
  out.fingerprint = "0a1b2c3d";
  return out;
}
const ServerFacts with_gtids = facts_of(mysql::Flavor::mysql, true), without_gtids = facts_of(mysql::Flavor::mysql, false),
                  maria = facts_of(mysql::Flavor::mariadb, true);

TEST_CASE("the dump command's own fields") {
  const std::string set = std::string{test_uuid} + ":1-5";
  const auto dump = [](const StartPlan& plan, const ServerFacts& facts) {
    mysql::DumpOptions out;
    set_dump_start(plan, facts, out);
    return out;
  };
  StartPlan plan;
  plan.place = {"binlog.000003", 1234};
  CHECK(dump(plan, without_gtids).at == 1234);
  CHECK(dump(plan, with_gtids).at == 4);  // from the head, where the set before the place is told
  CHECK_FALSE(dump(plan, with_gtids).gtid_start);
  plan.gtid_known = true;
  plan.gtid = set;
  CHECK(dump(plan, with_gtids).at == 1234);
  CHECK(dump(plan, with_gtids).file == "binlog.000003");
  plan.place.at = (std::uint64_t{1} << 32) - 1;
  CHECK(dump(plan, with_gtids).at == 0xFFFF'FFFF);
  plan.place.at = std::uint64_t{1} << 32;
  CHECK(dump(plan, with_gtids).at == 4);  // the command cannot say it
  CHECK(dump(plan, without_gtids).at == 4);
  plan.by_gtid = true;
  CHECK(dump(plan, with_gtids).gtid_start);
  CHECK(dump(plan, with_gtids).mysql_gtid_wire == binlog::MysqlGtidSet::parse(set).to_wire());
  plan.gtid = "0-1-7";
  CHECK(dump(plan, maria).mariadb_gtid == "0-1-7");
  CHECK(dump(plan, maria).mysql_gtid_wire.empty());
}

/// A decoder to which the first `count` events of `log` came.
struct Stopped {
  Stopped(const LogScript& log, std::size_t count, const ResumePoint& point = {}) : scene{{}, Input::server} {
    scene.decoder.resume_at(point);
    for (std::size_t i = 0; i < count; ++i) scene.feed(log.events()[i].bytes);
  }
  Scene scene;
};
const LogScript plain = LogScript{"5.7.40"}
                            .begin()
                            .map("t", 77, Key::none)
                            .insert({{1, "a"}, {2, "b"}})
                            .query("COMMIT")
                            .begin()
                            .map("t", 77, Key::none)
                            .insert({{3, "c"}})
                            .query("COMMIT");
const LogScript numbered = LogScript{}
                               .event(binlog::EventType::previous_gtids, le(0, 8))
                               .gtid(1)
                               .begin()
                               .map()
                               .insert({{1, "a"}, {2, "b"}})
                               .xid()
                               .gtid(2)
                               .begin()
                               .map()
                               .insert({{3, "c"}})
                               .xid();

TEST_CASE("a lost link goes on at the open transaction, or behind the last one") {
  struct Case {
    std::string name;
    const LogScript& log;
    std::size_t count;
    std::uint64_t at, delivered;
    bool by_gtid;
    std::string gtid;
  };
  const std::string first = std::string{test_uuid} + ":1";
  const Case cases[] = {
      {"before anything", plain, 0, 4, 0, false, ""},
      {"BEGIN came", plain, 2, plain.events()[1].at, 0, false, ""},
      {"rows came", plain, 4, plain.events()[1].at, 2, false, ""},
      {"between transactions", plain, 5, plain.events()[5].at, 0, false, ""},
      {"in the second", plain, 8, plain.events()[5].at, 1, false, ""},
      {"GTIDs, rows came, the set is empty", numbered, 6, numbered.events()[2].at, 2, false, ""},
      {"GTIDs, between", numbered, 7, numbered.events()[7].at, 0, true, first},
      {"GTIDs, in the second", numbered, 11, numbered.events()[7].at, 1, true, first},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Stopped stopped{c.log, c.count};
    const StartPlan plan = plan_resume(&c.log == &numbered ? with_gtids : without_gtids, stopped.scene.decoder, true);
    CHECK(plan.place == LogPlace{"binlog.000001", c.at});
    CHECK(plan.resume.delivered == c.delivered);
    CHECK(plan.resume.exact == (c.delivered != 0));
    CHECK(plan.by_gtid == c.by_gtid);
    CHECK(plan.gtid == c.gtid);
    if (c.delivered != 0) CHECK(plan.resume.place == plan.place);
  }
}

TEST_CASE("lost again before the resumed transaction came, or within what was delivered before") {
  const ResumePoint point{{"binlog.000001", plain.events()[5].at}, {}, 1, true};
  for (const std::size_t count :
       {0U, 1U, 3U, 5U, 6U, 7U}) {  // nothing, the description, transactions that are passed over, the resumed one's head
    CAPTURE(count);
    Stopped stopped{plain, count, point};
    const StartPlan plan = plan_resume(without_gtids, stopped.scene.decoder, true);
    CHECK(plan.resume.delivered == 1);
    CHECK(plan.resume.exact);
    CHECK(plan.resume.place == point.place);
  }
  Stopped gone_on{plain, 9, point};
  CHECK(plan_resume(without_gtids, gone_on.scene.decoder, true).resume.delivered == 0);
}

TEST_CASE("what was to be passed over still is, when the link is lost before it came") {
  const ResumePoint point{{"binlog.000001", numbered.events()[7].at}, {}, 0, false};
  Stopped stopped{numbered, 4, point};
  const StartPlan plan = plan_resume(with_gtids, stopped.scene.decoder, true);
  CHECK(plan.resume.place == point.place);
  CHECK_FALSE(plan.resume.exact);
}

TEST_CASE("another server behind the same address goes on by GTID alone") {
  Stopped numbered_one{numbered, 11};
  const StartPlan plan = plan_resume(with_gtids, numbered_one.scene.decoder, false);
  CHECK(plan.by_gtid);
  CHECK(plan.place.file.empty());
  CHECK(plan.resume.delivered == 0);
  CHECK(plan.resume.place.file.empty());
  Stopped plain_one{plain, 8};
  CHECK(error_of([&] { plan_resume(without_gtids, plain_one.scene.decoder, false); }).starts_with("MYC1208: "));
}

}  // namespace
}  // namespace cdc::capture
