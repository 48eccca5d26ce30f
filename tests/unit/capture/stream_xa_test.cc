#include <doctest/doctest.h>

#include "decoder_scene.h"
#include "start_plan.h"

namespace cdc::capture {
namespace {

using binlog::EventType;

constexpr std::string_view maria = "10.11.6-MariaDB-log";
const Row a{1, "a"}, b{2, "b"}, c{3, "c"};
const std::string tag = std::string{test_uuid} + ":";

std::string hex(std::string_view text) {
  std::string out;
  for (const char ch : text) out += fmt::format("{:02x}", static_cast<unsigned char>(ch));
  return out;
}
std::string xid(std::string_view name) { return fmt::format("X'{}',X'',1", hex(name)); }
std::string name_bytes(std::string_view name) { return le(1, 4) + le(name.size(), 4) + le(0, 4) + std::string{name}; }

LogScript& prepare(LogScript& log, std::string_view name, bool one_phase = false) {
  return log.query("XA END " + xid(name)).event(EventType::xa_prepare, byte(one_phase ? 1 : 0) + name_bytes(name));
}
/// The first group of an XA transaction, with a row of `t`.
LogScript& prepared(LogScript& log, std::uint64_t gtid, std::string_view name, const Row& row, bool one_phase = false) {
  log.gtid(gtid).query("XA START " + xid(name)).map().insert({row});
  return prepare(log, name, one_phase);
}
LogScript& commit(LogScript& log, std::uint64_t gtid, std::string_view name) { return log.gtid(gtid).query("XA COMMIT " + xid(name)); }
LogScript& rows(LogScript& log, std::uint64_t gtid, const Row& row) { return log.gtid(gtid).begin().map().insert({row}).xid(); }

std::string mariadb_xa(std::uint64_t sequence, unsigned flags, std::string_view name) {
  return le(sequence, 8) + le(0, 4) + byte(flags) + le(1, 4) + byte(static_cast<unsigned>(name.size())) + byte(0) + std::string{name};
}

void only_other(config::Settings& s) { s.tables = "shop.other"; }

TEST_CASE("rows of an XA transaction come with its XA COMMIT, as records of that group") {
  LogScript log;
  prepared(log, 1, "g", a);
  rows(log, 2, b);
  commit(log, 3, "g");
  rows(log, 4, c);
  Scene scene;
  scene.feed(log);
  REQUIRE(scene.texts() == Texts{"+shop.t (2,b)", "+shop.t (1,a)", "+shop.t (3,c)"});
  const auto& records = scene.sink.records;
  const std::string begun = fmt::format("binlog.000001:{}", log.events()[1].at);
  CHECK(records[0].position.xa == begun);
  CHECK(records[1].position.xa == begun);  // a resume in front of it needs it
  CHECK(records[2].position.xa.empty());
  CHECK(records[1].position.at == log.events()[12].at);
  CHECK(records[1].transaction.id == tag + "3");
  CHECK(records[1].position.n == 1);
  CHECK(scene.decoder.prepared().empty());
  CHECK(scene.again.reads == 0);
  CHECK_FALSE(scene.decoder.in_transaction());
}

TEST_CASE("MariaDB's form of it") {
  LogScript log{maria};
  log.event(EventType::mariadb_gtid, mariadb_xa(1, 64, "g"), 0, 9).map().insert({a});
  prepare(log, "g");
  log.mariadb_gtid(2).map().insert({b}).xid();
  log.event(EventType::mariadb_gtid, mariadb_xa(3, 128 | 1, "g"), 0, 9).query("XA COMMIT " + xid("g"));
  Scene scene;
  CHECK(scene.feed(log).texts() == Texts{"+shop.t (2,b)", "+shop.t (1,a)"});
  CHECK(scene.sink.records[1].transaction.id == "0-9-3");
}

TEST_CASE("XA ROLLBACK drops the rows; ONE PHASE commits in the group itself") {
  LogScript log;
  prepared(log, 1, "g", a).gtid(2).query("XA ROLLBACK " + xid("g"));
  prepared(log, 3, "h", b, true);
  Scene scene;
  scene.feed(log);
  CHECK(scene.texts() == Texts{"+shop.t (2,b)"});
  CHECK(scene.sink.records[0].transaction.id == tag + "3");
  CHECK(scene.sink.records[0].position.xa.empty());
  CHECK(scene.decoder.prepared().empty());
}

TEST_CASE("many may be open, and end in any order") {
  LogScript log;
  for (std::uint32_t i = 0; i < 50; ++i) prepared(log, i + 1, fmt::format("n{}", i), {i, "x"});
  Texts want;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const std::uint32_t which = i * 7 % 50;
    if (which % 5 == 0) {
      log.gtid(i + 51).query(fmt::format("XA ROLLBACK {}", xid(fmt::format("n{}", which))));
    } else {
      commit(log, i + 51, fmt::format("n{}", which));
      want.push_back(fmt::format("+shop.t ({},x)", which));
    }
  }
  Scene scene;
  CHECK(scene.feed(log).texts() == want);
  CHECK(scene.decoder.prepared().empty());
}

TEST_CASE("a restart at any record delivers each row once, reading prepared ones again") {
  LogScript log;
  prepared(log, 1, "g", a);
  rows(log, 2, b);
  log.gtid(3).query("XA START " + xid("h")).map().insert({{7, "x"}, {8, "y"}}).map().remove({9, "z"});
  prepare(log, "h");
  rows(log, 4, c);
  commit(log, 5, "h");
  rows(log, 6, {10, "u"});
  commit(log, 7, "g");
  rows(log, 8, {11, "v"});
  Scene whole;
  whole.feed(log);
  REQUIRE(whole.texts() == Texts{"+shop.t (2,b)", "+shop.t (3,c)", "+shop.t (7,x)", "+shop.t (8,y)", "-shop.t (9,z)", "+shop.t (10,u)",
                                 "+shop.t (1,a)", "+shop.t (11,v)"});
  const Texts all = whole.texts();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    const BinlogPosition position = std::get<BinlogPosition>(parse_position(to_text(whole.sink.records[i].position)));
    Scene again{{}, StreamDecoder::Input::server};
    again.again.log = log.events();
    StartPlan plan;
    plan.resume = {{position.file, position.at}, {}, position.n, true};
    plan.xa = parse_xa(position.xa);
    again.decoder.resume_at(plan.resume);
    again.decoder.set_prepared(find_prepared(again.again, plan));
    std::size_t first = 1;
    while (log.events()[first].at < position.at) ++first;
    again.feed(log.events()[0].bytes);  // a dump from there begins with the file's description
    again.feed(log, first);
    CHECK(again.texts() == Texts(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end()));
  }
}

