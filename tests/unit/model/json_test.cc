#include "cdc/model/json.h"

#include <doctest/doctest.h>

#include <string>

#include "exact_bytes.h"
#include "hex.h"
#include "json_vectors.h"

namespace cdc {
namespace {

const std::string malformed = "malformed";

std::string text_of(const ExactBytes& document) {
  OutputBuffer out;
  out.append("before ");
  const bool ok = append_json_text(out, document);
  CHECK(out.view().substr(0, 7) == "before ");
  if (!ok) CHECK(out.size() == 7);
  return std::string{ok ? out.view().substr(7) : malformed};
}

std::string text_of_hex(std::string_view digits) { return text_of(from_hex(digits)); }

std::string word(std::size_t value, std::size_t size_bytes) {
  std::string out;
  for (std::size_t i = 0; i < size_bytes; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

/// A small array of `count` elements, all of them the value `type`, `content` at one place.
std::string shared_array(std::size_t count, char type, std::string_view content) {
  const std::size_t header_bytes = 4 + 3 * count;
  std::string out = word(count, 2) + word(header_bytes + content.size(), 2);
  for (std::size_t i = 0; i < count; ++i) out += type + word(header_bytes, 2);
  return out += content;
}

/// `depth` small arrays in each other, `count` references from each to the next.
std::string nested_arrays(unsigned depth, std::size_t count) {
  std::string out = shared_array(0, 0, {});
  for (unsigned i = 1; i < depth; ++i) out = shared_array(count, 2, out);
  return '\x02' + out;
}

}  // namespace

TEST_CASE("binary JSON prints as the server prints it") {
  for (const JsonVector& v : json_vectors) {
    CAPTURE(v.sql);
    CHECK(text_of_hex(v.hex) == v.text);
  }
}

TEST_CASE("every truncation of binary JSON is refused, bytes after it are not read") {
  for (const JsonVector& v : json_vectors) {
    CAPTURE(v.sql);
    const ExactBytes whole = from_hex(v.hex);
    for (std::size_t size = 1; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK(text_of(ExactBytes{whole.span().first(size)}) == malformed);
    }
    const bool opaque_scalar = v.hex[1] == 'f';
    if (!opaque_scalar) CHECK(text_of_hex(v.hex + "00") == v.text);
  }
  CHECK(text_of(ExactBytes{}) == "null");
}

TEST_CASE("documents beyond 64 KiB use the large form") {
  struct Case {
    std::string sql;
    std::string head;
    std::string tail;
    std::string text_head;
    std::string text_tail;
  };
  const Case cases[] = {
      {"JSON_OBJECT('big', REPEAT('x', 65536), 'i', 70000, 'u', 4000000000, 'small', JSON_ARRAY(1, 70000), 'n', NULL, 'd', 1.5)",
       "0106000000750001004a00000001004b00000001004c00000001004d00000001004e00000003005100000005000f5600000007701101000400000000095c0000000"
       "c64"
       "000000026700010064696e75626967736d616c6cf6040201810500286bee00000000808004",
       "02000e00050100070a0070110100", R"({"d": 1.5, "i": 70000, "n": null, "u": 4000000000, "big": ")", R"(", "small": [1, 70000]})"},
      {"JSON_ARRAY(JSON_ARRAY(REPEAT('x', 65536), -70000), 65536, true)",
       "03030000002c00010003170000000700000100040100000002000000150001000c120000000790eefeff808004", "", R"([[")",
       R"(", -70000], 65536, true])"},
      {"JSON_ARRAY(REPEAT('x', 65536), CAST(1 AS UNSIGNED), CAST(70000 AS UNSIGNED), CAST(4294967295 AS UNSIGNED), 1)",
       "0305000000240001000c210000000601000000087011010008ffffffff0501000000808004", "", R"([")", R"(", 1, 70000, 4294967295, 1])"},
  };
  const std::string filling(65536, 'x');
  std::string digits;
  for (std::size_t i = 0; i < filling.size(); ++i) digits += "78";
  for (const Case& c : cases) {
    CAPTURE(c.sql);
    CHECK((text_of_hex(c.head + digits + c.tail) == c.text_head + filling + c.text_tail));
    CHECK(text_of_hex(c.head) == malformed);
  }
}

