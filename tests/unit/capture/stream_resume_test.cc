#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;
using Input = StreamDecoder::Input;

constexpr std::string_view file_name = "binlog.000001";

ResumePoint behind(const BinlogPosition& position) { return {{position.file, position.at}, {}, position.n, true}; }

/// Everything from `log` behind a resume point, and the positions.
RecordingSink resumed(const LogScript& log, ResumePoint point, std::size_t first = 0) {
  Scene scene;
  scene.decoder.resume_at(std::move(point));
  if (first != 0) {
    scene.feed(log.events()[0].bytes);
    scene.decoder.begin({std::string{file_name}, log.events()[first].at}, false);
    scene.feed(log.events()[0].bytes);
    scene.decoder.begin({std::string{file_name}, log.events()[first].at - log.events()[0].bytes.size()}, false);
    scene.feed(log.events()[0].bytes);
  }
  scene.feed(log, first);
  return scene.sink;
}

LogScript mixed_log() {
  const Row a{1, "a"}, b{2, "b"}, c{3, std::nullopt};
  LogScript inner{"8.0.45", false};
  return LogScript{}
      .event(EventType::previous_gtids, le(0, 8))
      .gtid(1)
      .query("CREATE TABLE t (id int)")
      .gtid(2)
      .begin()
      .map()
      .insert({a, b, c})
      .map("u", 78, Key::none)
      .insert({a}, true, 78)
      .xid()
      .gtid(3)
      .begin()
      .query("SAVEPOINT `x`")
      .xid()
      .gtid(4)
      .begin()
      .map()
      .update(a, {9, "a"})
      .map()
      .update(b, {2, "bb"})
      .map()
      .remove(c)
      .query("COMMIT")
      .map("t", 79)
      .insert({{4, "d"}}, true, 79)
      .gtid(5)
      .begin()
      .map()
      .insert({{5, "e"}}, false)
      .insert({{6, "f"}})
      .xid();
}

TEST_CASE("every record's position resumes exactly: the rest, no record less or twice, under the same positions") {
  const LogScript log = mixed_log();
  Scene whole;
  whole.feed(log);
  const auto& records = whole.sink.records;
  REQUIRE(records.size() == 11);
  for (std::size_t i = 0; i < records.size(); ++i) {
    CAPTURE(i);
    const RecordingSink rest = resumed(log, behind(records[i].position));
    REQUIRE(rest.records.size() == records.size() - i - 1);
    for (std::size_t k = 0; k < rest.records.size(); ++k) {
      CHECK(rest.records[k].text == records[i + 1 + k].text);
      CHECK(rest.records[k].position == records[i + 1 + k].position);
    }
  }
}

TEST_CASE("a start at any byte: between transactions the rest, inside one an error that names its ends") {
  const LogScript log = mixed_log();
  Scene whole;
  whole.feed(log);
  const auto& records = whole.sink.records;
  std::set<std::uint64_t> begins{log.end()};
  for (const auto& event : log.events())
    if (event.bytes[4] == static_cast<char>(EventType::gtid)) begins.insert(event.at);
  begins.insert(log.events()[log.events().size() - 8].at);  // rows without a GTID
  std::size_t refused = 0;
  for (std::uint64_t at = *begins.begin(); at <= log.end(); ++at) {
    CAPTURE(at);
    const auto left = std::count_if(records.begin(), records.end(), [&](const auto& record) { return record.position.at >= at; });
    std::size_t seen = 0;
    const std::string error = error_of([&] { seen = resumed(log, {{std::string{file_name}, at}, {}, 0, false}).records.size(); });
    if (begins.contains(at)) {
      CHECK(seen == static_cast<std::size_t>(left));
      continue;
    }
    CHECK(error.find("MYC1209") != std::string::npos);
    ++refused;
  }
  CHECK(refused > 500);
}

TEST_CASE("the same when the stream begins right at the position's transaction") {
  const LogScript log = mixed_log();
  Scene whole;
  whole.feed(log);
  const auto& records = whole.sink.records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    CAPTURE(i);
    std::size_t first = 1;
    while (log.events()[first].at != records[i].position.at) ++first;
    const RecordingSink rest = resumed(log, behind(records[i].position), first);
    REQUIRE(rest.records.size() == records.size() - i - 1);
    for (std::size_t k = 0; k < rest.records.size(); ++k) CHECK(rest.records[k].text == records[i + 1 + k].text);
  }
}

