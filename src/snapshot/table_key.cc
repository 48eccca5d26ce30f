#include "cdc/snapshot/table_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cdc/base/hash.h"
#include "cdc/base/numbers.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value_text.h"

namespace cdc::snapshot {
namespace {

constexpr std::size_t hash_bytes = 4;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

std::optional<LiteralForm> form_of(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::tinyint:
    case ColumnType::smallint:
    case ColumnType::mediumint:
    case ColumnType::integer:
    case ColumnType::bigint:
    case ColumnType::bit:
    case ColumnType::year:
    case ColumnType::enum_:
    case ColumnType::set: return LiteralForm::integer;
    case ColumnType::float_:
    case ColumnType::double_: return LiteralForm::real;
    case ColumnType::decimal: return LiteralForm::decimal;
    case ColumnType::char_:
    case ColumnType::varchar: return LiteralForm::utf8_hex;
    case ColumnType::binary:
    case ColumnType::varbinary: return LiteralForm::hex;
    case ColumnType::date:
    case ColumnType::time:
    case ColumnType::datetime:
    case ColumnType::timestamp:
    case ColumnType::uuid:
    case ColumnType::inet4:
    case ColumnType::inet6: return LiteralForm::quoted;
    case ColumnType::text:
    case ColumnType::blob:
    case ColumnType::json:
    case ColumnType::geometry:
    case ColumnType::vector: return std::nullopt;
  }
  return std::nullopt;
}

bool is_plain_integer(ColumnType type) noexcept {
  return type == ColumnType::tinyint || type == ColumnType::smallint || type == ColumnType::mediumint || type == ColumnType::integer ||
         type == ColumnType::bigint;
}

/// The expression whose text `unpack` can check and `literal` writes back: whatever the session does with character sets, ASCII.
std::string text_expression(LiteralForm form, const std::string& name) {
  switch (form) {
    case LiteralForm::integer: return name + "+0";
    case LiteralForm::real: return name + "+0e0";
    case LiteralForm::decimal:
    case LiteralForm::quoted: return fmt::format("CAST({} AS CHAR)", name);
    case LiteralForm::utf8_hex: return fmt::format("HEX(CONVERT({} USING utf8mb4))", name);
    case LiteralForm::hex: return fmt::format("HEX({})", name);
  }
  return {};
}

/// Of what decides how a column's values are written and ordered.
std::string definition_of(const Column& column) {
  return fmt::format("{}\n{} {} {} {} {}\n", column.name, static_cast<int>(column.type), column.is_unsigned, column.collation,
                     column.precision, column.fraction_digits);
}

void append_part(std::string& out, std::string_view text) {
  for (std::size_t size = text.size();; size >>= 7) {
    out += static_cast<char>(size < 0x80 ? size : (size & 0x7f) | 0x80);
    if (size < 0x80) break;
  }
  out += text;
}

std::optional<std::string> take_part(std::string_view& from) {
  std::size_t size = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (from.empty() || shift > 28) return std::nullopt;
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    size |= std::size_t{byte & 0x7fU} << shift;
    if (byte < 0x80) break;
  }
  if (size > from.size()) return std::nullopt;
  std::string out{from.substr(0, size)};
  from.remove_prefix(size);
  return out;
}

bool is_number(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const auto digits = [](std::string_view part) { return !part.empty() && part.find_first_not_of("0123456789") == part.npos; };
  return digits(text.substr(0, point)) && (point == text.npos || digits(text.substr(point + 1)));
}

bool fits(LiteralForm form, std::string_view text) noexcept {
  switch (form) {
    case LiteralForm::integer: return is_number(text) && text.find('.') == text.npos;
    case LiteralForm::decimal: return is_number(text);
    case LiteralForm::real: {
      const std::size_t e = text.find('e');
      if (e == text.npos) return is_number(text);
      std::string_view exponent = text.substr(e + 1);
      if (exponent.starts_with('+')) exponent.remove_prefix(1);
      return is_number(text.substr(0, e)) && is_number(exponent) && exponent.find('.') == exponent.npos;
    }
    case LiteralForm::quoted: return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF:. -") == text.npos;
    case LiteralForm::utf8_hex:
    case LiteralForm::hex: return true;
  }
  return false;
}

std::string hex_of(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  write_hex(out.data(), bytes.data(), bytes.size());
  return out;
}

bool from_hex(std::string_view hex, std::string& out) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  if (hex.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    if (digit(hex[i]) < 0 || digit(hex[i + 1]) < 0) return false;
    out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return true;
}

/// The text of a row's value; false when there is none that certainly means it.
bool append_value(LiteralForm form, const Value& value, std::string& out) {
  char text[decimal_text_max_bytes];
  char* end = text;
  switch (value.kind) {
    case ValueKind::int64: end = write_int(text, value.i64); break;
    case ValueKind::year:
      if (form != LiteralForm::integer) return false;
      [[fallthrough]];
    case ValueKind::uint64:
    case ValueKind::bits:
    case ValueKind::enum_index:
    case ValueKind::set_bits: end = write_uint(text, value.u64); break;
    case ValueKind::float32:
    case ValueKind::float64:
      if (!std::isfinite(value.f64)) return false;
      end = write_double(text, value.f64);
      break;
    case ValueKind::decimal: end = write_decimal(text, value.bytes(), value.precision, value.fraction_digits); break;
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time: end = write_temporal(text, value); break;
    case ValueKind::uuid: end = write_uuid(text, value); break;
    case ValueKind::inet: end = write_inet(text, value); break;
    case ValueKind::text:
      if (form != LiteralForm::utf8_hex) return false;
      out = value.text();
      return true;
    case ValueKind::bytes:
      if (form != LiteralForm::hex || value.mark != ValueMark::none) return false;
      out = value.text();
      return true;
    default: return false;
  }
  out.assign(text, end);
  return fits(form, out);
}

}  // namespace

