#include "cdc/model/position.h"

#include <doctest/doctest.h>

#include <string>

#include "cdc/base/error.h"

namespace cdc {
namespace {

BinlogPosition full() {
  BinlogPosition out;
  out.gtid = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,0a1b2c3d-0000-0000-0000-000000000001:tag:7";
  out.server = "0a1b2c3d";
  out.file = "binlog.000123";
  out.at = 5'000'000'000;
  out.n = 17;
  out.rules = "89abcdef";
  return out;
}

const char* const full_text =
    R"({"v":1,"engine":"binlog","gtid":"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,0a1b2c3d-0000-0000-0000-000000000001:tag:7",)"
    R"("server":"0a1b2c3d","file":"binlog.000123","at":5000000000,"n":17,"rules":"89abcdef"})";

ChangelogPosition changelog() {
  ChangelogPosition out;
  out.epoch = "0f3a6c1e-71ca-11e1-9e33-c80aa9429562";
  out.seq = 1234;
  out.id = 1250;
  out.n = 2;
  out.rules = "89abcdef";
  return out;
}

/// Message of the error, or nothing.
std::string refusal(std::string_view text) {
  try {
    parse_position(text);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::position_invalid);
    CHECK(error.remedy() == Remedy::operate);
    CHECK_FALSE(error.cure().empty());
    return std::string{error.message()};
  }
  return {};
}

}  // namespace

TEST_CASE("positions as text") {
  BinlogPosition gtid_only, file_only = full(), named = full(), prepared = full();
  gtid_only.gtid = "0-1-7,1-1-3";
  file_only.gtid = file_only.server = file_only.rules = "";
  prepared.xa = "binlog.000122:4711";
  named.file = "bin\"log\\1\t\x01.é";
  named.at = ~std::uint64_t{0};
  named.n = ~std::uint64_t{0};
  ChangelogPosition largest = changelog(), in_snapshot = changelog(), begun;
  largest.seq = largest.id = largest.n = ~std::uint64_t{0};
  in_snapshot.snap = {"0f3a", {"shop", "orders"}, {}};
  begun.epoch = "e";
  struct Case {
    std::string name;
    Position position;
    std::string text;
  };
  const Case cases[] = {
      {"changelog", changelog(),
       R"({"v":1,"engine":"trigger","epoch":"0f3a6c1e-71ca-11e1-9e33-c80aa9429562","seq":1234,"id":1250,"n":2,"rules":"89abcdef"})"},
      {"changelog, largest numbers", largest,
       R"({"v":1,"engine":"trigger","epoch":"0f3a6c1e-71ca-11e1-9e33-c80aa9429562","seq":18446744073709551615,"id":18446744073709551615,)"
       R"("n":18446744073709551615,"rules":"89abcdef"})"},
      {"changelog, in a snapshot", in_snapshot,
       R"({"v":1,"engine":"trigger","epoch":"0f3a6c1e-71ca-11e1-9e33-c80aa9429562","seq":1234,"id":1250,)"
       R"("snap":{"id":"0f3a","done":["shop","orders"]},"n":2,"rules":"89abcdef"})"},
      {"changelog, at its begin", begun, R"({"v":1,"engine":"trigger","epoch":"e","seq":0,"id":0,"n":0})"},
      {"nothing known", std::monostate{}, ""},
      {"everything known", full(), full_text},
      {"GTID set alone", gtid_only, R"({"v":1,"engine":"binlog","gtid":"0-1-7,1-1-3","n":0})"},
      {"file alone", file_only, R"({"v":1,"engine":"binlog","file":"binlog.000123","at":5000000000,"n":17})"},
      {"an XA transaction open", prepared,
       R"({"v":1,"engine":"binlog","gtid":"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,0a1b2c3d-0000-0000-0000-000000000001:tag:7",)"
       R"("server":"0a1b2c3d","file":"binlog.000123","at":5000000000,"xa":"binlog.000122:4711","n":17,"rules":"89abcdef"})"},
      {"file name with every kind of character, largest numbers", named,
       R"({"v":1,"engine":"binlog","gtid":"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5,0a1b2c3d-0000-0000-0000-000000000001:tag:7",)"
       R"("server":"0a1b2c3d","file":"bin\"log\\1\t\u0001.é","at":18446744073709551615,"n":18446744073709551615,"rules":"89abcdef"})"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(to_text(c.position) == c.text);
    CHECK((parse_position(c.text) == c.position));
  }
}

