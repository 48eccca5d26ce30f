#include "cdc/binlog/row_decoder.h"

#include <fmt/format.h>

#include <bit>

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

bool decode_value(const Codec& codec, Bytes& in, Arena& scratch, Value& out) {
  switch (codec.op) {
    case CodecOp::int8: return decode_int<std::int8_t>(codec, in, out);
    case CodecOp::int16: return decode_int<std::int16_t>(codec, in, out);
    case CodecOp::int24: return decode_int24(codec, in, out);
    case CodecOp::int32: return decode_int<std::int32_t>(codec, in, out);
    case CodecOp::int64: return decode_int<std::int64_t>(codec, in, out);
    case CodecOp::float32: return decode_float32(in, out);
    case CodecOp::float64: return decode_float64(in, out);
    case CodecOp::decimal: return decode_decimal(codec, in, out);
    case CodecOp::bit: out.precision = codec.precision; return decode_uint(codec, ValueKind::bits, true, in, out);
    case CodecOp::enum_: return decode_uint(codec, ValueKind::enum_index, false, in, out);
    case CodecOp::set: return decode_uint(codec, ValueKind::set_bits, false, in, out);
    case CodecOp::year:
    case CodecOp::date:
    case CodecOp::time_old:
    case CodecOp::datetime_old:
    case CodecOp::timestamp_old:
    case CodecOp::time2:
    case CodecOp::datetime2:
    case CodecOp::timestamp2: return decode_temporal(codec, in, out);
    case CodecOp::text:
    case CodecOp::converted:
    case CodecOp::bytes:
    case CodecOp::padded_bytes:
    case CodecOp::json:
    case CodecOp::geometry:
    case CodecOp::vector:
    case CodecOp::compressed: return decode_string(codec, in, scratch, out);
  }
  return false;
}

bool bit_at(std::span<const std::byte> bits, std::size_t index) noexcept {
  return (std::to_integer<unsigned>(bits[index / 8]) >> index % 8 & 1) != 0;
}

[[noreturn]] void throw_malformed(std::size_t column_index, std::string_view what) {
  throw Error{ErrorCode::value_malformed, Remedy::fix, fmt::format("column {}: {}", column_index + 1, what),
              "check the file with the server's own mysqlbinlog; if that reads it, report this with the server version"};
}

}  // namespace

PresentColumns PresentColumns::of(std::span<const std::byte> bits, std::size_t column_count) noexcept {
  PresentColumns present{bits, 0, false};
  for (std::size_t i = 0; i < column_count; ++i) present.count += bit_at(bits, i) ? 1 : 0;
  present.all = present.count == column_count;
  return present;
}

ImageTraits RowDecoder::decode(const RowLayout& layout, const PresentColumns& present, Reader& rows, std::span<Value> out) {
  const auto nulls = rows.take((present.count + 7) / 8);
  if (rows.failed()) throw_malformed(0, "the row's null bitmap is cut off");
  const auto rest = rows.rest();
  Bytes in{rest.data(), rest.data() + rest.size()};
  ImageTraits traits;
  Value skipped;
  std::size_t null_index = 0;
  for (std::size_t i = 0; i < layout.codecs.size(); ++i) {
    const Codec& codec = layout.codecs[i];
    Value& value = codec.slot >= 0 ? out[static_cast<std::size_t>(codec.slot)] : skipped;
    if (!present.all && !bit_at(present.bits, i)) {
      value = Value{};
      traits.partial |= codec.slot >= 0;
      continue;
    }
    if (bit_at(nulls, null_index++)) {
      value = Value{};
      value.kind = ValueKind::null;
      continue;
    }
    value.mark = ValueMark::none;
    if (!decode_value(codec, in, scratch_, value)) throw_malformed(i, "the value is cut off or out of range");
    traits.marked |= value.mark != ValueMark::none && codec.slot >= 0;
  }
  rows.take(static_cast<std::size_t>(in.at - rest.data()));
  return traits;
}

}  // namespace cdc::binlog
