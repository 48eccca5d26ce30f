#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "fake_server.h"

namespace cdc::mysql {
namespace {

void send_columns(FakeLink& link) {
  link.send_packet("\1");                                                        // one column
  link.send_packet({"\3def\0\0\0\1a\0\x0c\x2d\0\x04\0\0\0\xfd\0\0\0\0\0", 23});  // of text
  link.send_packet({"\xfe\0\0\2\0", 5});
}

std::string row_of(const std::string& text) {
  const std::optional<std::string_view> fields[] = {text};
  std::string out;
  pack_row(out, fields);
  return out;
}

/// The texts that came, and how many rows each block had.
struct Taken {
  std::vector<std::string> texts;
  std::vector<std::size_t> blocks;

  void operator()(PackedRows rows) {
    blocks.push_back(rows.size());
    for (const PackedRow row : rows) {
      FieldReader reader{row};
      std::string_view text;
      REQUIRE(reader.next(text) == FieldReader::Found::text);
      CHECK(reader.at_end());
      texts.emplace_back(text);
    }
  }
};

/// Serves one result and, to show that the connection goes on, another.
struct Scene {
  std::vector<std::string> sent;
  FakeServer server{[this](FakeLink& link) {
    if (!link.log_in(make_greeting(false))) return;
    while (link.serve_until("\3SELECT")) {
      send_columns(link);
      for (const std::string& text : sent) link.send_packet(row_of(text));
      link.send_packet({"\xfe\0\0\2\0", 5});
    }
  }};
};

}  // namespace

TEST_CASE("rows come as they were sent, in blocks, again and again on one connection") {
  Scene scene;
  for (int i = 0; i < 3000; ++i) scene.sent.push_back("row " + std::to_string(i));
  scene.sent.emplace_back(200'000, 'x');  // larger than the read buffer
  scene.sent.emplace_back();
  scene.sent.emplace_back("\xfe\xff begins like an end");
  Connection connection{scene.server.endpoint(), {}};
  for (int round = 0; round < 3; ++round) {
    Taken taken;
    connection.query_packed("SELECT a", std::ref(taken));
    CHECK(taken.texts == scene.sent);
    for (const std::size_t rows : taken.blocks) CHECK(rows <= 1024);
    CHECK(connection.query_value("SELECT a") == "row 0");  // the connector reads in between
  }
}

TEST_CASE("a result without rows makes no block") {
  Scene scene;
  Connection connection{scene.server.endpoint(), {}};
  Taken taken;
  connection.query_packed("SELECT a", std::ref(taken));
  CHECK(taken.blocks.empty());
}

TEST_CASE("what may go wrong within a result") {
  struct Case {
    std::string name;
    std::vector<std::string> packets;  ///< Behind a first row.
    ErrorCode code;
    bool usable;  ///< The connection goes on.
  };
  const std::string error = "\xff" + std::string{"\x25\x05", 2} + "#70100interrupted";
  const std::vector<Case> cases{{"the server's error", {error}, ErrorCode::query_failed, true},
                                {"the link ends", {}, ErrorCode::connection_lost, false},
                                {"a packet of nothing", {""}, ErrorCode::connection_lost, false}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    FakeServer server{[&](FakeLink& link) {
      if (!link.log_in(make_greeting(false)) || !link.serve_until("\3SELECT")) return;
      send_columns(link);
      link.send_packet(row_of("first"));
      for (const std::string& packet : c.packets) link.send_packet(packet);
      if (c.usable) link.serve_until("\3never");
    }};
    Connection connection{server.endpoint(), {}};
    Taken taken;
    try {
      connection.query_packed("SELECT a", std::ref(taken));
      FAIL_CHECK("no error");
    } catch (const Error& found) {
      CAPTURE(std::string{found.what()});
      CHECK(found.code() == c.code);
    }
    if (c.usable)
      CHECK_NOTHROW(connection.query("SET a = 1"));
    else
      CHECK_THROWS_AS(connection.query("SET a = 1"), const Error&);
  }
}

TEST_CASE("a taker that throws ends the connection, not the program") {
  FakeServer server{[](FakeLink& link) {
    if (!link.log_in(make_greeting(false)) || !link.serve_until("\3SELECT")) return;
    send_columns(link);
    link.send_packet(row_of("x"));
    link.read_rest();  // no end of the result: who waits for it waits for ever
  }};
  Connection connection{server.endpoint(), {}};
  CHECK_THROWS_AS(connection.query_packed("SELECT a",
                                          [](PackedRows) {
                                            throw Error{ErrorCode::usage, Remedy::fix, "enough"};
                                          }),
                  const Error&);
  CHECK_THROWS_AS(connection.query("SELECT 1"), const Error&);
}

}  // namespace cdc::mysql