TEST_CASE("a transaction's text is rendered once, around the record number") {
  PositionText text;
  text.render(full());
  CHECK(text.before_n() + "17" + text.after_n() == full_text);
  const char* const memory = text.before_n().data();
  text.render(full());
  CHECK(static_cast<const void*>(text.before_n().data()) == static_cast<const void*>(memory));
}

TEST_CASE("a text that was rendered before does not show in the next one") {
  const auto changed = [](auto&& change) {
    BinlogPosition position = full();
    change(position);
    return position;
  };
  const auto changed_entry = [](auto&& change) {
    ChangelogPosition position = changelog();
    change(position);
    return position;
  };
  const Position positions[] = {
      changelog(),
      changed_entry([](auto& p) { p.seq = 7, p.id = 9; }),
      changed_entry([](auto& p) { p.rules.clear(); }),
      changed_entry([](auto& p) {
        p.snap = {"0f3a", {}, {}};
      }),
      full(),
      changed([](auto& p) { p.gtid = "0-1-7"; }),
      changed([](auto& p) { p.file = "b.2", p.at = 4; }),
      changed([](auto& p) { p.server.clear(); }),
      changed([](auto& p) { p.file.clear(), p.at = 0; }),
      changed([](auto& p) { p.gtid.clear(), p.rules = "00000000"; }),
      changed([](auto& p) { p.rules.clear(), p.at = 7; }),
  };
  const auto borrowed = [](const Position& position) -> PositionRef {
    if (const auto* const binlog = std::get_if<BinlogPosition>(&position)) return *binlog;
    return std::get<ChangelogPosition>(position);
  };
  for (const Position& first : positions) {
    for (const Position& second : positions) {
      PositionText text;
      text.render(borrowed(first));
      text.render(borrowed(second));
      CHECK(text.before_n() + std::to_string(borrowed(second).n) + text.after_n() == to_text(second));
      CHECK((borrowed(second).copy() == second));
    }
  }
}

TEST_CASE("positions that another hand wrote") {
  struct Case {
    std::string name;
    std::string text;
  };
  const Case same[] = {
      {"white space", " \n{ \"v\" : 1 , \"engine\":\t\"binlog\",\"gtid\":\"0-1-7\",\r\"n\":0 } \n"},
      {"another order", R"({"n":0,"gtid":"0-1-7","engine":"binlog","v":1})"},
      {"escapes", R"({"v":1,"engine":"binlo\u0067","gtid":"0-1-\u0037","n":0})"},
  };
  BinlogPosition expected;
  expected.gtid = "0-1-7";
  for (const Case& c : same) {
    CAPTURE(c.name);
    CHECK((parse_position(c.text) == Position{expected}));
  }
  CHECK((parse_position(" \n") == Position{}));
}

