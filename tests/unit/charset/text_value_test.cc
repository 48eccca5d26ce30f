#include "cdc/charset/text_value.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "hex.h"

namespace cdc::charset {
namespace {

struct ValueCase {
  std::string name;
  TextCoding coding;
  std::string hex;
  ValueKind kind;
  ValueMark mark;
  std::string data;
};

TEST_CASE("bytes of a text column as a value") {
  const std::vector<ValueCase> cases{
      {"empty", TextCoding::utf8mb4, "", ValueKind::text, ValueMark::none, ""},
      {"UTF-8", TextCoding::utf8mb4, "f09f9880", ValueKind::text, ValueMark::none, "😀"},
      {"no UTF-8", TextCoding::utf8mb4, "f09f98", ValueKind::bytes, ValueMark::invalid_text, unhex("f09f98")},
      {"four bytes where three are the most", TextCoding::utf8mb3, "f09f9880", ValueKind::bytes, ValueMark::invalid_text, "😀"},
      {"converted", TextCoding::latin1, "e480", ValueKind::text, ValueMark::none, "ä€"},
      {"ASCII needs no conversion", TextCoding::latin1, "6162", ValueKind::text, ValueMark::none, "ab"},
      {"half a unit", TextCoding::ucs2, "006100", ValueKind::bytes, ValueMark::invalid_text, unhex("006100")},
      {"bytes have no charset", TextCoding::binary, "ff00", ValueKind::bytes, ValueMark::none, unhex("ff00")},
      {"charset not told, UTF-8", TextCoding::unknown, "c3a4", ValueKind::text, ValueMark::unknown_charset, "ä"},
      {"charset not told, no UTF-8", TextCoding::unknown, "e4", ValueKind::bytes, ValueMark::invalid_text, unhex("e4")},
      {"a charset nobody knows", TextCoding::unsupported, "61", ValueKind::bytes, ValueMark::invalid_text, "a"},
  };
  for (const ValueCase& c : cases) {
    CAPTURE(c.name);
    const ExactBytes raw = from_hex(c.hex);
    Arena scratch;
    Value value;
    value.mark = ValueMark::unknown_charset;  // of the row before
    set_text_value(value, {reinterpret_cast<const char*>(raw.span().data()), raw.size()}, c.coding, scratch);
    CHECK(value.kind == c.kind);
    CHECK(value.mark == c.mark);
    CHECK(value.text() == c.data);
  }
}

}  // namespace
}  // namespace cdc::charset
