// Contract under fuzz: no crash, no sanitizer report. What is converted is valid UTF-8 within the promised room, and a text converts to
// what its two halves convert to, wherever both are texts.
// Input: two bytes of a collation number, little-endian (MariaDB's numbers), one byte that says where to cut, then the text.

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cdc/base/utf8.h"
#include "cdc/charset/text_charset.h"
#include "require.h"

namespace cdc::charset {
namespace {

std::optional<std::string> converted(TextCoding coding, std::string_view text) {
  const std::size_t room = utf8_max_bytes(text.size(), coding);
  const std::unique_ptr<char[]> in{new char[text.size()]}, out{new char[room]};
  std::memcpy(in.get(), text.data(), text.size());
  char* const end = convert_to_utf8(out.get(), {in.get(), text.size()}, coding);
  if (end == nullptr) return std::nullopt;
  require(static_cast<std::size_t>(end - out.get()) <= room, "the room is enough");
  std::string utf8{out.get(), end};
  require(is_valid_utf8(utf8), "UTF-8 is valid");
  return utf8;
}

void check(TextCoding coding, std::string_view text, std::size_t cut) {
  const auto whole = converted(coding, text), first = converted(coding, text.substr(0, cut)), last = converted(coding, text.substr(cut));
  if (first && last) require(whole == *first + *last, "the whole is its parts");
  std::string label;
  require(to_utf8(text, coding, label) == whole.has_value() && label == whole.value_or(""), "labels are converted alike");
}

}  // namespace
}  // namespace cdc::charset

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cdc::charset::TextCoding;
  if (size < 4) return 0;
  const TextCoding coding = cdc::charset::coding_of_collation(data[0] | std::uint32_t{data[1]} << 8, true);
  if (coding < TextCoding::ucs2) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data + 3), size - 3};
  cdc::charset::check(coding, text, data[2] % (text.size() + 1));
  return 0;
}