TEST_CASE("positions are unique and survive their text") {
  Scene whole;
  whole.feed(mixed_log());
  std::map<std::string, std::size_t> seen;
  for (const auto& record : whole.sink.records) {
    const std::string text = to_text(Position{record.position});
    ++seen[text];
    CHECK(parse_position(text) == Position{record.position});
  }
  CHECK(seen.size() == whole.sink.records.size());
}

TEST_CASE("where a stream joins") {
  const LogScript log = mixed_log();
  const auto at = [&](std::size_t index) { return LogPlace{std::string{file_name}, log.events()[index].at}; };
  const auto count_behind = [&](const LogPlace& place, std::string_view gtids = {}) {
    ResumePoint point;
    point.place = place;
    point.gtids = binlog::MysqlGtidSet::parse(gtids);
    return resumed(log, point).records.size();
  };
  CHECK(count_behind({}) == 11);
  CHECK(count_behind(at(11)) == 7);  // at the third transaction
  CHECK(count_behind({"binlog.000000", 4'000}) == 11);
  CHECK(count_behind({"binlog.000002", 4}) == 0);
  CHECK(count_behind({}, std::string{test_uuid} + ":1-3") == 7);
}

TEST_CASE("a position of another history is refused") {
  const LogScript log = mixed_log();
  const std::uint64_t second = log.events()[4].at;
  struct Case {
    const char* file;
    std::uint64_t at, delivered;
    bool refused;
  };
  const Case cases[] = {
      {"binlog.000001", second, 4, false}, {"binlog.000001", second + 1, 1, true}, {"binlog.000001", second - 1, 1, true},
      {"binlog.000000", second, 1, true},  {"binlog.000001", second, 5, true},  // it has only four
  };
  for (const Case& c : cases) {
    CAPTURE(c.at);
    ResumePoint point;
    point.place.file = c.file;
    point.place.at = c.at;
    point.delivered = c.delivered;
    point.exact = true;
    const std::string error = error_of([&] { resumed(log, point); });
    CHECK(error.substr(0, 7) == (c.refused ? "MYC1208" : ""));
  }
}

TEST_CASE("a link that is lost again before the rest came still knows what was delivered") {
  const LogScript log = LogScript{}.gtid(1).begin().map().insert({{1, "a"}, {2, "b"}}, false).insert({{3, "c"}, {4, "d"}}).xid();
  const auto cut = [](Scene& scene) {
    const ResumePoint point = scene.decoder.rejoin();
    scene.decoder.begin(point.place, false);
    scene.decoder.resume_at(point);
  };
  // Events that come in each attempt before the link is lost.
  for (const std::vector<std::size_t>& attempts :
       std::vector<std::vector<std::size_t>>{{6}, {5, 0}, {6, 1, 0}, {6, 5, 2}, {6, 5, 5, 4}, {5, 6, 5}, {4, 5}}) {
    Scene scene;
    for (const std::size_t count : attempts) {
      for (std::size_t i = 0; i < count; ++i) {
        if (i == 0 && scene.stats.events != 0) scene.decoder.begin({std::string{file_name}, 4}, false);
        scene.feed(log.events()[i].bytes);
      }
      cut(scene);
    }
    scene.decoder.begin({std::string{file_name}, 4}, false);
    scene.feed(log);
    CHECK(scene.texts() == Texts{"+shop.t (1,a)", "+shop.t (2,b)", "+shop.t (3,c)", "+shop.t (4,d)"});
  }
}

/// A server's event: position given by hand.
std::string sent(EventType type, std::string_view body, std::uint64_t end_pos, unsigned flags = 0,
                 std::uint32_t created_at_s = 1'700'000'000) {
  return le(created_at_s, 4) + static_cast<char>(type) + le(9, 4) + le(19 + body.size(), 4) + le(end_pos, 4) + le(flags, 2) +
         std::string{body};
}
std::string unsummed_description(std::uint64_t end_pos) {
  std::string bytes = LogScript{"10.11.6-MariaDB", false}.events()[0].bytes;
  bytes.replace(13, 4, le(end_pos, 4));
  const std::string summed = bytes.substr(0, bytes.size() - 4);
  return summed + le(libdeflate_crc32(0, summed.data(), summed.size()), 4);
}

/// `scene` as after the start of a dump from `at`.
void start_dump(Scene& scene, std::uint64_t at) {
  scene.decoder.begin({std::string{file_name}, at}, true);
  scene.feed(sent(EventType::rotate, le(at, 8) + std::string{file_name}, 0, binlog::flag_artificial, 0));
  scene.feed(unsummed_description(at == 4 ? 4 + 252 : 0));
}
const std::string maria_gtid_body = le(7, 8) + le(0, 4) + byte(0) + std::string(6, '\0');

TEST_CASE("places of a dump: 32-bit ends, ends left out, wraps at 4 GiB") {
  constexpr std::uint64_t four_gib = std::uint64_t{1} << 32;
  for (const std::uint64_t start : {std::uint64_t{1000}, four_gib - 10, four_gib + 500, 3 * four_gib - 30}) {
    CAPTURE(start);
    for (const bool told : {true, false}) {
      Scene scene{{}, Input::server};
      start_dump(scene, start);
      CHECK(scene.decoder.place().at == start);
      std::uint64_t at = start;
      const auto feed = [&](EventType type, const std::string& body) {
        at += 19 + body.size();
        scene.feed(sent(type, body, told ? at & 0xFFFF'FFFF : 0));
        CHECK(scene.decoder.place().at == at);
      };
      feed(EventType::mariadb_gtid, maria_gtid_body);
      CHECK(scene.decoder.transaction_place().at == start);
      feed(EventType::table_map, map_body());
      feed(EventType::write_rows, rows_head(77, true) + image({1, "a"}));
      feed(EventType::xid, le(1, 8));
      REQUIRE(scene.sink.records.size() == 1);
      CHECK(scene.sink.records[0].position.at == start);
      CHECK(scene.sink.records[0].transaction.id == "0-9-7");
    }
  }
}

TEST_CASE("what is not in the file moves no place, rotates name the next") {
  Scene scene{{}, Input::server};
  start_dump(scene, 1000);
  scene.feed(sent(EventType::heartbeat, file_name, 0, 0, 0));
  scene.feed(sent(EventType::gtid_list, le(0, 4), 0, binlog::flag_artificial));
  CHECK(scene.decoder.place().at == 1000);
  scene.feed(sent(EventType::rotate, le(4, 8) + "binlog.000002", 1100));
  CHECK(scene.decoder.place() == LogPlace{"binlog.000002", 4});
  scene.feed(sent(EventType::rotate, le(4, 8) + "binlog.000002", 0, binlog::flag_artificial, 0));
  scene.feed(unsummed_description(256));
  CHECK(scene.decoder.place() == LogPlace{"binlog.000002", 256});
  CHECK_THROWS_AS(scene.feed(sent(EventType::rotate, le(4, 8), 0, binlog::flag_artificial)), Error);
}

TEST_CASE("heartbeats move the place only forward, in the same file, between transactions") {
  constexpr std::uint64_t high = (std::uint64_t{1} << 32) + 77;
  const auto beat = [](std::uint64_t at, std::string_view name) { return sent(EventType::heartbeat, name, at, 0, 0); };
  Scene scene{{}, Input::server};
  start_dump(scene, 1000);
  scene.feed(beat(900, file_name));
  CHECK(scene.decoder.place().at == 1000);
  scene.feed(beat(1200, "binlog.000009"));
  CHECK(scene.decoder.place().at == 1000);
  scene.feed(beat(1200, file_name));
  CHECK(scene.decoder.place().at == 1200);
  scene.feed(sent(EventType::heartbeat, le(high, 8) + std::string{file_name}, 0, 0, 0));  // MariaDB beyond 4 GiB
  CHECK(scene.decoder.place().at == high);
  scene.feed(sent(EventType::mariadb_gtid, maria_gtid_body, 0));
  scene.feed(sent(EventType::heartbeat, le(high * 2, 8) + std::string{file_name}, 0, 0, 0));
  CHECK(scene.decoder.transaction_place().at == high);
  CHECK(scene.decoder.place().at == high + 19 + maria_gtid_body.size());
}

}  // namespace
}  // namespace cdc::capture
