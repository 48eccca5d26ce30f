#include "terminal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "cdc/base/numbers.h"
#include "cdc/base/utf8.h"

namespace cdc::cli {
namespace {

constexpr std::string_view cut_mark = "…";
constexpr std::uint32_t no_character = 0x110000;

struct Range {
  std::uint32_t first, last;
};

/// Two columns wide: East Asian scripts and pictures.
constexpr std::array<Range, 19> wide_ranges{{{0x1100, 0x115f},
                                             {0x231a, 0x231b},
                                             {0x23e9, 0x23ec},
                                             {0x2614, 0x2615},
                                             {0x26a1, 0x26a1},
                                             {0x2705, 0x2705},
                                             {0x274c, 0x274c},
                                             {0x2e80, 0x303e},
                                             {0x3041, 0xa4cf},
                                             {0xa960, 0xa97c},
                                             {0xac00, 0xd7a3},
                                             {0xf900, 0xfaff},
                                             {0xfe30, 0xfe6f},
                                             {0xff01, 0xff60},
                                             {0xffe0, 0xffe6},
                                             {0x1f300, 0x1f64f},
                                             {0x1f680, 0x1f6ff},
                                             {0x1f900, 0x1faff},
                                             {0x20000, 0x3fffd}}};
/// No column of their own: combining marks, joiners, variation selectors.
constexpr std::array<Range, 9> combining_ranges{{{0x0300, 0x036f},
                                                 {0x0483, 0x0489},
                                                 {0x0591, 0x05bd},
                                                 {0x1ab0, 0x1aff},
                                                 {0x1dc0, 0x1dff},
                                                 {0x200c, 0x200d},
                                                 {0x20d0, 0x20ff},
                                                 {0xfe00, 0xfe0f},
                                                 {0xfe20, 0xfe2f}}};
/// Never sent to a terminal as they are: controls, line separators, text that reorders or hides text.
constexpr std::array<Range, 9> unsafe_ranges{{{0x00, 0x1f},
                                              {0x7f, 0x9f},
                                              {0x061c, 0x061c},
                                              {0x200b, 0x200b},
                                              {0x200e, 0x200f},
                                              {0x2028, 0x202e},
                                              {0x2060, 0x206f},
                                              {0xfeff, 0xfeff},
                                              {0xe0000, 0xe0fff}}};

template <std::size_t size>
bool in(const std::array<Range, size>& ranges, std::uint32_t code) noexcept {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) { return code >= range.first && code <= range.last; });
}

std::size_t width_of(std::uint32_t code) noexcept { return in(combining_ranges, code) ? 0 : in(wide_ranges, code) ? 2 : 1; }

/// One character, or one byte that is none.
struct Character {
  std::uint32_t code;
  std::size_t size_bytes;
};

Character first_character(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (size > text.size() || !is_valid_utf8(text.substr(0, size))) return {no_character, 1};
  std::uint32_t code = byte(0) & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3f);
  return {code, size};
}

std::string escaped(const Character& character, char byte) {
  switch (character.code) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case no_character: return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    default: break;
  }
  if (character.code < 0x80) return fmt::format("\\x{:02x}", character.code);
  return fmt::format("\\u{{{:x}}}", character.code);
}

/// Collects characters until the columns are used up.
class Cutter {
 public:
  explicit Cutter(std::size_t columns_max) : columns_max_{columns_max} {}

  /// False when it did not fit, and then the text has been cut.
  bool add(std::string_view text, std::size_t columns) {
    if (shown_.columns + columns > columns_max_) {
      shown_.text.resize(fitting_size_);
      shown_.text += cut_mark;
      shown_.columns = fitting_columns_ + 1;
      return false;
    }
    shown_.text += text;
    shown_.columns += columns;
    if (shown_.columns + 1 <= columns_max_) fitting_size_ = shown_.text.size(), fitting_columns_ = shown_.columns;
    return true;
  }
  Shown take() { return std::move(shown_); }
  std::string_view text() const noexcept { return shown_.text; }

 private:
  std::size_t columns_max_, fitting_size_ = 0, fitting_columns_ = 0;
  Shown shown_;
};

bool could_mislead(std::string_view text) noexcept {
  const auto is_null = [&] {
    constexpr std::string_view null = "null";
    return std::equal(text.begin(), text.end(), null.begin(), null.end(), [](char a, char b) { return (a | 0x20) == b; });
  };
  return text.empty() || text.front() == ' ' || text.back() == ' ' || text.front() == '\'' || text.find("  ") != text.npos || is_null();
}

void quote(Shown& shown) {
  shown.text = fmt::format("'{}'", shown.text);
  shown.columns += 2;
}

/// Appends every character of `text`; true when something had to be escaped.
bool add_characters(Cutter& cutter, std::string_view text, bool double_backslash) {
  bool any_escaped = false;
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool unsafe = character.code == no_character || in(unsafe_ranges, character.code);
    const bool backslash = double_backslash && character.code == '\\';
    const std::string escape = unsafe ? escaped(character, text[0]) : backslash ? "\\\\" : "";
    any_escaped |= unsafe;
    const bool fits =
        escape.empty() ? cutter.add(text.substr(0, character.size_bytes), width_of(character.code)) : cutter.add(escape, escape.size());
    if (!fits) return any_escaped;
    text.remove_prefix(character.size_bytes);
  }
  return any_escaped;
}

}  // namespace

Shown show_text(std::string_view text, std::size_t columns_max, std::size_t hidden_bytes) {
  const auto render = [&](bool quoted) {
    Cutter cutter{columns_max};
    if (hidden_bytes != 0) cutter.add(cut_mark, 1);
    const bool any_escaped = add_characters(cutter, text.substr(hidden_bytes), quoted);
    return std::pair{cutter.take(), any_escaped};
  };
  auto [shown, any_escaped] = render(false);
  if (any_escaped) shown = render(true).first;
  if (any_escaped || could_mislead(text.substr(0, std::min(text.size(), 4 * columns_max)))) quote(shown);
  return std::move(shown);
}

std::string show_name(std::string_view text) {
  Cutter cutter{text.size() * 10};
  add_characters(cutter, text, false);
  return cutter.take().text;
}

Shown show_hex(std::string_view bytes, std::size_t columns_max) {
  const std::size_t bytes_max = columns_max > 4 ? (columns_max - 2) / 2 : 1;
  const std::string_view part = bytes.substr(0, bytes_max);
  std::string text = "0x";
  text.resize(2 + 2 * part.size());
  write_hex(text.data() + 2, part.data(), part.size());
  Shown out{std::move(text), 2 + 2 * part.size()};
  if (part.size() == bytes.size()) return out;
  const std::string size = fmt::format(" ({} bytes)", bytes.size());
  out.text.append(cut_mark).append(size);
  out.columns += 1 + size.size();
  return out;
}

Shown show_plain(std::string_view text, std::size_t columns_max) {
  if (text.size() <= columns_max) return {std::string{text}, text.size()};
  const std::size_t kept = columns_max > 1 ? columns_max - 1 : 1;
  return {std::string{text.substr(0, kept)}.append(cut_mark), kept + 1};
}

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    columns += character.code == no_character ? 1 : width_of(character.code);
    text.remove_prefix(character.size_bytes);
  }
  return columns;
}

}  // namespace cdc::cli
