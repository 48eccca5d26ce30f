#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;

const LogScript whole =
    LogScript{}.gtid(1).begin().map().insert({{1, "a"}, {2, "b"}}).map("u", 78).update({1, "a"}, {2, std::nullopt}, 78).xid();

std::string place_of(const LogScript::Event& event) { return "binlog.000001:" + std::to_string(event.at) + ":"; }

TEST_CASE("an event cut anywhere, or with a byte too many, is an error that names its own offset") {
  for (std::size_t i = 0; i < whole.events().size(); ++i) {
    const auto& event = whole.events()[i];
    for (std::size_t size = 0; size <= event.bytes.size() + 1; ++size) {
      if (size == event.bytes.size()) continue;
      Scene scene;
      for (std::size_t before = 0; before < i; ++before) scene.feed(whole.events()[before].bytes);
      std::string cut = event.bytes;
      cut.resize(size);
      const std::string error = error_of([&] { scene.feed(cut); });
      CAPTURE(i);
      CAPTURE(size);
      CHECK_MESSAGE(error.find(place_of(event)) != std::string::npos, error);
    }
  }
}

TEST_CASE("the same with a size that agrees with what is there, and no checksum: an error or a shorter event, never a read outside") {
  const LogScript log = LogScript{"8.0.45", false}
                            .gtid(1)
                            .begin()
                            .map()
                            .insert({{1, "a"}, {2, "b"}})
                            .map("u", 78)
                            .update({1, "a"}, {2, std::nullopt}, 78)
                            .xid();
  std::size_t refused = 0, accepted = 0;
  for (std::size_t i = 1; i < log.events().size(); ++i) {
    for (std::size_t size = 19; size < log.events()[i].bytes.size(); ++size) {
      Scene scene;
      for (std::size_t before = 0; before < i; ++before) scene.feed(log.events()[before].bytes);
      std::string cut = log.events()[i].bytes.substr(0, size);
      cut.replace(9, 4, le(size, 4));
      const std::string error = error_of([&] { scene.feed(cut); });
      if (!error.empty()) CHECK_MESSAGE(error.find(place_of(log.events()[i])) != std::string::npos, error);
      ++(error.empty() ? accepted : refused);
    }
  }
  CHECK(refused > 100);
  CHECK(accepted > 10);  // shorter statements, maps without their optional part, events with fewer rows
}

TEST_CASE("one wrong bit anywhere in an event with a checksum") {
  for (std::size_t i = 1; i < whole.events().size(); ++i) {
    for (std::size_t at = 0; at < whole.events()[i].bytes.size(); ++at) {
      Scene scene;
      for (std::size_t before = 0; before < i; ++before) scene.feed(whole.events()[before].bytes);
      std::string damaged = whole.events()[i].bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
      const std::string error = error_of([&] { scene.feed(damaged); });
      CAPTURE(i);
      CAPTURE(at);
      CHECK_MESSAGE(error.find(place_of(whole.events()[i])) != std::string::npos, error);
    }
  }
}