TEST_CASE("positions refused, with the reason") {
  struct Case {
    std::string name;
    std::string text;
    std::string reason;
  };
  const Case cases[] = {
      {"not JSON", "binlog.000123:4", "not JSON"},
      {"an array", "[]", "not JSON"},
      {"nothing in it", "{}", "no field \"v\""},
      {"newer version", R"({"v":2,"engine":"binlog","gtid":"0-1-7","n":0})", "version 2 is not known"},
      {"newer version with fields we do not know", R"({"v":2,"shards":7})", "version 2 is not known"},
      {"version as text", R"({"v":"1"})", "v is not a whole number"},
      {"unknown engine", R"({"v":1,"engine":"oplog"})", "engine \"oplog\" is not known"},
      {"engine with terminal codes", "{\"v\":1,\"engine\":\"a\\u001b[2Jb\"}", "engine \"a?[2Jb\" is not known"},
      {"unknown field", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":0,"shard":7})", "unknown field \"shard\""},
      {"no engine", R"({"v":1,"gtid":"0-1-7","n":0})", "no field \"engine\""},
      {"no record number", R"({"v":1,"engine":"binlog","gtid":"0-1-7"})", "no field \"n\""},
      {"a field twice", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":0,"n":1})", "n is there twice"},
      {"neither GTID nor file", R"({"v":1,"engine":"binlog","n":0})", "neither \"gtid\" nor \"file\""},
      {"file without offset", R"({"v":1,"engine":"binlog","file":"b.1","n":0})", "belong together"},
      {"offset without file", R"({"v":1,"engine":"binlog","gtid":"0-1-7","at":4,"n":0})", "belong together"},
      {"empty file name", R"({"v":1,"engine":"binlog","file":"","at":4,"n":0})", "\"file\" is empty"},
      {"empty GTID set", R"({"v":1,"engine":"binlog","gtid":"","n":0})", "\"gtid\" is empty"},
      {"changelog without epoch", R"({"v":1,"engine":"trigger","seq":1,"id":1,"n":0})", "no field \"epoch\""},
      {"changelog without seq", R"({"v":1,"engine":"trigger","epoch":"e","id":1,"n":0})", "no field \"seq\""},
      {"changelog without id", R"({"v":1,"engine":"trigger","epoch":"e","seq":1,"n":0})", "no field \"id\""},
      {"empty epoch", R"({"v":1,"engine":"trigger","epoch":"","seq":1,"id":1,"n":0})", "\"epoch\" does not name"},
      {"epoch with a quote", R"({"v":1,"engine":"trigger","epoch":"a\"","seq":1,"id":1,"n":0})", "\"epoch\" does not name"},
      {"epoch of 37 letters", R"({"v":1,"engine":"trigger","epoch":"0123456789012345678901234567890123456","seq":1,"id":1,"n":0})",
       "\"epoch\" does not name"},
      {"a changelog's file", R"({"v":1,"engine":"trigger","epoch":"e","seq":1,"id":1,"file":"b.1","at":4,"n":0})",
       "\"file\" does not belong"},
      {"a binlog's seq", R"({"v":1,"engine":"binlog","gtid":"0-1-7","seq":1,"n":0})", "\"seq\" does not belong"},
      {"negative number", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":-1})", "n is not a whole number"},
      {"fraction", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":1.5})", "not JSON"},
      {"exponent", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":1e3})", "not JSON"},
      {"leading zero", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":01})", "n is not a whole number"},
      {"number of 65 bits", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":18446744073709551616})", "n is not a whole number"},
      {"server too short", R"({"v":1,"engine":"binlog","gtid":"0-1-7","server":"0a1b2c3","n":0})", "server is not 8"},
      {"rules in capitals", R"({"v":1,"engine":"binlog","gtid":"0-1-7","rules":"89ABCDEF","n":0})", "rules is not 8"},
      {"null", R"({"v":1,"engine":"binlog","gtid":null,"n":0})", "not JSON"},
      {"trailing comma", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":0,})", "not JSON"},
      {"text after it", R"({"v":1,"engine":"binlog","gtid":"0-1-7","n":0} x)", "text after"},
      {"line break in a string", "{\"v\":1,\"engine\":\"bin\nlog\"}", "control character"},
      {"unknown escape", R"({"v":1,"engine":"\x"})", "unknown escape"},
      {"nothing after a backslash", "{\"v\":1,\"engine\":\"\\", "unknown escape"},
      {"escape of letters beyond ASCII", R"({"v":1,"engine":"\u00e9"})", "beyond ASCII"},
      {"escape with a sign", R"({"v":1,"engine":"\u-001"})", "beyond ASCII"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string message = refusal(c.text);
    CAPTURE(message);
    CHECK(message.find(c.reason) != std::string::npos);
  }
}

TEST_CASE("every truncation of a position is refused") {
  const std::string whole = full_text;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string cut = whole.substr(0, size);
    CHECK_FALSE(refusal(cut).empty());
  }
}

TEST_CASE("a huge unknown name makes no huge message") { CHECK(refusal("{\"" + std::string(100'000, 'x') + "\":1}").size() < 200); }

}  // namespace cdc
