#pragma once

/// JSON strings, escaped byte for byte as Conduit's file destination does: `<`, `>`, `&`, U+2028 and
/// U+2029 too, and of the control characters only tab, line feed and return in their short forms.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "json_block.h"

namespace cdc::cli {

/// Longest escape of one byte of text.
inline constexpr std::size_t json_escape_factor = 6;
/// Writers here may touch this many bytes beyond the end that they return.
inline constexpr std::size_t json_slack_bytes = 16;

/// Copies in whole blocks of json_slack_bytes: both sides have that much room behind their end. For
/// short texts, where a call of memcpy would cost more than the copy.
inline char* copy_blocks(char* out, const char* from, std::size_t size_bytes) noexcept {
  std::memcpy(out, from, json_slack_bytes);
  for (std::size_t at = json_slack_bytes; at < size_bytes; at += json_slack_bytes) std::memcpy(out + at, from + at, json_slack_bytes);
  return out + size_bytes;
}

/// Text that is copied into every record, with the room that copy_blocks wants.
class BlockText {
 public:
  /// Room for `size_bytes`, to be written at the answer; `resize` then says how many it were.
  char* room(std::size_t size_bytes) {
    if (bytes_.size() < size_bytes + json_slack_bytes) bytes_.resize(size_bytes + json_slack_bytes);
    return bytes_.data();
  }
  void end(const char* end) noexcept { size_ = static_cast<std::size_t>(end - bytes_.data()); }
  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  char* copy_to(char* out) const noexcept { return copy_blocks(out, bytes_.data(), size_); }

 private:
  std::string bytes_ = std::string(json_slack_bytes, '\0');
  std::size_t size_ = 0;
};

/// Any text; `write_json_escaped` takes the quick way first.
char* write_json_escaped_slowly(char* out, const char* text, const char* end) noexcept;

/// Escapes valid UTF-8, without the quotes. Needs json_escape_factor × size + json_slack_bytes at `out`.
inline char* write_json_escaped(char* out, const char* text, std::size_t size_bytes) noexcept {
  const char* const end = text + size_bytes;
  for (; end - text >= json_block_bytes; text += json_block_bytes, out += json_block_bytes) {
    const JsonBlock block = load_block(text);
    if (!is_clean(block)) return write_json_escaped_slowly(out, text, end);
    store_block(out, block);
  }
  const auto left = static_cast<std::size_t>(end - text);
  if (size_bytes >= std::size_t{json_block_bytes} && left != 0) {  // all was clean up to here: a last block that overlaps what was written
    const JsonBlock block = load_block(end - json_block_bytes);
    if (!is_clean(block)) return write_json_escaped_slowly(out, text, end);
    store_block(out + left - json_block_bytes, block);
    return out + left;
  }
  char* const done = write_clean_short(out, text, left);
  return done != nullptr ? done : write_json_escaped_slowly(out, text, end);
}

inline char* write_json_string(char* out, std::string_view text) noexcept {
  *out++ = '"';
  out = write_json_escaped(out, text.data(), text.size());
  *out++ = '"';
  return out;
}

/// How many bytes from the start of `text` can be escaped on their own: no character is cut. At most `most`.
std::size_t whole_characters(std::string_view text, std::size_t most) noexcept;

}  // namespace cdc::cli
