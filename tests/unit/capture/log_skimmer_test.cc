#include "log_skimmer.h"

#include <doctest/doctest.h>

#include <string>

#include "cdc/base/error.h"
#include "exact_bytes.h"

namespace cdc::capture {
namespace {

using binlog::EventType;

std::string little_endian(std::uint64_t value, std::size_t width_bytes) {
  std::string out;
  for (std::size_t i = 0; i < width_bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

/// A whole event. Positions of headers are 1 unless artificial: the skimmer must not use them.
std::string event(EventType type, const std::string& body, bool artificial = false, std::uint64_t end_pos = 1) {
  return little_endian(1'700'000'000, 4) + static_cast<char>(type) + little_endian(1, 4) + little_endian(19 + body.size(), 4) +
         little_endian(artificial ? 0 : end_pos, 4) + little_endian(artificial ? binlog::flag_artificial : 0, 2) + body;
}

/// Of a file without checksums.
std::string description(std::uint64_t end_pos) {
  std::string version = "8.0.45";
  version.resize(50);
  return event(EventType::format_description,
               little_endian(4, 2) + version + little_endian(0, 4) + '\x13' + std::string(41, '\x08') + '\0' + std::string(4, '\0'), false,
               end_pos);
}

std::string rotate(const std::string& file, bool artificial) { return event(EventType::rotate, little_endian(4, 8) + file, artificial); }

std::string query(const std::string& schema, const std::string& sql) {
  return event(EventType::query, little_endian(7, 4) + little_endian(0, 4) + static_cast<char>(schema.size()) + little_endian(0, 2) +
                                     little_endian(0, 2) + schema + '\0' + sql);
}

/// A walk whose every event is skimmed, as a reader does it.
struct Skim {
  Skim(DdlHistory& history, LogPlace start) : walk{std::move(start)}, skimmer{history} {}
  const LogPlace& place() const { return walk.place(); }
  LogWalk walk;
  LogSkimmer skimmer;
};

void feed(Skim& skim, const std::string& bytes) {
  const ExactBytes exact{bytes};
  const auto header = skim.walk.look_at(exact);
  if (!header) return;
  skim.skimmer.on_event({skim.walk.place(), skim.walk.format(), *header, exact});
  skim.walk.pass(*header);
}

}  // namespace

TEST_CASE("DDL is found at the place of its event, in this file and the next") {
  DdlHistory history;
  Skim skimmer{history, {"binlog.000001", 4}};
  feed(skimmer, rotate("binlog.000001????", true));  // its checksum is not known yet
  feed(skimmer, description(123));
  const LogPlace first = skimmer.place();
  CHECK(first == LogPlace{"binlog.000001", 4 + description(1).size()});
  feed(skimmer, query("d", "ALTER TABLE t ADD c int"));
  CHECK_FALSE(history.changed_after("d", "t", first));
  CHECK(history.changed_after("d", "t", {first.file, first.at - 1}));

  feed(skimmer, rotate("binlog.000002", false));
  feed(skimmer, rotate("binlog.000002", true));
  CHECK(skimmer.place() == LogPlace{"binlog.000002", 4});
  feed(skimmer, description(123));
  feed(skimmer, query("d", "BEGIN"));
  feed(skimmer, query("d", "DROP TABLE u"));
  CHECK(history.changed_after("d", "u", first));
  CHECK_FALSE(history.changed_after("d", "t", skimmer.place()));
}

TEST_CASE("after a crash only the artificial rotate tells of the next file") {
  DdlHistory history;
  Skim skimmer{history, {"binlog.000001", 4}};
  feed(skimmer, rotate("binlog.000001", true));
  feed(skimmer, description(123));
  feed(skimmer, rotate("binlog.000002", true));
  CHECK(skimmer.place() == LogPlace{"binlog.000002", 4});
  feed(skimmer, rotate("binlog.000003", false));
  feed(skimmer, rotate("binlog.000003", true));
  feed(skimmer, rotate("binlog.000004", true));
  CHECK(skimmer.place() == LogPlace{"binlog.000004", 4});
}

TEST_CASE("what is not in the file moves nothing: the description sent to a start in mid-file, heartbeats, artificial events") {
  DdlHistory history;
  const LogPlace start{"binlog.000001", 5'000'000'000};
  Skim skimmer{history, start};
  feed(skimmer, rotate("binlog.000001", true));
  feed(skimmer, description(0));
  feed(skimmer, event(EventType::heartbeat, "binlog.000001"));
  feed(skimmer, event(EventType::heartbeat_v2, ""));
  feed(skimmer, event(EventType::gtid_list, little_endian(0, 4), true));
  CHECK(skimmer.place() == start);
  // MariaDB 11.4 leaves positions out of events inside transactions: they count all the same, beyond 32 bits too.
  feed(skimmer, event(EventType::xid, little_endian(1, 8), false, 0));
  CHECK(skimmer.place() == LogPlace{start.file, start.at + 27});
}

TEST_CASE("malformed events stop the search and name their place") {
  const std::string whole_query = query("d", "ALTER TABLE t ADD c int");
  for (std::size_t size = 0; size < whole_query.size(); ++size) {
    DdlHistory history;
    Skim skimmer{history, {"binlog.000001", 4}};
    feed(skimmer, description(123));
    CAPTURE(size);
    CHECK_THROWS_WITH_AS(feed(skimmer, whole_query.substr(0, size)), doctest::Contains("binlog.000001:"), Error);
  }
  DdlHistory history;
  Skim skimmer{history, {"binlog.000001", 4}};
  CHECK_THROWS_AS(feed(skimmer, description(123) + '\0'), Error);
  CHECK_THROWS_AS(feed(skimmer, event(EventType::format_description, "")), Error);
  feed(skimmer, description(123));
  CHECK_THROWS_AS(feed(skimmer, event(EventType::rotate, "1234567")), Error);
  CHECK_THROWS_AS(feed(skimmer, event(EventType::query, std::string(12, '\0'))), Error);
}

}  // namespace cdc::capture
