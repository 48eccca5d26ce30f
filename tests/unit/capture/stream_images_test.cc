#include <doctest/doctest.h>

#include "decoder_scene.h"
#include "json_documents_by_hand.h"

namespace cdc::capture {
namespace {

using binlog::EventType;
using config::MaskMethod;
using config::Settings;
using test::array;
using test::diff;
using test::object;

const std::string seven{"\x05\x07\x00", 3}, eight{"\x05\x08\x00", 3};
const std::string sevens = array({seven, seven, seven}), in_object = object({{"a", seven}});

enum class KeyOf { id, id_and_b, none };

/// `shop`.`t` (id INT, j JSON, k JSON, b INT).
std::string map_of_documents(KeyOf key) {
  std::string out =
      le(77, 6) + le(1, 2) + counted("shop") + '\0' + counted("t") + '\0' + byte(4) + "\x03\xf5\xf5\x03" + byte(2) + "\4\4" + byte(14);
  out += byte(1) + counted(byte(0)) + byte(4) + counted(counted("id") + counted("j") + counted("k") + counted("b"));
  return key == KeyOf::none ? out : out + byte(8) + counted(key == KeyOf::id ? byte(0) : byte(0) + byte(3));
}

std::string document(std::string_view bytes) { return le(bytes.size(), 4).append(bytes); }

/// A row of a partial update: the columns that each image has, and their bytes behind the images' NULL bits.
struct PartialRow {
  unsigned columns_before, columns_after;
  std::string before;
  std::string options;
  std::string after;

