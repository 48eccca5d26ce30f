#include "text_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "cdc/base/numbers.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value_text.h"

namespace cdc::cli {
namespace {

constexpr std::size_t small_text_bytes = 96;
/// Of what two texts have in common, as much is shown before the difference.
constexpr std::size_t context_bytes_max = 12;
static_assert(small_text_bytes >= decimal_text_max_bytes && small_text_bytes >= temporal_text_max_bytes);

template <class Write>
Shown small(std::size_t columns_max, Write&& write) {
  char text[small_text_bytes];
  const char* const end = write(text);
  return show_plain({text, static_cast<std::size_t>(end - text)}, columns_max);
}

Shown show_bits(const Column& column, const Value& value) {
  const std::string text = fmt::format("b'{:0{}b}'", value.u64, std::max<unsigned>(column.precision, 1));
  return {text, text.size()};
}

Shown show_set(const Column& column, const Value& value, std::size_t columns_max) {
  if (!set_labels_known(column, value)) return small(columns_max, [&](char* at) { return write_uint(at, value.u64); });
  return show_text(set_text(column, value), columns_max);
}

Shown show_enum(const Column& column, const Value& value, std::size_t columns_max) {
  const auto label = enum_label(column, value);
  return label ? show_text(*label, columns_max) : small(columns_max, [&](char* at) { return write_uint(at, value.u64); });
}

Shown show_vector(const Value& value, std::size_t columns_max) {
  std::string text = "[";
  for (std::string_view rest = value.text(); rest.size() >= sizeof(float) && text.size() <= columns_max;
       rest.remove_prefix(sizeof(float))) {
    float item;
    std::memcpy(&item, rest.data(), sizeof item);
    text += fmt::format("{}{}", text.size() == 1 ? "" : ", ", item);
  }
  return show_plain(text + ']', columns_max);
}

/// Bytes of a text column that could not be converted: shown as text, with what is no UTF-8 escaped.
Shown show_bytes(const Value& value, std::size_t columns_max, std::size_t hidden_bytes) {
  return value.mark == ValueMark::none ? show_hex(value.text(), columns_max) : show_text(value.text(), columns_max, hidden_bytes);
}

}  // namespace

Shown show_value(const Column& column, const Value& value, std::size_t columns_max, std::size_t hidden_bytes) {
  switch (value.kind) {
    case ValueKind::absent: return {"?", 1};
    case ValueKind::null: return {"NULL", 4};
    case ValueKind::int64: return small(columns_max, [&](char* at) { return write_int(at, value.i64); });
    case ValueKind::uint64: return small(columns_max, [&](char* at) { return write_uint(at, value.u64); });
    case ValueKind::sign_unknown: return small(columns_max, [&](char* at) { return write_sign_unknown(at, value); });
    case ValueKind::float32:
    case ValueKind::float64: return small(columns_max, [&](char* at) { return write_real(at, value); });
    case ValueKind::decimal: return small(columns_max, [&](char* at) { return write_decimal_text(at, value, column); });
    case ValueKind::json:
    case ValueKind::text: return show_text(value.text(), columns_max, hidden_bytes);
    case ValueKind::bytes: return show_bytes(value, columns_max, hidden_bytes);
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time:
    case ValueKind::year: return small(columns_max, [&](char* at) { return write_temporal(at, value); });
    case ValueKind::bits: return show_bits(column, value);
    case ValueKind::enum_index: return show_enum(column, value, columns_max);
    case ValueKind::set_bits: return show_set(column, value, columns_max);
    case ValueKind::geometry: return show_hex(value.text(), columns_max);
    case ValueKind::vector: return show_vector(value, columns_max);
    case ValueKind::uuid: return small(columns_max, [&](char* at) { return write_uuid(at, value); });
    case ValueKind::inet: return small(columns_max, [&](char* at) { return write_inet(at, value); });
  }
  return {};
}

std::size_t common_beginning(const Value& before, const Value& after, std::size_t columns_max) noexcept {
  if (before.kind != ValueKind::text || after.kind != ValueKind::text) return 0;
  const std::string_view a = before.text(), b = after.text();
  if (std::max(a.size(), b.size()) <= columns_max) return 0;
  auto same = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin()).first - a.begin());
  const std::size_t context_bytes = std::min(columns_max / 3, context_bytes_max);
  if (same <= 2 * context_bytes) return 0;
  same -= context_bytes;
  while (same > 0 && (static_cast<unsigned char>(a[same]) & 0xc0) == 0x80) --same;
  return same;
}

}  // namespace cdc::cli
