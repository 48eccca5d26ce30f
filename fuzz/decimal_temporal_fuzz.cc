// Contract under fuzz: no crash, no sanitizer report. A decimal's text has the digits that its shape says, values never write past the
// room promised, whatever their bits are.
// Input: one byte that selects the form, two bytes of shape, then the value: 0 column decimal, 1 decimal inside JSON (precision, scale,
// packed bytes); 2 temporal (kind, fraction digits, 8 bytes); 3 double, 4 float (0, 0, bytes).

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "cdc/base/numbers.h"
#include "cdc/base/reader.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "require.h"

namespace cdc {
namespace {

using Bytes = std::span<const std::byte>;

/// Calls `write` with exactly `room_bytes`; the text, empty for nullptr.
template <class Write>
std::string written(std::size_t room_bytes, Write write) {
  const auto room = std::make_unique<char[]>(room_bytes);
  const char* const end = write(room.get());
  return end == nullptr ? std::string{} : std::string{room.get(), static_cast<std::size_t>(end - room.get())};
}

void check_decimal(const std::string& text, unsigned precision, unsigned scale) {
  if (text.empty()) return;
  const std::string digits = text.substr(text[0] == '-' ? 1 : 0);
  const std::size_t point = digits.find('.');
  const std::size_t whole = point == std::string::npos ? digits.size() : point;
  require(digits.find_first_not_of("0123456789.") == std::string::npos, "digits alone");
  require((point == std::string::npos ? 0 : digits.size() - point - 1) == scale, "as many fraction digits as the scale");
  require(whole >= 1 && (whole <= precision - scale || digits.substr(0, whole) == "0"), "no more digits than the precision");
  require(whole == 1 || digits[0] != '0', "no leading zero");
}

void column_decimal(std::uint8_t precision, std::uint8_t scale, Bytes packed) {
  const auto text = written(decimal_text_max_bytes, [&](char* out) { return write_decimal(out, packed, precision, scale); });
  require(text.empty() || packed.size() == decimal_size_bytes(precision, scale), "the size is the shape's");
  check_decimal(text, precision, scale);
}

void json_decimal(std::uint8_t precision, std::uint8_t scale, Bytes packed) {
  check_decimal(written(json_decimal_text_max_bytes, [&](char* out) { return write_json_decimal(out, packed, precision, scale); }),
                precision, scale);
}

void temporal(std::uint8_t kind, std::uint8_t digits, Bytes bytes) {
  constexpr ValueKind kinds[] = {ValueKind::date, ValueKind::datetime, ValueKind::timestamp, ValueKind::time, ValueKind::year};
  Value value;
  value.kind = kinds[kind % std::size(kinds)];
  value.fraction_digits = digits;
  value.u64 = Reader{bytes}.u64();
  require(!written(temporal_text_max_bytes, [&](char* out) { return write_temporal(out, value); }).empty(), "a temporal has a text");
  require(!written(temporal_text_max_bytes, [&](char* out) { return write_rfc3339(out, value.i64, digits); }).empty(), "a time has a text");
}

void float64(std::uint8_t, std::uint8_t, Bytes bytes) {
  const double value = std::bit_cast<double>(Reader{bytes}.u64());
  if (!std::isfinite(value)) return;
  const auto json = written(float_text_max_bytes, [&](char* out) { return write_double(out, value); });
  const auto mysql = written(float_text_max_bytes, [&](char* out) { return write_mysql_json_double(out, value); });
  require(std::bit_cast<std::uint64_t>(std::strtod(json.c_str(), nullptr)) == std::bit_cast<std::uint64_t>(value), "a double comes back");
  require(std::bit_cast<std::uint64_t>(std::strtod(mysql.c_str(), nullptr)) == std::bit_cast<std::uint64_t>(value),
          "MySQL's text comes back");
}

void float32(std::uint8_t, std::uint8_t, Bytes bytes) {
  const float value = std::bit_cast<float>(Reader{bytes}.u32());
  if (!std::isfinite(value)) return;
  const auto text = written(float_text_max_bytes, [&](char* out) { return write_float(out, value); });
  require(std::bit_cast<std::uint32_t>(std::strtof(text.c_str(), nullptr)) == std::bit_cast<std::uint32_t>(value), "a float comes back");
}

constexpr void (*checks[])(std::uint8_t, std::uint8_t, Bytes) = {column_decimal, json_decimal, temporal, float64, float32};

}  // namespace
}  // namespace cdc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  cdc::checks[data[0] % std::size(cdc::checks)](data[1], data[2], std::as_bytes(std::span{data, size}.subspan(3)));
  return 0;
}