/// The first group of an XA transaction as servers that compress transactions log it.
LogScript& prepared_in_payload(LogScript& log, std::uint64_t gtid, std::string_view name, const Row& row, bool one_phase = false) {
  LogScript inner{"8.0.45", false};
  inner.query("XA START " + xid(name)).map().insert({row});
  return log.gtid(gtid).event(EventType::transaction_payload, payload(prepare(inner, name, one_phase)));
}

TEST_CASE("in payloads of compressed transactions it is the same, from memory and read again") {
  LogScript log;
  prepared_in_payload(log, 1, "g", a);
  prepared_in_payload(log, 2, "h", b, true);
  rows(log, 3, c);
  commit(log, 4, "g");
  Scene scene;
  CHECK(scene.feed(log).texts() == Texts{"+shop.t (2,b)", "+shop.t (3,c)", "+shop.t (1,a)"});
  CHECK(scene.sink.records[1].position.xa == fmt::format("binlog.000001:{}", log.events()[1].at));
  Scene again{{}, StreamDecoder::Input::server};
  again.again.log = log.events();
  StartPlan plan;
  plan.xa = {"binlog.000001", log.events()[1].at};
  plan.resume.place = {"binlog.000001", log.events()[5].at};
  PreparedXa open = find_prepared(again.again, plan);
  CHECK(open.size() == 1);
  again.decoder.set_prepared(std::move(open));
  again.feed(log.events()[0].bytes);
  CHECK(again.feed(log, 5).texts() == Texts{"+shop.t (3,c)", "+shop.t (1,a)"});
  CHECK(again.again.reads == 2);
}

TEST_CASE("the search for open transactions ends at malformed events, and at the place it was asked for") {
  LogScript log;
  prepared(log, 1, "g", a);
  prepared(log, 2, "h", b);
  StartPlan plan;
  plan.xa = {"binlog.000001", log.events()[1].at};
  plan.resume.place = {"binlog.000001", log.events()[7].at};
  ScriptReader reader;
  reader.log = log.events();
  CHECK(find_prepared(reader, plan).oldest() == fmt::format("binlog.000001:{}", log.events()[1].at));
  CHECK(find_prepared(reader, plan).size() == 1);
  reader.gone = true;
  const LoggedLines logged;
  CHECK(find_prepared(reader, plan).empty());
  CHECK(logged.lines.size() == 1);
  const std::string whole = byte(0) + name_bytes("g");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    PreparedXa open;
    XaSkimmer skimmer{open};
    const std::string bytes = LogScript{"8.0.45", false}.event(EventType::xa_prepare, whole.substr(0, size)).events()[1].bytes;
    const ExactBytes event{bytes};
    binlog::FormatDescription plain;
    LogWalk walk{{"binlog.000001", 4}};
    const auto header = walk.look_at(event);
    REQUIRE(header);
    CHECK(error_of([&] { skimmer.on_event({walk.place(), plain, *header, event}); }).starts_with("MYC1300: binlog.000001:4: "));
  }
}

