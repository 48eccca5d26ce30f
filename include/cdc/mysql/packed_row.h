#pragma once

/// Rows as the text protocol sends them, read where they lie.
///
/// Format: for each column a length-encoded string, or 0xfb for NULL. Source: MySQL client/server protocol, "Text Resultset Row" and
/// "Length-Encoded Integer".

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cdc::mysql {

using PackedRow = std::span<const std::byte>;
/// Rows that have come together.
using PackedRows = std::span<const PackedRow>;

/// Takes the fields of a row one after the other; what it gives borrows from the row.
class FieldReader {
 public:
  enum class Found : std::uint8_t { text, null, malformed };

  explicit FieldReader(PackedRow row) noexcept : at_{reinterpret_cast<const char*>(row.data())}, end_{at_ + row.size()} {}

  /// After `malformed`, which is also what follows the last field, nothing may be asked any more.
  Found next(std::string_view& text) noexcept {
    if (at_ == end_) return Found::malformed;
    const auto first = static_cast<unsigned char>(*at_++);
    if (first == null_mark) return Found::null;
    std::uint64_t size = first;
    if (first > null_mark && !read_size(first, size)) return Found::malformed;
    if (size > static_cast<std::size_t>(end_ - at_)) return Found::malformed;
    text = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return Found::text;
  }
  bool at_end() const noexcept { return at_ == end_; }

 private:
  static constexpr unsigned null_mark = 0xfb;

  bool read_size(unsigned first, std::uint64_t& size) noexcept {
    constexpr std::size_t sizes_bytes[] = {2, 3, 8, 0};  // 0xff is none
    const std::size_t size_bytes = sizes_bytes[first - null_mark - 1];
    if (size_bytes == 0 || size_bytes > static_cast<std::size_t>(end_ - at_)) return false;
    size = 0;
    std::memcpy(&size, at_, size_bytes);
    at_ += size_bytes;
    return true;
  }

  const char* at_;
  const char* end_;
};

/// Appends a row in this form.
void pack_row(std::string& out, std::span<const std::optional<std::string_view>> row);

}  // namespace cdc::mysql
