#include "cdc/mysql/packed_row.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "exact_bytes.h"

namespace cdc::mysql {
namespace {

using Found = FieldReader::Found;

struct SizeCase {
  std::string name;
  std::size_t size;
  std::size_t head_bytes;
};

TEST_CASE("a field of any size comes back, and nothing of one that is cut") {
  const std::vector<SizeCase> cases{{"empty", 0, 1},
                                    {"one byte of size, most", 250, 1},
                                    {"two bytes, least", 251, 3},
                                    {"two bytes, most", 65535, 3},
                                    {"three bytes, least", 65536, 4},
                                    {"three bytes", 70000, 4}};
  for (const SizeCase& c : cases) {
    CAPTURE(c.name);
    const std::string text(c.size, 'x');
    const std::optional<std::string_view> fields[] = {text};
    std::string packed;
    pack_row(packed, fields);
    CHECK(packed.size() == c.head_bytes + c.size);
    const ExactBytes exact{packed};
    FieldReader reader{exact};
    std::string_view found;
    REQUIRE(reader.next(found) == Found::text);
    CHECK(found == text);
    CHECK(reader.at_end());
    for (const std::size_t cut : {std::size_t{0}, c.head_bytes - 1, packed.size() - 1}) {
      const ExactBytes shorter{std::string_view{packed}.substr(0, cut)};
      if (shorter.size() != packed.size()) CHECK(FieldReader{shorter}.next(found) == Found::malformed);
    }
  }
}

TEST_CASE("sizes that are no sizes") {
  const std::vector<std::pair<std::string, std::string>> cases{{"the mark of an error", "\xff"},
                                                               {"eight bytes that wrap around",
                                                                "\xfe\xff\xff\xff\xff\xff\xff\xff\xff"
                                                                "abc"},
                                                               {"eight bytes cut", "\xfe\x01"},
                                                               {"one more than there is",
                                                                "\x03"
                                                                "ab"}};
  for (const auto& given : cases) {
    CAPTURE(given.first);
    const ExactBytes exact{given.second};
    std::string_view found;
    CHECK(FieldReader{exact}.next(found) == Found::malformed);
  }
}

TEST_CASE("NULL is not the empty text") {
  const std::optional<std::string_view> fields[] = {std::nullopt, "", std::nullopt};
  std::string packed;
  pack_row(packed, fields);
  CHECK(packed == std::string{"\xfb\0\xfb", 3});
  FieldReader reader{std::as_bytes(std::span{packed})};
  std::string_view text;
  CHECK(reader.next(text) == Found::null);
  CHECK(reader.next(text) == Found::text);
  CHECK(text.empty());
  CHECK(reader.next(text) == Found::null);
  CHECK(reader.at_end());
}

}  // namespace
}  // namespace cdc::mysql