  std::string body() const {
    return le(77, 6) + le(1, 2) + le(2, 2) + byte(4) + byte(columns_before) + byte(columns_after) + byte(0) + before + options + byte(0) +
           after;
  }
};

LogScript log_of(const std::string& body, EventType type = EventType::partial_update_rows, KeyOf key = KeyOf::id) {
  return LogScript{}.gtid(1).begin().event(EventType::table_map, map_of_documents(key)).event(type, body).xid();
}

/// The changes, or the error that ends them.
std::string text_of(const LogScript& log, const std::function<void(Settings&)>& how = {}) {
  Scene scene{how};
  const std::string error = error_of([&] { scene.feed(log); });
  std::string out;
  for (const std::string& each : scene.texts()) (out += out.empty() ? "" : " ") += each;
  return out + error;
}

const std::string full_before = le(1, 4) + document(in_object) + document(sevens) + le(5, 4);
const std::string old_row = "~shop.t (1,{\"a\": 7},[7, 7, 7],5) > ";

TEST_CASE("changes to JSON documents are applied where the document before is there") {
  const std::string change_j = document(diff(0, "$.a", eight)), change_k = document(diff(2, "$[0]") + diff(1, "$[1]", eight));
  struct Case {
    std::string name;
    PartialRow row;
    std::string text;
  };
  const Case cases[] = {
      {"both", {15, 15, full_before, byte(1) + byte(3), le(1, 4) + change_j + change_k + le(5, 4)}, "(1,{\"a\": 8},[7, 8, 7],5)"},
      {"the first",
       {15, 15, full_before, byte(1) + byte(1), le(1, 4) + change_j + document(in_object) + le(5, 4)},
       "(1,{\"a\": 8},{\"a\": 7},5)"},
      {"the second",
       {15, 15, full_before, byte(1) + byte(2), le(1, 4) + document(sevens) + change_k + le(5, 4)},
       "(1,[7, 7, 7],[7, 8, 7],5)"},
      {"none", {15, 15, full_before, byte(0), le(1, 4) + document(sevens) + document(sevens) + le(6, 4)}, "(1,[7, 7, 7],[7, 7, 7],6)"},
      {"no change in the list",
       {15, 15, full_before, byte(1) + byte(1), le(1, 4) + document("") + document(sevens) + le(5, 4)},
       "(1,{\"a\": 7},[7, 7, 7],5)"},
      {"an after image of the second alone", {15, 4, full_before, byte(1) + byte(2), change_k}, "(-,-,[7, 8, 7],-)"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(text_of(log_of(c.row.body())) == old_row + c.text);
  }
}

TEST_CASE("changes without the document before stay changes and are marked") {
  const PartialRow row{1, 4, le(1, 4), byte(1) + byte(2), document(diff(0, "$[0]", eight))};
  CHECK(text_of(log_of(row.body())) == R"(~shop.t (1,-,-,-) > (-,-,diff [{"op": "replace", "path": "$[0]", "value": 8}],-))");
  const auto masked = [](Settings& s) { s.columns_mask = {{"shop.t.k", MaskMethod::last4}}; };
  CHECK(text_of(log_of(row.body()), masked) == "~shop.t (1,-,-,-) > (-,-,-,-)");
}

TEST_CASE("a masked document is masked behind its changes, one that is left out is stepped over") {
  const PartialRow row{15, 4, full_before, byte(1) + byte(2), document(diff(0, "$[0]", eight))};
  CHECK(text_of(log_of(row.body()), [](Settings& s) {
          s.columns_mask = {{"shop.t.k", MaskMethod::null}};
        }) == "~shop.t (1,{\"a\": 7},NULL,5) > (-,-,NULL,-)");
  CHECK(text_of(log_of(row.body()), [](Settings& s) { s.columns_exclude = {"shop.t.k"}; }) == "~shop.t (1,{\"a\": 7},5) > (-,-,-)");
}

TEST_CASE("changes that do not fit are refused by the column's name, nothing of them shown") {
  struct Case {
    std::string name;
    std::string list;
    std::string error;
  };
  const Case cases[] = {
      {"another document", diff(0, "$.secret", eight), "MYC1505: "},
      {"a list that is cut off", diff(0, "$.secret", eight).substr(0, 9), "MYC1305: "},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string error = text_of(log_of(PartialRow{15, 2, full_before, byte(1) + byte(1), document(c.list)}.body()));
    CHECK_MESSAGE(error.starts_with(c.error + "binlog.000001:"), error);
    CHECK(error.find("`shop`.`t` row 1 of the event: column `j`: ") != std::string::npos);
    CHECK(error.find("secret") == std::string::npos);
  }
  std::string nulls = PartialRow{15, 2, full_before, byte(1) + byte(1), document(diff(0, "$", eight))}.body();
  const std::size_t null_bits_at = 6 + 2 + 2 + 3;
  nulls = nulls.substr(0, null_bits_at) + byte(2) + le(1, 4) + document(sevens) + le(5, 4) + byte(1) + byte(1) + byte(0) +
          document(diff(0, "$", eight));
  CHECK(text_of(log_of(nulls)).starts_with("MYC1505: "));  // Nothing to change: the column was NULL.
}

TEST_CASE("every truncation of a partial update is refused, and one byte too many") {
  const std::string body =
      PartialRow{15, 15, full_before, byte(1) + byte(3), le(1, 4) + document(diff(0, "$.a", eight)) + document(diff(2, "$[0]")) + le(5, 4)}
          .body();
  REQUIRE(text_of(log_of(body)) == old_row + "(1,{\"a\": 8},[7, 7],5)");
  const std::size_t head_bytes = 6 + 2 + 2 + 3;
  for (std::size_t size = 0; size < body.size(); ++size) {
    CAPTURE(size);
    if (size == head_bytes) continue;  // No row at all.
    CHECK(text_of(log_of(body.substr(0, size))).starts_with("MYC130"));
  }
  CHECK(text_of(log_of(body + '\0')).find("MYC1305: ") != std::string::npos);
  CHECK(text_of(log_of(PartialRow{15, 15, full_before, byte(2), ""}.body())).starts_with("MYC1305: "));
  CHECK(text_of(log_of(PartialRow{15, 15, full_before, byte(0xfb), ""}.body())).starts_with("MYC1305: "));
}

TEST_CASE("a changed key takes from the image before what the one after lacks") {
  const auto body = [](unsigned columns_before, unsigned columns_after, const std::string& before, const std::string& after) {
    return le(77, 6) + le(1, 2) + le(2, 2) + byte(4) + byte(columns_before) + byte(columns_after) + byte(0) + before + byte(0) + after;
  };
  struct Case {
    std::string name;
    std::string body;
    std::string text;
  };
  const Case cases[] = {
      {"half of the key changed", body(9, 8, le(1, 4) + le(5, 4), le(6, 4)), "-kshop.t (1,-,-,5) +kshop.t (1,-,-,6)"},
      {"the whole key", body(9, 9, le(1, 4) + le(5, 4), le(2, 4) + le(6, 4)), "-kshop.t (1,-,-,5) +kshop.t (2,-,-,6)"},
      {"before is whole, after is what changed", body(15, 1, full_before, le(2, 4)),
       "-kshop.t (1,{\"a\": 7},[7, 7, 7],5) +kshop.t (2,{\"a\": 7},[7, 7, 7],5)"},
      {"no part of the key is in the image after", body(9, 2, le(1, 4) + le(5, 4), document(sevens)),
       "~shop.t (1,-,-,5) > (-,[7, 7, 7],-,-)"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(text_of(log_of(c.body, EventType::update_rows, KeyOf::id_and_b)) == c.text);
  }
}

TEST_CASE("a row without a column of its configured key is refused") {
  const auto body = [](unsigned columns_before, unsigned columns_after, const std::string& before, const std::string& after) {
    return le(77, 6) + le(1, 2) + le(2, 2) + byte(4) + byte(columns_before) + byte(columns_after) + byte(0) + before + byte(0) + after;
  };
  const auto key = [](Settings& s) { s.key_columns["shop.t"] = {"b"}; };
  const std::string in_neither = body(1, 2, le(1, 4), document(sevens));
  CHECK(text_of(log_of(in_neither, EventType::update_rows, KeyOf::none)) == "~shop.t (1,-,-,-) > (-,[7, 7, 7],-,-)");
  const std::string error = text_of(log_of(in_neither, EventType::update_rows, KeyOf::none), key);
  CHECK_MESSAGE(error.starts_with("MYC1505: binlog.000001:"), error);
  CHECK(error.find("`shop`.`t` row 1 of the event: the row was logged without the key column `b`") != std::string::npos);
  CHECK(text_of(log_of(body(1, 8, le(1, 4), le(6, 4)), EventType::update_rows, KeyOf::none), key)
            .starts_with("MYC1505: "));  // It was another.
  CHECK(text_of(log_of(body(8, 1, le(5, 4), le(1, 4)), EventType::update_rows, KeyOf::none), key) == "~shop.t (-,-,-,5) > (1,-,-,-)");
  const auto one = [](EventType type, unsigned columns, const std::string& row) {
    return log_of(le(77, 6) + le(1, 2) + le(2, 2) + byte(4) + byte(columns) + byte(0) + row, type, KeyOf::none);
  };
  CHECK(text_of(one(EventType::delete_rows, 1, le(1, 4)), key).starts_with("MYC1505: "));
  CHECK(text_of(one(EventType::write_rows, 1, le(1, 4)), key).starts_with("MYC1505: "));
  CHECK(text_of(one(EventType::write_rows, 9, le(1, 4) + le(5, 4)), key) == "+shop.t (1,-,-,5)");
}

TEST_CASE("the halves of a changed key are partial each for itself") {
  struct Flags final : ChangeSink {
    void on_change(const Change& change) override { partial.push_back(change.partial); }
    std::vector<bool> partial;
  };
  Scene scene;
  Flags flags;
  scene.decoder.emitter().set_sink(flags);
  const std::string after = le(2, 4);
  scene.feed(log_of(le(77, 6) + le(1, 2) + le(2, 2) + byte(4) + byte(15) + byte(1) + byte(0) + full_before + byte(0) + after,
                    EventType::update_rows));
  CHECK(flags.partial == std::vector<bool>{false, false});
}

}  // namespace
}  // namespace cdc::capture
