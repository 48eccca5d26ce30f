#include "cdc/model/json.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "cdc/base/numbers.h"
#include "cdc/base/reader.h"
#include "cdc/base/utf8.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "json_binary.h"
#include "json_string.h"

namespace cdc {
namespace {

using Bytes = std::span<const std::byte>;

/// Column types that an opaque value names and that have a text of their own.
enum FieldType : std::uint8_t { timestamp = 7, date = 10, time_of_day = 11, datetime = 12, new_decimal = 246 };

/// Any scalar but strings and base64, with quotes and separators around it.
constexpr std::size_t scalar_bytes = 96;
static_assert(scalar_bytes >= json_decimal_text_max_bytes + 8 && scalar_bytes >= temporal_text_max_bytes + 8);
/// Strings are written in pieces of this size, so that room for the worst case stays small.
constexpr std::size_t piece_bytes = 3072;
/// The server breaks base64 into lines of 76 characters, of which a JSON string shows the `\n` between them.
constexpr std::size_t base64_line_bytes = 57;

/// Writes one document into room that it takes from a buffer.
///
/// Each writer takes the cursor and returns it moved on, or nullptr on malformed input. Values can
/// share bytes, so that a small document could stand for a text without end; every byte of an honest
/// one turns into six of text at most. The room ends there, which bounds the work too: no step is silent.
class Renderer {
 public:
  Renderer(OutputBuffer& out, std::size_t document_bytes) noexcept
      : out_{out}, most_bytes_{out.size() + document_bytes * json_escape_factor + 2 * scalar_bytes} {}

  char* start() { return grow(out_.reserve(0), 0); }

  char* value(char* at, std::uint8_t type, Bytes data, unsigned depth) {
    switch (type) {
      case small_object: return container<false>(at, data, true, depth + 1);
      case large_object: return container<true>(at, data, true, depth + 1);
      case small_array: return container<false>(at, data, false, depth + 1);
      case large_array: return container<true>(at, data, false, depth + 1);
      case utf8_string: return string(at, Reader{data});
      case opaque: return opaque_value(at, Reader{data});
      default: return scalar(at, type, Reader{data});
    }
  }

 private:
  /// The cursor, with `size_bytes` after it.
  char* room(char* at, std::size_t size_bytes) { return static_cast<std::size_t>(limit_ - at) >= size_bytes ? at : grow(at, size_bytes); }
  char* grow(char* at, std::size_t size_bytes) {
    out_.commit(at);
    if (out_.size() + size_bytes > most_bytes_) return nullptr;
    at = out_.reserve(size_bytes);
    limit_ = at + std::min(out_.capacity(), most_bytes_) - out_.size();
    return at;
  }

  char* scalar(char* at, std::uint8_t type, Reader r) {
    at = room(at, scalar_bytes);
    if (at == nullptr) return nullptr;
    char* const end = write_scalar(at, type, r);
    return r.failed() ? nullptr : end;
  }
  static char* write_scalar(char* at, std::uint8_t type, Reader& r) noexcept {
    switch (type) {
      case literal: return write_literal(at, r.u8());
      case int16: return write_int(at, static_cast<std::int16_t>(r.u16()));
      case uint16: return write_uint(at, r.u16());
      case int32: return write_int(at, static_cast<std::int32_t>(r.u32()));
      case uint32: return write_uint(at, r.u32());
      case int64: return write_int(at, static_cast<std::int64_t>(r.u64()));
      case uint64: return write_uint(at, r.u64());
      case float64: return write_number(at, std::bit_cast<double>(r.u64()));
      default: return nullptr;
    }
  }
  static char* write_literal(char* at, std::uint8_t which) noexcept {
    static constexpr std::string_view names[] = {"null", "true", "false"};
    if (which >= std::size(names)) return nullptr;
    std::memcpy(at, names[which].data(), names[which].size());
    return at + names[which].size();
  }
  static char* write_number(char* at, double value) noexcept { return std::isfinite(value) ? write_mysql_json_double(at, value) : nullptr; }

  char* string(char* at, Reader r) {
    const std::uint64_t size_bytes = read_json_length(r);
    const std::string_view text = r.text(size_bytes);
    return r.failed() ? nullptr : quoted(at, text);
  }
  char* quoted(char* at, std::string_view text) {
    bool ascii = true;
    at = room(at, json_escaped_room_bytes(0));
    if (at == nullptr) return nullptr;
    *at++ = '"';
    for (std::size_t done = 0; done < text.size(); done += piece_bytes) {
      const auto piece = text.substr(done, piece_bytes);
      at = room(at, json_escaped_room_bytes(piece.size()));
      if (at == nullptr) return nullptr;
      const EscapedText escaped = write_json_escaped(at, piece);
      at = escaped.end;
      ascii &= escaped.ascii;
    }
    if (!ascii && !is_valid_utf8(text)) return nullptr;
    at = room(at, scalar_bytes);
    if (at != nullptr) *at++ = '"';
    return at;
  }