std::optional<TableKey> TableKey::of(const catalog::CatalogTable& table) {
  if (table.primary_key.empty()) return std::nullopt;
  TableKey out;
  std::string definition;
  for (const catalog::PrimaryKeyColumn& part : table.primary_key) {
    const catalog::CatalogColumn& column = table.columns[part.column_index];
    const auto form = form_of(column.column.type);
    if (!form || part.prefix_characters != 0 || column.hidden || column.type_text.empty()) return std::nullopt;
    out.columns_.push_back(part.column_index);
    out.names_.push_back(mysql::quote_name(column.column.name));
    out.forms_.push_back(*form);
    const std::string_view comma = out.order_by_.empty() ? "" : ",";
    out.order_by_.append(comma).append(out.names_.back());
    out.text_list_.append(comma).append(text_expression(*form, out.names_.back()));
    definition += definition_of(column.column);
  }
  out.definition_ = fnv1a(definition);
  const Column& first = table.columns[out.columns_.front()].column;
  out.first_is_integer_ = is_plain_integer(first.type);
  out.first_is_unsigned_ = first.is_unsigned;
  return out;
}

std::optional<std::string> TableKey::pack(std::span<const Value> values) const {
  std::string out(hash_bytes, '\0'), text;
  for (std::size_t i = 0; i < hash_bytes; ++i) out[i] = static_cast<char>(definition_ >> 8 * i & 0xff);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!append_value(forms_[i], values[i], text)) return std::nullopt;
    append_part(out, text);
  }
  return out;
}

std::optional<std::string> TableKey::pack_texts(std::span<const std::optional<std::string_view>> texts) const {
  std::string out = pack({}).value_or(""), bytes;
  for (std::size_t i = 0; i < texts.size() && i < forms_.size(); ++i) {
    if (!texts[i]) return std::nullopt;
    const bool hex = forms_[i] == LiteralForm::utf8_hex || forms_[i] == LiteralForm::hex;
    bytes.clear();
    if (hex && !from_hex(*texts[i], bytes)) return std::nullopt;
    if (!fits(forms_[i], *texts[i])) return std::nullopt;
    append_part(out, hex ? std::string_view{bytes} : *texts[i]);
  }
  return out;
}

std::optional<std::vector<std::string>> TableKey::unpack(std::string_view packed) const {
  const auto head = pack({});
  if (!packed.starts_with(*head)) return std::nullopt;
  packed.remove_prefix(hash_bytes);
  std::vector<std::string> out;
  while (!packed.empty()) {
    auto text = take_part(packed);
    if (!text || out.size() == forms_.size() || !fits(forms_[out.size()], *text)) return std::nullopt;
    out.push_back(std::move(*text));
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::string TableKey::literal(std::size_t index, std::string_view text) const {
  switch (forms_[index]) {
    case LiteralForm::integer:
    case LiteralForm::decimal: return std::string{text};
    case LiteralForm::real: return text.find('e') == text.npos ? fmt::format("{}e0", text) : std::string{text};
    case LiteralForm::quoted: return fmt::format("'{}'", text);
    case LiteralForm::utf8_hex: return fmt::format("_utf8mb4 x'{}'", hex_of(text));
    case LiteralForm::hex: return fmt::format("x'{}'", hex_of(text));
  }
  return {};
}

std::string TableKey::compare(const std::vector<std::string>& texts, char sign, bool or_equal) const {
  std::string out;
  for (std::size_t i = texts.size(); i-- > 0;) {
    const std::string value = literal(i, texts[i]);
    const bool last = i + 1 == texts.size();
    if (last) {
      out = fmt::format("{} {}{} {}", names_[i], sign, or_equal ? "=" : "", value);
    } else {
      out = fmt::format("{0} {1}= {2} AND ({0} {1} {2} OR ({0} = {2} AND {3}))", names_[i], sign, value, out);
    }
  }
  return out;
}

std::string TableKey::above(std::string_view packed) const { return compare(unpack(packed).value(), '>', false); }
std::string TableKey::up_to(std::string_view packed) const { return compare(unpack(packed).value(), '<', true); }

std::optional<std::uint64_t> rank_of(std::string_view text, bool is_unsigned) noexcept {
  const auto parse = [&](auto out) -> std::optional<std::uint64_t> {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return static_cast<std::uint64_t>(out);
  };
  if (is_unsigned) return parse(std::uint64_t{});
  const auto bits = parse(std::int64_t{});
  return bits ? std::optional{*bits ^ sign_bit} : std::nullopt;
}

std::string text_of_rank(std::uint64_t rank, bool is_unsigned) {
  return is_unsigned ? fmt::format("{}", rank) : fmt::format("{}", static_cast<std::int64_t>(rank ^ sign_bit));
}

}  // namespace cdc::snapshot
