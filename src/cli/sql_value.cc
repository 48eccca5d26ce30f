#include "sql_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cdc/base/numbers.h"
#include "cdc/base/utf8.h"
#include "cdc/model/decimal.h"
#include "cdc/model/json.h"
#include "cdc/model/json_diff.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value_text.h"

namespace cdc::cli {
namespace {

constexpr std::size_t piece_bytes = std::size_t{32} << 10;
constexpr std::size_t small_text_bytes = 96;
static_assert(small_text_bytes >= decimal_text_max_bytes);

template <class Write>
void write_small(Output& out, Write&& write) {
  char* const at = out.buffer().reserve(small_text_bytes);
  out.buffer().commit(write(at));
}

template <class Write>
void write_small_quoted(Output& out, Write&& write) {
  write_small(out, [&](char* at) {
    *at++ = '\'';
    at = write(at);
    *at++ = '\'';
    return at;
  });
}

void write_hex_literal(Output& out, std::string_view bytes) {
  out.buffer().append("x'");
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), piece_bytes))) {
    const std::string_view piece = bytes.substr(0, piece_bytes);
    out.buffer().commit(write_hex(out.buffer().reserve(2 * piece.size()), piece.data(), piece.size()));
    out.line_done();
  }
  out.buffer().append('\'');
}

/// A backslash means one thing or another by sql_mode; control characters do not survive every client.
bool safe_in_quotes(std::string_view text) noexcept {
  bool safe = true;
  for (const char c : text) safe &= static_cast<unsigned char>(c) >= 0x20 && c != '\\' && c != '\x7f';
  return safe;
}

void write_text(Output& out, std::string_view text) {
  if (!safe_in_quotes(text)) {
    out.buffer().append("_utf8mb4 ");
    return write_hex_literal(out, text);
  }
  out.buffer().append('\'');
  for (std::size_t quote = text.find('\''); quote != text.npos; quote = text.find('\'')) {
    out.buffer().append(text.substr(0, quote + 1));
    out.buffer().append('\'');
    text.remove_prefix(quote + 1);
  }
  out.buffer().append(text);
  out.buffer().append('\'');
  out.line_done();
}

void write_json(Output& out, std::string_view text) {
  out.buffer().append("CAST(");
  write_text(out, text);
  out.buffer().append(" AS JSON)");
}

/// The function that does what `diff` says. Of a path that ends in a cell the server's own insert would overwrite the cell.
std::string_view function_of(const JsonDiff& diff) noexcept {
  switch (diff.operation) {
    case JsonDiffOperation::replace: return "JSON_REPLACE";
    case JsonDiffOperation::insert: return diff.path.ends_with(']') ? "JSON_ARRAY_INSERT" : "JSON_INSERT";
    case JsonDiffOperation::remove: return "JSON_REMOVE";
  }
  return {};
}

/// `, 'path', value)`: behind the document.
void write_change(Output& out, const JsonDiff& diff, std::string_view value) {
  out.buffer().append(", ");
  write_text(out, diff.path);
  if (diff.operation != JsonDiffOperation::remove) {
    out.buffer().append(", ");
    write_json(out, value);
  }
  out.buffer().append(')');
}

void write_number(Output& out, const Value& value) {
  if (!std::isfinite(value.f64)) return out.buffer().append("NULL /* not a number */");
  write_small(out, [&](char* at) { return write_real(at, value); });
}

void write_labels(Output& out, const Column& column, const Value& value) {
  if (value.kind == ValueKind::enum_index) {
    if (const auto label = enum_label(column, value)) return write_text(out, *label);
  } else if (set_labels_known(column, value)) {
    return write_text(out, set_text(column, value));
  }
  write_small(out, [&](char* at) { return write_uint(at, value.u64); });  // by number: the server takes that too
}

/// The signed reading; the other one as a comment.
void write_either_sign(Output& out, const Value& value) {
  char text[sign_unknown_text_max_bytes];
  const std::string_view both{text, static_cast<std::size_t>(write_sign_unknown(text, value) - text)};
  const std::size_t space = both.find(' ');
  out.buffer().append(both.substr(0, space));
  out.buffer().append(fmt::format(" /* or unsigned{} */", both.substr(space)));
}

}  // namespace

std::string quote_name(std::string_view name) {
  std::string out = "`";
  for (const char c : name) out.append(c == '`' ? 2 : 1, c);
  return out += '`';
}

void write_sql_value(Output& out, const Column& column, const Value& value) {
  switch (value.kind) {
    case ValueKind::absent:
    case ValueKind::null: return out.buffer().append("NULL");
    case ValueKind::int64: return write_small(out, [&](char* at) { return write_int(at, value.i64); });
    case ValueKind::uint64: return write_small(out, [&](char* at) { return write_uint(at, value.u64); });
    case ValueKind::sign_unknown: return write_either_sign(out, value);
    case ValueKind::float32:
    case ValueKind::float64: return write_number(out, value);
    case ValueKind::decimal: return write_small(out, [&](char* at) { return write_decimal_text(at, value, column); });
    case ValueKind::json: return write_json(out, value.text());
    case ValueKind::text: return column.type == ColumnType::json ? write_json(out, value.text()) : write_text(out, value.text());
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time: return write_small_quoted(out, [&](char* at) { return write_temporal(at, value); });
    case ValueKind::year: return write_small(out, [&](char* at) { return write_temporal(at, value); });
    case ValueKind::bits: return out.buffer().append(fmt::format("b'{:b}'", value.u64));
    case ValueKind::enum_index:
    case ValueKind::set_bits: return write_labels(out, column, value);
    case ValueKind::bytes:
    case ValueKind::geometry:  // the server's own form, which its columns take as it is
    case ValueKind::vector: return write_hex_literal(out, value.text());
    case ValueKind::uuid: return write_small_quoted(out, [&](char* at) { return write_uuid(at, value); });
    case ValueKind::inet: return write_small_quoted(out, [&](char* at) { return write_inet(at, value); });
  }
}

void write_json_changes(Output& out, std::string_view document, std::span<const std::byte> changes) {
  std::vector<std::pair<JsonDiff, std::size_t>> list;  // with the end of its value's text
  OutputBuffer values;
  for (Reader r{changes}; r.remaining() != 0;) {
    JsonDiff diff;
    if (!JsonDiff::read(r, diff) || !is_valid_utf8(diff.path) || !append_json_text(values, diff.value)) return;
    list.emplace_back(diff, values.size());
  }
  for (auto diff = list.rbegin(); diff != list.rend(); ++diff) {
    out.buffer().append(function_of(diff->first));
    out.buffer().append('(');
  }
  out.buffer().append(document);
  std::size_t begin = 0;
  for (const auto& [diff, end] : list) {
    write_change(out, diff, values.view().substr(begin, end - begin));
    begin = end;
  }
}

bool compares_exactly(const Column& column, const Value& value) noexcept {
  if (column.type == ColumnType::json || column.masked) return false;
  return value.kind != ValueKind::geometry && value.kind != ValueKind::vector && value.kind != ValueKind::sign_unknown &&
         value.kind != ValueKind::absent;
}

}  // namespace cdc::cli
