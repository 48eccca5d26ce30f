#include "cdc/binlog/row_decoder.h"

#include <fmt/format.h>

#include <bit>
#include <iterator>
#include <string>

#include "cdc/base/ascii.h"
#include "cdc/base/error.h"
#include "value_codec.h"

namespace cdc::binlog {
namespace {

template <class Signed>
bool decode_int(const Codec& codec, Bytes& in, Value& out) noexcept {
  using Unsigned = std::make_unsigned_t<Signed>;
  if (!in.has(sizeof(Signed))) return false;
  const auto raw = in.load<Unsigned>();
  const auto as_signed = static_cast<Signed>(raw);
  if (codec.sign == Signedness::unsigned_) return out.kind = ValueKind::uint64, out.u64 = raw, true;
  out.i64 = as_signed;
  const bool ambiguous = codec.sign == Signedness::unknown && as_signed < 0;
  out.kind = ambiguous ? ValueKind::sign_unknown : ValueKind::int64;
  out.precision = sizeof(Signed);
  return true;
}

bool decode_int24(const Codec& codec, Bytes& in, Value& out) noexcept {
  if (!in.has(3)) return false;
  const auto raw = static_cast<std::uint32_t>(in.uint_le(3));
  if (codec.sign == Signedness::unsigned_) return out.kind = ValueKind::uint64, out.u64 = raw, true;
  const std::int32_t as_signed = static_cast<std::int32_t>(raw << 8) >> 8;
  out.i64 = as_signed;
  out.kind = codec.sign == Signedness::unknown && as_signed < 0 ? ValueKind::sign_unknown : ValueKind::int64;
  out.precision = 3;
  return true;
}

bool decode_float32(Bytes& in, Value& out) noexcept {
  if (!in.has(4)) return false;
  out.kind = ValueKind::float32;
  out.f64 = static_cast<double>(std::bit_cast<float>(in.load<std::uint32_t>()));
  return true;
}

bool decode_float64(Bytes& in, Value& out) noexcept {
  if (!in.has(8)) return false;
  out.kind = ValueKind::float64;
  out.f64 = std::bit_cast<double>(in.load<std::uint64_t>());
  return true;
}

bool decode_decimal(const Codec& codec, Bytes& in, Value& out) noexcept {
  if (!in.has(codec.width)) return false;
  out.kind = ValueKind::decimal;
  out.precision = codec.precision;
  out.fraction_digits = codec.fraction_digits;
  out.data = in.at;
  out.size_bytes = codec.width;
  in.at += codec.width;
  return true;
}

bool decode_uint(const Codec& codec, ValueKind kind, bool big_endian, Bytes& in, Value& out) noexcept {
  if (!in.has(codec.width)) return false;
  out.kind = kind;
  out.u64 = big_endian ? in.uint_be(codec.width) : in.uint_le(codec.width);
  return true;
}

/// Text that is ASCII is the same bytes in UTF-8 and in charsets that extend ASCII: taken as it is. Everything else, errors too, goes the
/// general way. Length prefixes of 1 and 2 bytes are those of CHAR, VARCHAR and TEXT.
[[gnu::always_inline]] inline const std::byte* decode_text(const Codec& codec, Bytes in, Arena& scratch, Value& out) {
  Bytes rest = in;
  if (codec.width <= 2 && rest.has(codec.width)) {
    const std::size_t size_bytes = codec.width == 1 ? rest.load<std::uint8_t>() : rest.load<std::uint16_t>();
    if (rest.has(size_bytes) && is_ascii(reinterpret_cast<const char*>(rest.at), size_bytes)) {
      out.kind = ValueKind::text;
      out.data = rest.at;
      out.size_bytes = static_cast<std::uint32_t>(size_bytes);
      return rest.at + size_bytes;
    }
  }
  return decode_string(codec, in, scratch, out);
}

/// `decode` of a fixed-width value, as the row loop wants it: the end, or nullptr.
template <class Decode>
[[gnu::always_inline]] inline const std::byte* fixed(Bytes in, Decode&& decode) noexcept {
  return decode(in) ? in.at : nullptr;
}

[[gnu::always_inline]] inline const std::byte* decode_value(const Codec& codec, Bytes in, Arena& scratch, Value& out) {
  switch (codec.op) {
    case CodecOp::int8: return fixed(in, [&](Bytes& b) { return decode_int<std::int8_t>(codec, b, out); });
    case CodecOp::int16: return fixed(in, [&](Bytes& b) { return decode_int<std::int16_t>(codec, b, out); });
    case CodecOp::int24: return fixed(in, [&](Bytes& b) { return decode_int24(codec, b, out); });
    case CodecOp::int32: return fixed(in, [&](Bytes& b) { return decode_int<std::int32_t>(codec, b, out); });
    case CodecOp::int64: return fixed(in, [&](Bytes& b) { return decode_int<std::int64_t>(codec, b, out); });
    case CodecOp::float32: return fixed(in, [&](Bytes& b) { return decode_float32(b, out); });
    case CodecOp::float64: return fixed(in, [&](Bytes& b) { return decode_float64(b, out); });
    case CodecOp::decimal: return fixed(in, [&](Bytes& b) { return decode_decimal(codec, b, out); });
    case CodecOp::bit:
      out.precision = codec.precision;
      return fixed(in, [&](Bytes& b) { return decode_uint(codec, ValueKind::bits, true, b, out); });
    case CodecOp::enum_: return fixed(in, [&](Bytes& b) { return decode_uint(codec, ValueKind::enum_index, false, b, out); });
    case CodecOp::set: return fixed(in, [&](Bytes& b) { return decode_uint(codec, ValueKind::set_bits, false, b, out); });
    case CodecOp::year:
    case CodecOp::date:
    case CodecOp::time_old:
    case CodecOp::datetime_old:
    case CodecOp::timestamp_old:
    case CodecOp::time2:
    case CodecOp::datetime2:
    case CodecOp::timestamp2: return decode_temporal(codec, in, out);
    case CodecOp::text:
    case CodecOp::ascii_based: return decode_text(codec, in, scratch, out);
    case CodecOp::converted:
    case CodecOp::bytes:
    case CodecOp::padded_bytes:
    case CodecOp::json:
    case CodecOp::geometry:
    case CodecOp::vector:
    case CodecOp::compressed: return decode_string(codec, in, scratch, out);
  }
  return nullptr;
}

bool bit_at(std::span<const std::byte> bits, std::size_t index) noexcept {
  return (std::to_integer<unsigned>(bits[index / 8]) >> index % 8 & 1) != 0;
}

[[noreturn]] void throw_malformed(const std::string& what) {
  throw Error{ErrorCode::value_malformed, Remedy::fix, what,
              "check the file with the server's own mysqlbinlog; if that reads it, report this with the server version"};
}
[[noreturn]] void throw_malformed(std::size_t column_index, std::string_view what) {
  throw_malformed(fmt::format("column {}: {}", column_index + 1, what));
}

/// What the bytes were to be, in the order of CodecOp, and how many they are without a fraction; 0 = the codec knows, or they say.
struct OpName {
  std::string_view name;
  std::uint8_t size_bytes = 0;
};
constexpr OpName op_names[] = {{"TINYINT", 1},
                               {"SMALLINT", 2},
                               {"MEDIUMINT", 3},
                               {"INT", 4},
                               {"BIGINT", 8},
                               {"FLOAT", 4},
                               {"DOUBLE", 8},
                               {"DECIMAL"},
                               {"BIT"},
                               {"YEAR", 1},
                               {"DATE", 3},
                               {"old TIME", 3},
                               {"old DATETIME", 8},
                               {"old TIMESTAMP", 4},
                               {"TIME", 3},
                               {"DATETIME", 5},
                               {"TIMESTAMP", 4},
                               {"ENUM"},
                               {"SET"},
                               {"text"},
                               {"text"},
                               {"text"},
                               {"bytes"},
                               {"fixed-length bytes"},
                               {"JSON"},
                               {"spatial value"},
                               {"VECTOR"},
                               {"COMPRESSED value"}};
static_assert(std::size(op_names) == static_cast<std::size_t>(CodecOp::compressed) + 1);

/// Why decode_value said no to these bytes.
std::string fault_of(const Codec& codec, Bytes in) {
  const auto [name, plain_bytes] = op_names[static_cast<std::size_t>(codec.op)];
  const auto left = static_cast<std::size_t>(in.end - in.at);
  if (codec.op < CodecOp::text) {
    const std::size_t size_bytes = plain_bytes == 0 ? codec.width : plain_bytes + (codec.fraction_digits + 1U) / 2;
    return in.has(size_bytes) ? fmt::format("the {} is out of range", name)
                              : fmt::format("the {} takes {} bytes, and {} are left in the event", name, size_bytes, left);
  }
  if (!in.has(codec.width)) return fmt::format("the length of the {} is cut off", name);
  const std::size_t size_bytes = in.uint_le(codec.width);
  if (!in.has(size_bytes))
    return fmt::format("the {} says that it has {} bytes, and {} are left in the event", name, size_bytes, left - codec.width);
  return fmt::format("the {} of {} bytes is none", name, size_bytes);
}

/// The row loop; returns where the image ends. `presence` is asked once a column; it costs nothing when all columns
/// are there and none is NULL.
template <class Presence>
const std::byte* decode_columns(const RowLayout& layout, Presence presence, Bytes in, Arena& scratch, Value* out, ImageTraits& traits,
                                std::size_t& failed_column) {
  Value skipped;
  const Codec* const begin = layout.codecs.data();
  const Codec* const end = begin + layout.codecs.size();
  for (const Codec* codec = begin; codec != end; ++codec) {
    const bool wanted = codec->slot >= 0;
    Value& value = wanted ? out[codec->slot] : skipped;
    const auto index = static_cast<std::size_t>(codec - begin);
    if (const ValueKind kind = presence.without_value(index); kind != ValueKind::text) {
      value = Value{};
      value.kind = kind;
      traits.partial |= wanted && kind == ValueKind::absent;
      continue;
    }
    value.mark = ValueMark::none;
    const std::byte* const value_end = decode_value(*codec, in, scratch, value);
    if (value_end == nullptr) throw_malformed(failed_column = index, fault_of(*codec, in));
    in.at = value_end;
    traits.marked |= wanted && value.mark != ValueMark::none;
  }
  return in.at;
}

/// Every column has a value.
struct AllValues {
  static ValueKind without_value(std::size_t) noexcept { return ValueKind::text; }
};

/// Some column is absent or NULL. The null bitmap counts present columns only.
struct SomeValues {
  const PresentColumns& present;
  std::span<const std::byte> nulls;
  std::size_t null_index = 0;