  char* opaque_value(char* at, Reader r) {
    const std::uint8_t field_type = r.u8();
    const std::uint64_t size_bytes = read_json_length(r);
    Reader data = r.sub(size_bytes);
    at = room(at, scalar_bytes);
    if (r.failed() || at == nullptr) return nullptr;
    switch (field_type) {
      case new_decimal: return write_decimal_value(at, data);
      case date: return write_datetime_value(at, ValueKind::date, data);
      case timestamp:
      case datetime: return write_datetime_value(at, ValueKind::datetime, data);
      case time_of_day: return write_time_value(at, data);
      default: return base64(at, field_type, data.text(data.remaining()));
    }
  }
  static char* write_decimal_value(char* at, Reader r) noexcept {
    const unsigned precision = r.u8(), scale = r.u8();
    return r.failed() ? nullptr : write_json_decimal(at, r.rest(), precision, scale);
  }
  static char* write_datetime_value(char* at, ValueKind kind, Reader r) noexcept {
    const std::uint64_t packed = r.u64();
    const auto field = [&](unsigned shift, unsigned bits) { return static_cast<std::uint32_t>(packed >> shift & ((1U << bits) - 1)); };
    const std::uint32_t months = field(46, 17);
    const Calendar c{months / 13, months % 13, field(41, 5), field(36, 5), field(30, 6), field(24, 6), field(0, 24)};
    const bool possible = packed >> 63 == 0 && c.year <= 9999 && c.microsecond <= 999'999;
    return r.failed() || r.remaining() != 0 || !possible ? nullptr : write_quoted_temporal(at, kind, pack(c));
  }
  static char* write_time_value(char* at, Reader r) noexcept {
    const std::uint64_t packed = r.u64();
    const bool negative = packed >> 63 != 0;
    const std::uint64_t magnitude = negative ? 0 - packed : packed;
    const auto field = [&](unsigned shift, unsigned bits) { return magnitude >> shift & ((1U << bits) - 1); };
    if (r.failed() || r.remaining() != 0 || magnitude >> 46 != 0) return nullptr;
    const std::uint64_t us = (field(36, 10) * 3600 + field(30, 6) * 60 + field(24, 6)) * 1'000'000 + field(0, 24);
    return write_quoted_temporal(at, ValueKind::time, negative ? 0 - us : us);
  }
  static char* write_quoted_temporal(char* at, ValueKind kind, std::uint64_t bits) noexcept {
    Value value;
    value.kind = kind;
    value.fraction_digits = 6;
    value.u64 = bits;
    *at++ = '"';
    at = write_temporal(at, value);
    *at++ = '"';
    return at;
  }
  char* base64(char* at, std::uint8_t field_type, std::string_view data) {
    constexpr std::string_view lead = "\"base64:type";
    std::memcpy(at, lead.data(), lead.size());
    at = write_uint(at + lead.size(), field_type);
    *at++ = ':';
    for (std::size_t done = 0; done < data.size(); done += base64_line_bytes) {
      const auto line = data.substr(done, base64_line_bytes);
      at = room(at, scalar_bytes);
      if (at == nullptr) return nullptr;
      if (done != 0) *at++ = '\\', *at++ = 'n';
      at = write_base64(at, line.data(), line.size());
    }
    at = room(at, 1);
    if (at != nullptr) *at++ = '"';
    return at;
  }

  /// Count and size, one entry a key (offset, 2 bytes of length), one entry a value (type, then the
  /// value itself where it fits, else its offset); then the data, in any order. Offsets count from `data`.
  template <bool large>
  char* container(char* at, Bytes data, bool object, unsigned depth) {
    constexpr std::size_t word = large ? 4 : 2;
    Reader entries{data};
    const std::uint64_t count = entries.uint_le(word), size_bytes = entries.uint_le(word);
    const std::uint64_t data_at = 2 * word + count * ((object ? word + 2 : 0) + 1 + word);  // count < 2^32
    if (depth > json_depth_max || entries.failed() || size_bytes > data.size() || data_at > size_bytes) return nullptr;
    data = data.first(static_cast<std::size_t>(size_bytes));
    Reader keys = entries.sub(object ? count * (word + 2) : 0);
    at = room(at, scalar_bytes);
    if (at != nullptr) *at++ = object ? '{' : '[';
    for (std::uint64_t i = 0; i < count && at != nullptr; ++i) {
      if (i != 0) at = room(at, scalar_bytes);
      if (at != nullptr && i != 0) *at++ = ',', *at++ = ' ';
      if (at != nullptr && object) at = key<word>(at, data, data_at, keys);
      if (at != nullptr) at = element<large>(at, data, data_at, entries, depth);
    }
    if (at != nullptr) at = room(at, scalar_bytes);
    if (at != nullptr) *at++ = object ? '}' : ']';
    return at;
  }
  template <std::size_t word>
  char* key(char* at, Bytes data, std::uint64_t data_at, Reader& keys) {
    const std::uint64_t offset = keys.uint_le(word), size_bytes = keys.u16();
    if (offset < data_at || offset > data.size()) return nullptr;
    Reader r{data.subspan(static_cast<std::size_t>(offset))};
    const std::string_view text = r.text(size_bytes);
    at = r.failed() ? nullptr : quoted(at, text);
    if (at != nullptr) *at++ = ':', *at++ = ' ';
    return at;
  }
  template <bool large>
  char* element(char* at, Bytes data, std::uint64_t data_at, Reader& entries, unsigned depth) {
    constexpr std::size_t word = large ? 4 : 2;
    const std::uint8_t type = entries.u8();
    const Bytes field = entries.take(word);
    if (is_json_inlined(type, large)) return scalar(at, type, Reader{field});
    const std::uint64_t offset = Reader{field}.uint_le(word);
    if (offset < data_at || offset > data.size()) return nullptr;
    return value(at, type, data.subspan(static_cast<std::size_t>(offset)), depth);
  }

  OutputBuffer& out_;
  std::size_t most_bytes_;  ///< Of the buffer with the text in it.
  char* limit_ = nullptr;   ///< End of the room taken.
};

}  // namespace

bool append_json_text(OutputBuffer& out, std::span<const std::byte> document) {
  if (document.empty()) return out.append("null"), true;
  const std::size_t before_bytes = out.size();
  Renderer renderer{out, document.size()};
  char* const end = renderer.value(renderer.start(), std::to_integer<std::uint8_t>(document[0]), document.subspan(1), 0);
  if (end == nullptr) return out.truncate(before_bytes), false;
  out.commit(end);
  return true;
}

}  // namespace cdc
