#include "cdc/model/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "cdc/base/numbers.h"
#include "cdc/base/reader.h"
#include "cdc/base/utf8.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"

namespace cdc {
namespace {

enum JsonType : std::uint8_t {
  small_object = 0,
  large_object = 1,
  small_array = 2,
  large_array = 3,
  literal = 4,
  int16 = 5,
  uint16 = 6,
  int32 = 7,
  uint32 = 8,
  int64 = 9,
  uint64 = 10,
  float64 = 11,
  utf8_string = 12,
  opaque = 15,
};

/// The longest text a byte can turn into: `\u0001`.
constexpr std::size_t text_bytes_per_byte = 6;
constexpr std::size_t text_slack_bytes = 64;

/// What follows the backslash: 0 = the byte stands for itself, 'u' = \u00XX.
constexpr auto escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b', table['\f'] = 'f', table['\n'] = 'n', table['\r'] = 'r', table['\t'] = 't';
  table['"'] = '"', table['\\'] = '\\';
  return table;
}();

/// Writes one document. Every function returns false on malformed input.
class Renderer {
 public:
  Renderer(OutputBuffer& out, std::size_t document_bytes) noexcept
      : out_{out}, limit_{out.size() + document_bytes * text_bytes_per_byte + text_slack_bytes} {}

  bool value(std::uint8_t type, std::span<const std::byte> data, unsigned depth) {
    if (out_.size() > limit_) return false;
    switch (type) {
      case small_object: return container<false>(data, true, depth + 1);
      case large_object: return container<true>(data, true, depth + 1);
      case small_array: return container<false>(data, false, depth + 1);
      case large_array: return container<true>(data, false, depth + 1);
      default: return scalar(type, Reader{data});
    }
  }

 private:
  bool scalar(std::uint8_t type, Reader r) {
    switch (type) {
      case literal: return constant(r.u8(), r.failed());
      case int16: return integer(static_cast<std::int16_t>(r.u16()), r.failed());
      case uint16: return integer(r.u16(), r.failed());
      case int32: return integer(static_cast<std::int32_t>(r.u32()), r.failed());
      case uint32: return integer(r.u32(), r.failed());
      case int64: return integer(static_cast<std::int64_t>(r.u64()), r.failed());
      case uint64: return unsigned_integer(r.u64(), r.failed());
      case float64: return number(std::bit_cast<double>(r.u64()), r.failed());
      case utf8_string: return string(r.text(varint(r)), r.failed());
      case opaque: return opaque_value(r);
      default: return false;
    }
  }

  bool constant(std::uint8_t which, bool failed) {
    static constexpr std::string_view names[] = {"null", "true", "false"};
    if (failed || which >= std::size(names)) return false;
    out_.append(names[which]);
    return true;
  }
  bool integer(std::int64_t value, bool failed) {
    if (failed) return false;
    out_.commit(write_int(out_.reserve(integer_text_max_bytes), value));
    return true;
  }
  bool unsigned_integer(std::uint64_t value, bool failed) {
    if (failed) return false;
    out_.commit(write_uint(out_.reserve(integer_text_max_bytes), value));
    return true;
  }
  bool number(double value, bool failed) {
    if (failed || !std::isfinite(value)) return false;
    out_.commit(write_mysql_json_double(out_.reserve(float_text_max_bytes), value));
    return true;
  }
  bool string(std::string_view text, bool failed) {
    if (failed || text.size() > limit_ || out_.size() > limit_ - text.size() || !is_valid_utf8(text)) return false;
    out_.append('"');
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (escapes[c] == 0) continue;
      out_.append(text.substr(done, i - done));
      out_.append('\\');
      out_.append(escapes[c]);
      if (escapes[c] == 'u') {
        out_.append("00");
        out_.commit(write_hex(out_.reserve(2), &text[i], 1));
      }
      done = i + 1;
    }
    out_.append(text.substr(done));
    out_.append('"');
    return true;
  }