TEST_CASE("damage is called by its code") {
  struct Case {
    const char* name;
    LogScript log;
    std::string code;
  };
  const auto wrong_sum = [](LogScript log) {
    auto events = log.events();
    std::string bytes = events.back().bytes;
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return bytes;
  };
  Scene scene;
  scene.feed(LogScript{});
  CHECK(error_of([&] { scene.feed(wrong_sum(LogScript{}.gtid(1))); }).starts_with("MYC1302: "));
  CHECK(error_of([&] { Scene{}.feed(wrong_sum(LogScript{})); }).starts_with("MYC1302: "));
  const Case cases[] = {
      {"unknown type", LogScript{}.event(static_cast<EventType>(99), "x"), "MYC1301"},
      {"PARTIAL_ROW_DATA", LogScript{}.event(EventType::partial_row_data, "x"), "MYC1300"},
      {"rows of MySQL 5.1's first versions", LogScript{}.event(EventType::write_rows_v0, "x"), "MYC1303"},
      {"LOAD DATA as a statement", LogScript{}.event(EventType::execute_load_query, "x"), "MYC1500"},
      {"rotate is not looked at in files, but a short GTID is", LogScript{}.event(EventType::rotate, "x").event(EventType::gtid, "x"),
       "MYC1300"},
      {"GTID list", LogScript{"10.11.6-MariaDB"}.event(EventType::gtid_list, le(1, 4)), "MYC1300"},
      {"previous GTIDs", LogScript{}.event(EventType::previous_gtids, le(1, 8)), "MYC1300"},
      {"query", LogScript{}.event(EventType::query, "x"), "MYC1300"},
      {"an encrypted rest", LogScript{"10.11.6-MariaDB"}.event(EventType::start_encryption, "x"), "MYC1602"},
      {"more columns than the map has",
       LogScript{}.gtid(1).begin().map().event(
           EventType::write_rows, le(77, 6) + le(1, 2) + le(2, 2) + byte(3) + "\x07" + byte(0) + le(1, 4) + counted("a") + counted("b")),
       "MYC1300"},
      {"rows that do not fit the map",
       LogScript{}.gtid(1).begin().map().event(EventType::write_rows, rows_head(77, true) + byte(0) + le(1, 4) + byte(200) + "abc"),
       "MYC1305"},
      {"compressed rows that do not unpack",
       LogScript{"10.11.6-MariaDB"}.mariadb_gtid(1).map().event(EventType::write_rows_compressed_v1,
                                                                le(77, 6) + le(1, 2) + byte(2) + "\x03" + "junk"),
       "MYC1300"},
      {"an image without columns",
       LogScript{}.gtid(1).begin().map().event(EventType::write_rows, le(77, 6) + le(1, 2) + le(2, 2) + byte(2) + byte(0) + "xyz"),
       "MYC1305"},
      {"no description first", LogScript{}, ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK_MESSAGE(error_of(c.log).substr(0, 7) == c.code, error_of(c.log));
  }
  CHECK(error_of([] { Scene{}.feed(whole, 1); }).starts_with("MYC1300: binlog.000001:4: the log does not begin"));
  CHECK(error_of([] { Scene{}.feed(LogScript{}.event(EventType::start_v3, "x"), 1); }).starts_with("MYC1303: "));
}

TEST_CASE("a bad row is named by table and number, and never shown") {
  const std::string secret = "very secret";
  const std::string error = error_of(LogScript{}.gtid(1).begin().map().event(
      EventType::write_rows, rows_head(77, true) + image({1, secret}) + byte(0) + le(1, 4) + byte(19) + secret));
  CHECK(error.find("`shop`.`t` row 2 of the event") != std::string::npos);
  CHECK(error.find("secret") == std::string::npos);
}

TEST_CASE("events that carry nothing are passed over, unknown ones when the server says that they may be") {
  constexpr EventType harmless[] = {EventType::stop,
                                    EventType::intvar,
                                    EventType::rand,
                                    EventType::user_var,
                                    EventType::ignorable,
                                    EventType::transaction_context,
                                    EventType::binlog_checkpoint,
                                    EventType::begin_load_query,
                                    EventType::append_block,
                                    EventType::delete_file,
                                    EventType::aurora_padding};
  LogScript log;
  for (const EventType type : harmless) log.event(type, "\1\2\3");
  log.event(static_cast<EventType>(99), "x", binlog::flag_ignorable).gtid(1).begin().map();
  log.event(static_cast<EventType>(200), "", binlog::flag_ignorable).insert({{1, "a"}}).xid();
  Scene scene;
  scene.feed(log);
  CHECK(scene.texts() == Texts{"+shop.t (1,a)"});
  CHECK(scene.stats.ignored_events == 2);
  CHECK(scene.stats.events == log.events().size());
}

TEST_CASE("Aurora's padding fills any size, also none") {
  Scene scene;
  scene.feed(LogScript{}
                 .event(EventType::aurora_padding, "")
                 .event(EventType::aurora_padding, std::string(100'000, '\0'))
                 .gtid(1)
                 .begin()
                 .map()
                 .insert({{1, "a"}})
                 .xid());
  CHECK(scene.texts() == Texts{"+shop.t (1,a)"});
}

}  // namespace
}  // namespace cdc::capture