TEST_CASE("malformed binary JSON") {
  struct Case {
    std::string name;
    std::string hex;
    std::string text;
  };
  const Case cases[] = {
      {"unknown type", "0d00", "malformed"},
      {"unknown type inside", "020100080011070001000000", "malformed"},
      {"unknown literal", "0403", "malformed"},
      {"infinity", "0b000000000000f07f", "malformed"},
      {"not a number", "0b000000000000f87f", "malformed"},
      {"string that is not UTF-8", "0c02c328", "malformed"},
      {"UTF-8 cut by the string's end", "0c02e282", "malformed"},
      {"string length of five bytes", "0c808080800061", "\"\""},
      {"string length of six bytes", "0c80808080800061", "malformed"},
      {"string length beyond the end", "0cffffffff0f61", "malformed"},
      {"more elements than bytes", "02ffff0400", "malformed"},
      {"4,294,967,295 members", "01ffffffff08000000", "malformed"},
      {"container larger than the document", "0200000500", "malformed"},
      {"container smaller than its own header", "020100060005010000", "malformed"},
      {"value offset beyond the container", "02010007000c0800", "malformed"},
      {"value offset at the container's end", "02010007000c0700", "malformed"},
      {"value offset into the header", "020100080002040000", "malformed"},
      {"array that contains itself", "0201000700020000", "malformed"},
      {"key offset into the header", "0001000b000400010004000061", "malformed"},
      {"key beyond the container", "0001000c000b00020004000061", "malformed"},
      {"key in the last byte", "0001000c000b00010004000061", "{\"a\": null}"},
      {"key that is not UTF-8", "0001000c000b000100040000ff", "malformed"},
      {"value before its key", "0001000e000d0001000c0b00016261", "{\"a\": \"b\"}"},
      {"gap between header and key", "0001000f000e0001000507000000ee61", "{\"a\": 7}"},
      {"two elements share a string", "0202000c000c0a000c0a000161", "[\"a\", \"a\"]"},
      {"16-bit integers are inlined, 32-bit ones are not", "02020012000500800707000ab0000000", "malformed"},
      {"opaque length beyond the end", "0f0f02ca", "malformed"},
      {"opaque date of seven bytes", "0f0a070000001e9519", "malformed"},
      {"opaque date of nine bytes", "0f0a09000000001e951900", "malformed"},
      {"opaque date in a year beyond 9999", "0f0a08000000000000007f", "malformed"},
      {"opaque date before all dates", "0f0a0800000000000000ff", "malformed"},
      {"opaque datetime with a million microseconds", "0f0c0840420f000000b219", "malformed"},
      {"opaque time beyond ten bits of hours", "0f0b080000000000400000", "malformed"},
      {"opaque time, the most negative number", "0f0b080000000000000080", "malformed"},
      {"opaque decimal without shape", "0ff60102", "malformed"},
      {"opaque decimal of no digits", "0ff6020000", "malformed"},
      {"opaque decimal of 82 digits", "0ff60352008000", "malformed"},
      {"opaque decimal shorter than its shape", "0ff603040180", "malformed"},
      {"opaque of no bytes", "0fff00", "\"base64:type255:\""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(text_of_hex(c.hex) == c.text);
  }
}

TEST_CASE("the server's depth limit is ours") {
  const auto brackets = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(text_of(ExactBytes{nested_arrays(1, 1)}) == "[]");
  CHECK(text_of(ExactBytes{nested_arrays(100, 1)}) == brackets(100));
  CHECK(text_of(ExactBytes{nested_arrays(101, 1)}) == malformed);
}

TEST_CASE("a document whose offsets share bytes is cut, not unfolded") {
  CHECK(text_of(ExactBytes{nested_arrays(3, 2)}) == "[[[], []], [[], []]]");
  OutputBuffer out;
  for (const unsigned depth : {20U, 100U}) {
    CAPTURE(depth);
    const ExactBytes bomb{nested_arrays(depth, 2)};
    CHECK_FALSE(append_json_text(out, bomb));
    CHECK(out.capacity() <= 16384);
  }
  const ExactBytes wide{'\x02' + shared_array(1000, '\x0c', "\x64" + std::string(100, 'x'))};
  CHECK_FALSE(append_json_text(out, wide));
  CHECK(out.capacity() <= 65536);
}

TEST_CASE("the longest text that bytes can honestly stand for fits") {
  const std::string controls(100'000, '\x01');
  std::string expected = "\"";
  for (std::size_t i = 0; i < controls.size(); ++i) expected += "\\u0001";
  CHECK((text_of(ExactBytes{"\x0c\xa0\x8d\x06" + controls}) == expected + '"'));
}

TEST_CASE("escapes at every place in a string, around the block size") {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      CAPTURE(size);
      CAPTURE(at);
      std::string text(size, 'a');
      text[at] = '"';
      const std::string expected = '"' + std::string(at, 'a') + "\\\"" + std::string(size - at - 1, 'a') + '"';
      CHECK(text_of(ExactBytes{'\x0c' + word(size, 1) + text}) == expected);
      text[at] = '\xff';
      CHECK(text_of(ExactBytes{'\x0c' + word(size, 1) + text}) == malformed);
    }
  }
}

TEST_CASE("base64 of opaque values is broken into lines as the server breaks it") {
  const std::string line(76, 'T');
  struct Case {
    std::string name;
    std::size_t size_bytes;
    std::string text;
  };
  const Case cases[] = {{"all but one line", 54, line.substr(4)},
                        {"one line", 57, line},
                        {"one line and a byte", 58, line + "\\nTQ=="},
                        {"two lines", 114, line + "\\n" + line},
                        {"two lines and a group", 117, line + "\\n" + line + "\\nTTTT"}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    std::string data;
    while (data.size() < c.size_bytes) data += "M4\xd3";
    data.resize(c.size_bytes);
    CHECK(text_of(ExactBytes{"\x0f\x0f" + word(c.size_bytes, 1) + data}) == "\"base64:type15:" + c.text + "\"");
  }
  const std::string text = text_of(ExactBytes{"\x0f\x0f\x88\x27" + std::string(5000, 'M')});
  CHECK(text.size() == 2 + 14 + 6668 + 2 * (6668 / 76));
}

}  // namespace cdc