  /// absent, null, or text for "has a value".
  ValueKind without_value(std::size_t column_index) noexcept {
    if (!present.all && !bit_at(present.bits, column_index)) return ValueKind::absent;
    return bit_at(nulls, null_index++) ? ValueKind::null : ValueKind::text;
  }
};

bool all_set(std::span<const std::byte> bits, std::size_t count) noexcept {
  const std::size_t left = count % 8;
  const unsigned last_mask = (1U << left) - 1;
  if (left != 0 && (std::to_integer<unsigned>(bits[count / 8]) & last_mask) != last_mask) return false;
  for (std::size_t i = 0; i < count / 8; ++i) {
    if (bits[i] != std::byte{0xff}) return false;
  }
  return true;
}

bool any_null(std::span<const std::byte> nulls, std::size_t column_count) noexcept {
  unsigned seen = 0;
  for (std::size_t i = 0; i < column_count / 8; ++i) seen |= std::to_integer<unsigned>(nulls[i]);
  const std::size_t left = column_count % 8;  // bits behind the last column are whatever the server left there
  if (left != 0) seen |= std::to_integer<unsigned>(nulls[column_count / 8]) & ((1U << left) - 1);
  return seen != 0;
}

}  // namespace

PresentColumns PresentColumns::of(std::span<const std::byte> bits, std::size_t column_count) noexcept {
  PresentColumns present{bits, 0, false};
  if (all_set(bits, column_count)) return {bits, column_count, true};
  for (std::size_t i = 0; i < column_count / 8; ++i)
    present.count += static_cast<std::size_t>(std::popcount(std::to_integer<unsigned>(bits[i])));
  const std::size_t left = column_count % 8;
  if (left != 0)
    present.count += static_cast<std::size_t>(std::popcount(std::to_integer<unsigned>(bits[column_count / 8]) & ((1U << left) - 1)));
  present.all = present.count == column_count;
  return present;
}

/// A number of options, of which bit 0 says that the bitmap follows.
PartialJson PartialJson::read(Reader& rows, std::size_t json_column_count) {
  const std::uint64_t options = rows.lenenc();
  PartialJson out;
  if ((options & 1) != 0) out.bits = rows.take((json_column_count + 7) / 8);
  if (rows.failed()) throw_malformed("the row's JSON options are cut off");
  if (options > 1) throw_malformed(fmt::format("the row has JSON options that are not known ({})", options));
  return out;
}

ImageTraits RowDecoder::decode(const RowLayout& layout, const PresentColumns& present, Reader& rows, std::span<Value> out) {
  failed_column_ = npos;
  const auto nulls = rows.take((present.count + 7) / 8);
  if (rows.failed()) throw_malformed(0, "the row's null bitmap is cut off");
  const auto rest = rows.rest();
  const Bytes in{rest.data(), rest.data() + rest.size()};
  ImageTraits traits;
  const bool all_values = present.all && !any_null(nulls, present.count);
  const std::byte* const end = all_values
                                   ? decode_columns(layout, AllValues{}, in, scratch_, out.data(), traits, failed_column_)
                                   : decode_columns(layout, SomeValues{present, nulls}, in, scratch_, out.data(), traits, failed_column_);
  rows.take(static_cast<std::size_t>(end - rest.data()));
  return traits;
}

}  // namespace cdc::binlog
