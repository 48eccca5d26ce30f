#include <bit>

#include "value_codec.h"

namespace cdc::binlog {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;

/// Fractional seconds follow big-endian in (digits+1)/2 bytes, in units of 10 ms, 100 µs or 1 µs.
struct Fraction {
  std::uint8_t bytes;
  std::uint32_t unit_us;
};
constexpr Fraction fractions[7] = {{0, 0}, {1, 10'000}, {1, 10'000}, {2, 100}, {2, 100}, {3, 1}, {3, 1}};

bool in_range(const Calendar& c) noexcept {
  return c.year <= 9999 && c.month <= 12 && c.day <= 31 && c.hour <= 23 && c.minute <= 59 && c.second <= 59 &&
         c.microsecond < us_per_second;
}

bool set_calendar(ValueKind kind, const Calendar& calendar, std::uint8_t fraction_digits, Value& out) noexcept {
  out.kind = kind;
  out.fraction_digits = fraction_digits;
  out.u64 = pack(calendar);
  return in_range(calendar);
}

bool decode_date(Bytes& in, Value& out) noexcept {
  if (!in.has(3)) return false;
  const auto v = static_cast<std::uint32_t>(in.uint_le(3));
  return set_calendar(ValueKind::date, {.year = v >> 9, .month = v >> 5 & 15, .day = v & 31}, 0, out);
}

/// 40 bits big-endian, offset by 2^39: year*13+month 17 bits, day 5, hour 5, minute 6, second 6.
bool decode_datetime2(const Codec& codec, Bytes& in, Value& out) noexcept {
  const Fraction& fraction = fractions[codec.fraction_digits];
  if (!in.has(5U + fraction.bytes)) return false;
  const std::uint64_t raw = in.uint_be(5);
  if (raw < 0x8000000000U) return false;
  const std::uint64_t v = raw - 0x8000000000U;
  const auto year_month = static_cast<std::uint32_t>(v >> 22);
  const auto part = [v](unsigned shift, unsigned mask) { return static_cast<std::uint32_t>(v >> shift & mask); };
  const Calendar calendar{year_month / 13,
                          year_month % 13,
                          part(17, 31),
                          part(12, 31),
                          part(6, 63),
                          part(0, 63),
                          static_cast<std::uint32_t>(in.uint_be(fraction.bytes)) * fraction.unit_us};
  return set_calendar(ValueKind::datetime, calendar, codec.fraction_digits, out);
}

bool decode_timestamp2(const Codec& codec, Bytes& in, Value& out) noexcept {
  const Fraction& fraction = fractions[codec.fraction_digits];
  if (!in.has(4U + fraction.bytes)) return false;
  const auto seconds = static_cast<std::int64_t>(in.uint_be(4));
  const auto fraction_us = static_cast<std::int64_t>(in.uint_be(fraction.bytes)) * fraction.unit_us;
  out.kind = ValueKind::timestamp;
  out.fraction_digits = codec.fraction_digits;
  out.i64 = seconds * us_per_second + fraction_us;
  return fraction_us < us_per_second;
}

/// The whole value (integer part and fraction) is one big-endian number offset by half its range, so the
/// sign covers both: -00:00:00.001 is one unit below the middle.
bool decode_time2(const Codec& codec, Bytes& in, Value& out) noexcept {
  const Fraction& fraction = fractions[codec.fraction_digits];
  const std::size_t width = 3U + fraction.bytes;
  if (!in.has(width)) return false;
  const unsigned fraction_bits = fraction.bytes * 8U;
  const auto middle = std::int64_t{0x800000} << fraction_bits;
  const std::int64_t v = static_cast<std::int64_t>(in.uint_be(width)) - middle;
  const std::uint64_t magnitude = v < 0 ? static_cast<std::uint64_t>(-v) : static_cast<std::uint64_t>(v);
  const std::uint64_t hms = magnitude >> fraction_bits;
  const std::uint64_t fraction_us = (magnitude & ((std::uint64_t{1} << fraction_bits) - 1)) * fraction.unit_us;
  const std::uint64_t hour = hms >> 12 & 1023, minute = hms >> 6 & 63, second = hms & 63;
  const auto us = static_cast<std::int64_t>((hour * 3600 + minute * 60 + second) * 1'000'000 + fraction_us);
  out.kind = ValueKind::time;
  out.fraction_digits = codec.fraction_digits;
  out.i64 = v < 0 ? -us : us;
  return hour <= 838 && minute <= 59 && second <= 59 && fraction_us < 1'000'000;
}

/// Before 5.6.4: the decimal digits hhmmss as a signed 24-bit number.
bool decode_time_old(Bytes& in, Value& out) noexcept {
  if (!in.has(3)) return false;
  const std::int32_t v = static_cast<std::int32_t>(static_cast<std::uint32_t>(in.uint_le(3)) << 8) >> 8;
  const std::int64_t digits = v < 0 ? -std::int64_t{v} : v;
  const std::int64_t hour = digits / 10'000, minute = digits / 100 % 100, second = digits % 100;
  const std::int64_t us = (hour * 3600 + minute * 60 + second) * us_per_second;
  out.kind = ValueKind::time;
  out.fraction_digits = 0;
  out.i64 = v < 0 ? -us : us;
  return hour <= 838 && minute <= 59 && second <= 59;
}

/// Before 5.6.4: the decimal digits YYYYMMDDhhmmss.
bool decode_datetime_old(Bytes& in, Value& out) noexcept {
  if (!in.has(8)) return false;
  const auto v = in.load<std::uint64_t>();
  if (v > 99'991'231'235'959) return false;
  const auto part = [v](std::uint64_t divisor, unsigned modulus) { return static_cast<std::uint32_t>(v / divisor % modulus); };
  const Calendar calendar{
      part(10'000'000'000, 10'000), part(100'000'000, 100), part(1'000'000, 100), part(10'000, 100), part(100, 100), part(1, 100), 0};
  return set_calendar(ValueKind::datetime, calendar, 0, out);
}

bool decode_timestamp_old(Bytes& in, Value& out) noexcept {
  if (!in.has(4)) return false;
  out.kind = ValueKind::timestamp;
  out.fraction_digits = 0;
  out.i64 = std::int64_t{in.load<std::uint32_t>()} * us_per_second;
  return true;
}

bool decode_year(Bytes& in, Value& out) noexcept {
  if (!in.has(1)) return false;
  const auto v = in.load<std::uint8_t>();
  out.kind = ValueKind::year;
  out.u64 = v == 0 ? 0U : 1900U + v;
  return true;
}

}  // namespace

const std::byte* decode_temporal(const Codec& codec, Bytes in, Value& out) noexcept {
  bool valid = false;
  switch (codec.op) {
    case CodecOp::date: valid = decode_date(in, out); break;
    case CodecOp::datetime2: valid = decode_datetime2(codec, in, out); break;
    case CodecOp::timestamp2: valid = decode_timestamp2(codec, in, out); break;
    case CodecOp::time2: valid = decode_time2(codec, in, out); break;
    case CodecOp::time_old: valid = decode_time_old(in, out); break;
    case CodecOp::datetime_old: valid = decode_datetime_old(in, out); break;
    case CodecOp::timestamp_old: valid = decode_timestamp_old(in, out); break;
    case CodecOp::year: valid = decode_year(in, out); break;
    default: break;  // only the temporal codecs come here
  }
  return valid ? in.at : nullptr;
}

}  // namespace cdc::binlog