TEST_CASE("what does not fit into memory is read from the log again") {
  LogScript log;
  log.gtid(1).query("XA START " + xid("g")).event(EventType::rows_query, byte(0) + std::string(PreparedXa::held_bytes_max, 'x'));
  log.map().insert({a});
  prepare(log, "g");
  prepared(log, 2, "h", b);
  commit(log, 3, "g");
  commit(log, 4, "h");
  Scene scene;
  CHECK(scene.feed(log).texts() == Texts{"+shop.t (1,a)", "+shop.t (2,b)"});
  CHECK(scene.again.reads == 1);
  CHECK(scene.decoder.place() == LogPlace{"binlog.000001", log.end()});
}

/// A log whose transaction `g` must be read again at its end.
struct Lost {
  Lost() {
    prepared(log, 1, "g", a);
    rows(log, 2, b);
    commit(log, 3, "g");
    rows(log, 4, c);
    at = log.events()[1].at;
  }
  std::string run(Scene& scene) {
    scene.decoder.set_prepared({});
    PreparedXa open;
    open.prepare(xid("g"), {.place = {"binlog.000001", at}});
    return error_of([&] {
      for (std::size_t i = 0; i < log.events().size(); ++i) {
        if (i == 1) scene.decoder.set_prepared(std::move(open));
        if (i == 0 || i > 5) scene.feed(log.events()[i].bytes);
      }
    });
  }
  LogScript log;
  std::uint64_t at = 0;  ///< Where the group is looked for.
};

TEST_CASE("rows that cannot be read again are told, with a code, or warned of") {
  struct Case {
    std::string name, error;
    std::function<void(Lost&, Scene&)> harm;
    std::size_t delivered = 1;
  };
  const Case cases[] = {
      {"nothing is wrong", "", [](Lost&, Scene&) {}, 3},
      {"purged", "MYC1504: binlog.000001:", [](Lost&, Scene& s) { s.again.gone = true; }},
      {"another transaction stands there", "MYC1504: binlog.000001:",
       [](Lost& l, Scene& s) {
         LogScript other;
         prepared(other, 1, "h", a);
         s.again.log = other.events();
         l.at = other.events()[1].at;
       }},
      {"damaged", "MYC1302: binlog.000001:", [](Lost&, Scene& s) { s.again.log[4].bytes[25] ^= 1; }},
      {"cut short", "MYC1106: binlog.000001:", [](Lost&, Scene& s) { s.again.log.resize(5); }, 2},
  };
  for (const Case& each : cases) {
    CAPTURE(each.name);
    Lost lost;
    Scene scene;
    scene.again.log = lost.log.events();
    each.harm(lost, scene);
    const std::string error = lost.run(scene);
    CAPTURE(error);
    CHECK(error.empty() == each.error.empty());
    CHECK(error.starts_with(each.error));
    CHECK(scene.texts().front() == "+shop.t (2,b)");
    CHECK(scene.texts().size() == each.delivered);
    CHECK(scene.decoder.transaction_place().file == "binlog.000001");
  }
  Lost lost;
  const LoggedLines logged;
  Scene scene{[](config::Settings& s) { s.on_unsupported.xa_pending = config::Policy::warn; }};
  scene.again.gone = true;
  CHECK(lost.run(scene) == "");
  CHECK(scene.texts() == Texts{"+shop.t (2,b)", "+shop.t (3,c)"});
  REQUIRE(logged.lines.size() == 1);
  CHECK(logged.lines[0].starts_with("MYC1504: XA COMMIT X'67',X'',1: "));
}

TEST_CASE("the records' place is that of the XA COMMIT, whatever file the rows are from") {
  Lost lost;
  const auto& events = lost.log.events();
  PreparedXa::Transaction old{.place = {"binlog.000000", 99}, .held = true};
  for (const std::size_t i : {std::size_t{3}, std::size_t{4}})
    old.events.add(ExactBytes{events[i].bytes.substr(0, events[i].bytes.size() - 4)}, 1000);
  PreparedXa open;
  open.prepare(xid("g"), std::move(old));
  Scene scene{{}, StreamDecoder::Input::server};
  scene.decoder.set_prepared(std::move(open));
  for (std::size_t i = 0; i < events.size(); ++i)
    if (i == 0 || i > 6) scene.feed(events[i].bytes);
  REQUIRE(scene.texts() == Texts{"+shop.t (2,b)", "+shop.t (1,a)", "+shop.t (3,c)"});
  const BinlogPosition& position = scene.sink.records[1].position;
  CHECK(position.file == "binlog.000001");
  CHECK(position.at == events[12].at);
  CHECK(position.xa == "binlog.000000:99");
  CHECK(scene.sink.records[1].transaction.file == "binlog.000001");
  CHECK(scene.sink.records[2].position.file == "binlog.000001");
}

