#include "cdc/model/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "cdc/model/decimal.h"

namespace cdc {
namespace {

char* write_inet4(char* out, const unsigned char* bytes) noexcept {
  char room[integer_text_max_bytes];
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) *out++ = '.';
    out = std::copy(room, write_uint(room, bytes[i]), out);
  }
  return out;
}

constexpr std::size_t word_count = 8;

/// Words of an address that are zero, one behind the other.
struct Gap {
  std::size_t at = 0, count = 0;
};

/// The first of the longest.
Gap longest_gap(const unsigned (&words)[word_count]) noexcept {
  Gap longest, gap;
  for (std::size_t i = 0; i < word_count; ++i) {
    gap = words[i] != 0 ? Gap{i + 1, 0} : Gap{gap.at, gap.count + 1};
    if (gap.count > longest.count) longest = gap;
  }
  return longest;
}

/// Without leading zeros.
char* write_word(char* out, unsigned word) noexcept {
  constexpr unsigned top_shift = 12;
  unsigned shift = top_shift;
  while (shift != 0 && word >> shift == 0) shift -= 4;
  for (;; shift -= 4) {
    *out++ = "0123456789abcdef"[word >> shift & 15];
    if (shift == 0) return out;
  }
}

/// As MariaDB has it: one zero word alone is left out too, and the last 32 bits are an IPv4 address behind six zero words, or five and
/// ffff.
char* write_inet6(char* out, const unsigned char* bytes) noexcept {
  unsigned words[word_count];
  for (std::size_t i = 0; i < word_count; ++i) words[i] = unsigned{bytes[2 * i]} << 8 | bytes[2 * i + 1];
  const Gap gap = longest_gap(words);
  const bool has_inet4 = gap.at == 0 && (gap.count == 6 || (gap.count == 5 && words[5] == 0xffff));
  for (std::size_t i = 0; i < word_count; ++i) {
    if (gap.count != 0 && i == gap.at) {
      *out++ = ':';
      if (i == 0) *out++ = ':';
      i += gap.count - 1;
      continue;
    }
    if (has_inet4 && i == 6) return write_inet4(out, bytes + 12);
    out = write_word(out, words[i]);
    if (i != word_count - 1) *out++ = ':';
  }
  return out;
}

}  // namespace

char* write_uuid(char* out, const Value& value) noexcept {
  if (value.size_bytes != 16) return out;
  const char* from = value.text().data();
  for (const std::size_t group_bytes : {4U, 2U, 2U, 2U, 6U}) {
    if (from != value.text().data()) *out++ = '-';
    out = write_hex(out, from, group_bytes);
    from += group_bytes;
  }
  return out;
}

char* write_inet(char* out, const Value& value) noexcept {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(value.data);
  return value.size_bytes == 4 ? write_inet4(out, bytes) : value.size_bytes == 16 ? write_inet6(out, bytes) : out;
}

char* write_sign_unknown(char* out, const Value& value) noexcept {
  const unsigned unused_bits = value.precision >= 1 && value.precision < 8 ? 64U - 8U * value.precision : 0U;
  out = write_int(out, value.i64);
  *out++ = ' ', *out++ = '(';
  out = write_uint(out, value.u64 << unused_bits >> unused_bits);
  *out++ = ')';
  return out;
}

char* write_real(char* out, const Value& value) noexcept {
  if (std::isfinite(value.f64))
    return value.kind == ValueKind::float32 ? write_float(out, static_cast<float>(value.f64)) : write_double(out, value.f64);
  const std::string_view text = std::isnan(value.f64) ? "nan" : value.f64 < 0 ? "-inf" : "inf";
  return std::copy(text.begin(), text.end(), out);
}

char* write_decimal_text(char* out, const Value& value, const Column& column) {
  char* const end = write_decimal(out, value.bytes(), value.precision, value.fraction_digits);
  if (end != nullptr) return end;
  throw Error{ErrorCode::value_malformed, Remedy::fix, fmt::format("column `{}`: the DECIMAL has digits that are none", column.name),
              "check the log with the server's own mysqlbinlog; if that reads it, report this with the server version"};
}

void require_decimals(const TableSchema& table, std::span<const Value> values) {
  char room[decimal_text_max_bytes];
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i].kind == ValueKind::decimal) write_decimal_text(room, values[i], table.columns[i]);
}

std::optional<std::string_view> enum_label(const Column& column, const Value& value) noexcept {
  if (value.u64 == 0) return std::string_view{};
  if (value.u64 > column.labels.size()) return std::nullopt;
  return column.labels[value.u64 - 1];
}

bool set_labels_known(const Column& column, const Value& value) noexcept {
  return static_cast<std::size_t>(std::bit_width(value.u64)) <= column.labels.size();
}

std::string set_text(const Column& column, const Value& value) {
  std::string out;
  for (std::uint64_t rest = value.u64; rest != 0; rest &= rest - 1) {
    if (rest != value.u64) out += ',';
    out += column.labels[static_cast<std::size_t>(std::countr_zero(rest))];
  }
  return out;
}

std::size_t put_bits(char* out, unsigned bit_count, const Value& value) noexcept {
  const std::size_t declared = (std::size_t{bit_count} + 7) / 8;
  const std::size_t used = (static_cast<std::size_t>(std::bit_width(value.u64)) + 7) / 8;
  const std::size_t size = declared >= used && declared <= 8 && declared != 0 ? declared : used == 0 ? 1 : used;
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(value.u64 >> 8 * (size - 1 - i));
  return size;
}

Ewkb to_ewkb(const Value& geometry) noexcept {
  constexpr std::size_t srid_bytes = 4, wkb_head_bytes = 5;
  const std::string_view all = geometry.text();
  if (all.size() < srid_bytes + wkb_head_bytes || all[srid_bytes] != 1) return {{}, 0, all};  // not what a server writes: as it is
  std::uint32_t srid, type;
  std::memcpy(&srid, all.data(), sizeof srid);
  std::memcpy(&type, all.data() + srid_bytes + 1, sizeof type);
  if (srid == 0) return {{}, 0, all.substr(srid_bytes)};
  Ewkb out{{1}, 9, all.substr(srid_bytes + wkb_head_bytes)};
  type |= 0x20000000U;
  std::memcpy(out.head + 1, &type, sizeof type);
  std::memcpy(out.head + 5, &srid, sizeof srid);
  return out;
}

}  // namespace cdc
