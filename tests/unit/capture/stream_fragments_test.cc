#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;

const std::string version = "12.3.1-MariaDB";

/// One insert as a whole event. Without a sum its size does not count one, or does where `told`.
std::string rows_event(bool summed, bool told = false) {
  LogScript log{version, summed || told};
  log.insert({{1, "a"}, {2, "b"}});
  std::string out = log.events().back().bytes;
  return summed == told || summed ? out : out.substr(0, out.size() - binlog::checksum_size_bytes);
}

std::string piece(std::size_t total, std::size_t number, std::string_view chunk, std::size_t whole = 0) {
  return le(total, 4) + le(number, 4) + byte(whole != 0 ? 1 : 0) + (whole != 0 ? le(whole, 8) : std::string{}).append(chunk);
}

LogScript opened() { return LogScript{version}.mariadb_gtid(1).map(); }

/// `event` in `count` pieces behind a map.
LogScript in_pieces(const std::string& event, std::size_t count) {
  LogScript log = opened();
  const std::size_t size = (event.size() + count - 1) / count;
  for (std::size_t i = 0; i < count; ++i)
    log.event(EventType::partial_row_data,
              piece(count, i + 1, event.substr(std::min(i * size, event.size()), size), i == 0 ? event.size() : 0));
  return log;
}

Texts texts_of(const LogScript& log) {
  Scene scene;
  scene.feed(log);
  return scene.texts();
}

TEST_CASE("a rows event in pieces gives the same changes as the whole") {
  const Texts whole{"+shop.t (1,a)", "+shop.t (2,b)"};
  struct Case {
    std::string name;
    std::string event;
  };
  const Case cases[] = {{"with its sum", rows_event(true)},
                        {"without sum", rows_event(false)},
                        {"without a sum that its size counts", rows_event(false, true)}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    for (std::size_t count = 1; count <= c.event.size(); ++count) CHECK(texts_of(in_pieces(c.event, count).xid()) == whole);
  }
}

TEST_CASE("a changed event between the pieces, or none behind them") {
  const std::string event = rows_event(true);
  const std::size_t half = event.size() / 2;
  const LogScript begun = opened().event(EventType::partial_row_data, piece(2, 1, event.substr(0, half), event.size()));
  CHECK(error_of(LogScript{begun}.xid()).find("XID_EVENT where a piece of a rows event must follow") != std::string::npos);
  CHECK(error_of(LogScript{begun}.insert({{1, "a"}})).starts_with("MYC1300: "));
  CHECK(error_of(LogScript{begun}.event(EventType::partial_row_data, piece(2, 1, "x"))).starts_with("MYC1300: "));
  LogScript beat = begun;
  beat.event(EventType::heartbeat, "binlog.000001").event(EventType::partial_row_data, piece(2, 2, event.substr(half))).xid();
  CHECK(texts_of(beat).size() == 2);
  Scene again;  // A new dump of the same log begins with the transaction.
  again.feed(begun);
  again.decoder.begin({"binlog.000001", 4}, true);
  again.feed(in_pieces(event, 2).xid());
  CHECK(again.texts().size() == 2);
}

TEST_CASE("what the pieces make is a rows event of its size") {
  const std::string event = rows_event(true);
  std::string other = event;
  other[4] = static_cast<char>(EventType::xid);
  for (const std::string& bad : {event.substr(0, 18), event.substr(0, event.size() - 1), event + "x", event.substr(1), other})
    CHECK(error_of(in_pieces(bad, 2)).starts_with("MYC1300: "));
}

TEST_CASE("pieces before the start are passed over") {
  const LogScript first = in_pieces(rows_event(true), 3).xid();
  LogScript log = first;
  log.mariadb_gtid(2).map().insert({{3, "c"}}).xid();
  Scene scene;
  scene.decoder.resume_at({{"binlog.000001", first.end()}, {}, 0, false});
  CHECK(scene.feed(log).texts() == Texts{"+shop.t (3,c)"});
}

}  // namespace
}  // namespace cdc::capture