  bool opaque_value(Reader r) {
    const std::uint8_t field_type = r.u8();
    const auto data = r.text(varint(r));
    if (r.failed()) return false;
    Reader payload{std::as_bytes(std::span{data})};
    switch (field_type) {
      case 246: return decimal(payload);
      case 10: return datetime(payload, ValueKind::date);
      case 7:
      case 12: return datetime(payload, ValueKind::datetime);
      case 11: return time(payload);
      default: return base64(field_type, data);
    }
  }
  bool decimal(Reader r) {
    const unsigned precision = r.u8(), scale = r.u8();
    if (r.failed()) return false;
    char* const end = write_decimal(out_.reserve(decimal_text_max_bytes), r.rest(), precision, scale);
    if (end == nullptr) return false;
    out_.commit(end);
    return true;
  }
  bool datetime(Reader r, ValueKind kind) {
    const std::uint64_t packed = r.u64();
    if (r.failed() || packed >> 63 != 0) return false;
    const auto field = [&](unsigned shift, unsigned bits) { return static_cast<std::uint32_t>(packed >> shift & ((1U << bits) - 1)); };
    const std::uint32_t month = field(46, 17);
    const Calendar c{month / 13, month % 13, field(41, 5), field(36, 5), field(30, 6), field(24, 6), field(0, 24)};
    if (c.year > 9999 || c.microsecond > 999'999) return false;
    return temporal(kind, pack(c));
  }
  bool time(Reader r) {
    const auto packed = static_cast<std::int64_t>(r.u64());
    const std::uint64_t magnitude = packed < 0 ? 0 - static_cast<std::uint64_t>(packed) : static_cast<std::uint64_t>(packed);
    const auto field = [&](unsigned shift, unsigned bits) { return magnitude >> shift & ((1U << bits) - 1); };
    if (r.failed() || magnitude >> 46 != 0) return false;
    const std::uint64_t us = (field(36, 10) * 3600 + field(30, 6) * 60 + field(24, 6)) * 1'000'000 + field(0, 24);
    return temporal(ValueKind::time, packed < 0 ? 0 - us : us);
  }
  bool temporal(ValueKind kind, std::uint64_t bits) {
    Value value;
    value.kind = kind;
    value.fraction_digits = 6;
    value.u64 = bits;
    char* at = out_.reserve(temporal_text_max_bytes + 2);
    *at++ = '"';
    at = write_temporal(at, value);
    *at++ = '"';
    out_.commit(at);
    return true;
  }
  bool base64(std::uint8_t field_type, std::string_view data) {
    if (data.size() > limit_ || out_.size() > limit_ - data.size()) return false;
    out_.append("\"base64:type");
    out_.commit(write_uint(out_.reserve(integer_text_max_bytes), field_type));
    out_.append(':');
    out_.commit(write_base64(out_.reserve(base64_size(data.size())), data.data(), data.size()));
    out_.append('"');
    return true;
  }

  /// Seven bits a byte, lowest first, at most five bytes.
  static std::uint64_t varint(Reader& r) noexcept {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint8_t byte = r.u8();
      out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return out;
    }
    return r.fail(), 0;
  }

  /// Count and size, one entry a key (offset, 2 bytes of length), one entry a value (type, then the
  /// value itself where it fits, else its offset); then the data, anywhere. Offsets count from `data`.
  template <bool large>
  bool container(std::span<const std::byte> data, bool object, unsigned depth) {
    constexpr std::size_t word = large ? 4 : 2;
    if (depth > json_depth_max) return false;
    Reader header{data};
    const std::uint64_t count = header.uint_le(word), size_bytes = header.uint_le(word);
    if (header.failed() || size_bytes > data.size()) return false;
    const std::uint64_t header_bytes = 2 * word + count * ((object ? word + 2 : 0) + 1 + word);  // count < 2^32
    if (header_bytes > size_bytes) return false;
    data = data.first(static_cast<std::size_t>(size_bytes));
    Reader keys = header.sub(object ? count * (word + 2) : 0);
    out_.append(object ? '{' : '[');
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i != 0) out_.append(", ");
      if (object && !key<word>(data, header_bytes, keys)) return false;
      if (!element<large>(data, header_bytes, header, depth)) return false;
    }
    out_.append(object ? '}' : ']');
    return true;
  }
  template <std::size_t word>
  bool key(std::span<const std::byte> data, std::uint64_t header_bytes, Reader& keys) {
    const std::uint64_t offset = keys.uint_le(word), length = keys.u16();
    if (offset < header_bytes || offset > data.size()) return false;
    Reader r{data.subspan(static_cast<std::size_t>(offset))};
    const auto text = r.text(length);
    if (!string(text, r.failed())) return false;
    out_.append(": ");
    return true;
  }
  template <bool large>
  bool element(std::span<const std::byte> data, std::uint64_t header_bytes, Reader& entries, unsigned depth) {
    constexpr std::size_t word = large ? 4 : 2;
    const std::uint8_t type = entries.u8();
    const auto field = entries.take(word);
    const bool inlined = type == literal || type == int16 || type == uint16 || (large && (type == int32 || type == uint32));
    if (inlined) return value(type, field, depth);
    const std::uint64_t offset = Reader{field}.uint_le(word);
    if (offset < header_bytes || offset > data.size()) return false;
    return value(type, data.subspan(static_cast<std::size_t>(offset)), depth);
  }

  OutputBuffer& out_;
  std::size_t limit_;
};

}  // namespace

bool append_json_text(OutputBuffer& out, std::span<const std::byte> document) {
  if (document.empty()) return out.append("null"), true;
  const std::size_t before = out.size();
  Renderer renderer{out, document.size()};
  const bool ok = renderer.value(std::to_integer<std::uint8_t>(document[0]), document.subspan(1), 0);
  if (!ok) out.truncate(before);
  return ok;
}

}  // namespace cdc