TEST_CASE("an XA COMMIT whose XA PREPARE was never seen is told; of tables that are not captured, nothing is") {
  LogScript unknown;
  commit(rows(unknown, 1, a), 2, "g");
  const std::string error = error_of(unknown);
  CHECK_MESSAGE(error.starts_with("MYC1504: binlog.000001:" + std::to_string(unknown.events().back().at)), error);
  CHECK(error.find("onUnsupported.xaPending=warn") != std::string::npos);
  CHECK(error_of(unknown, [](config::Settings& s) { s.on_unsupported.xa_pending = config::Policy::warn; }) == "");
  LogScript rolled_back;
  CHECK(error_of(rolled_back.gtid(1).query("XA ROLLBACK " + xid("g"))) == "");
  LogScript others;
  prepared(others, 1, "g", a);
  commit(others, 2, "g");
  CHECK(error_of(others, only_other) == "");
  CHECK(error_of(commit(others, 3, "g"), only_other).starts_with("MYC1504: "));
  CHECK(error_of(LogScript{}.event(EventType::xa_prepare, "x")).starts_with("MYC1300: "));
}

TEST_CASE("at another server the places mean nothing; rows in memory still come") {
  LogScript log;
  prepared(log, 1, "g", a);
  commit(log, 2, "g");
  Scene scene;
  for (std::size_t i = 0; i < log.events().size(); ++i) {
    if (i == 7) scene.decoder.prepared().leave_server();
    scene.feed(log.events()[i].bytes);
  }
  CHECK(scene.texts() == Texts{"+shop.t (1,a)"});
  Lost lost;
  Scene other;
  lost.at = 4;
  PreparedXa open;
  open.prepare(xid("g"), {.place = {}});
  CHECK(open.oldest().empty());
  other.decoder.set_prepared(std::move(open));
  CHECK(error_of([&] { other.feed(commit(rows(lost.log = LogScript{}, 1, b), 2, "g")); }).starts_with("MYC1504: "));
}

TEST_CASE("ROLLBACK TO behind rows that wait is refused as elsewhere") {
  LogScript log;
  log.gtid(1).query("XA START " + xid("g")).query("SAVEPOINT `s`").map().insert({a}).query("ROLLBACK TO `s`");
  CHECK(error_of(log).starts_with("MYC1506: "));
  CHECK(error_of(log, only_other) == "");
}

TEST_CASE("a crash leaves a group without its XA PREPARE: it is forgotten") {
  LogScript log;
  log.gtid(1).query("XA START " + xid("g")).map().insert({a});
  rows(log, 2, b);
  commit(log, 3, "g");
  CHECK(error_of(log).starts_with("MYC1504: "));
}

TEST_CASE("one warning for each that is open for an hour") {
  PreparedXa open;
  open.prepare("young", {.place = {"b.1", 4}, .prepared_at_s = 1'007'000});
  open.prepare("old", {.place = {"b.1", 5}, .prepared_at_s = 1'000'000});
  const LoggedLines logged;
  open.warn_of_old(1'003'599);
  CHECK(logged.lines.empty());
  open.warn_of_old(1'003'660);
  open.warn_of_old(1'009'000);
  REQUIRE(logged.lines.size() == 1);
  CHECK(logged.lines[0].find("transaction old is prepared since 61 minutes") != std::string::npos);
  CHECK(open.oldest() == "b.1:4");
  open.erase("young");
  CHECK(open.oldest() == "b.1:5");
  open.erase("nobody");
  CHECK(open.size() == 1);
}

TEST_CASE("events that are held come back as they were, or not at all") {
  HeldEvents held;
  held.add(ExactBytes{"abc"}, 20);
  held.add(ExactBytes{""}, 20);
  held.add(ExactBytes{"de"}, 20);
  Texts seen;
  held.for_each([&](std::span<const std::byte> event) { seen.emplace_back(reinterpret_cast<const char*>(event.data()), event.size()); });
  CHECK(seen == Texts{"abc", "", "de"});
  CHECK(held.whole());
  held.add(ExactBytes{"x"}, 20);
  CHECK_FALSE(held.whole());
  CHECK(held.size_bytes() == 0);
  held.add(ExactBytes{"x"}, 100);
  CHECK(held.size_bytes() == 0);
}

}  // namespace
}  // namespace cdc::capture
