#include "cdc/catalog/changelog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cdc/base/error.h"

namespace cdc::catalog {
namespace {

constexpr std::size_t prefix_characters_max = 32;
constexpr std::array<std::string_view, 5> shared_tables{"meta", "table", "inbox", "log", "consumer"};

bool is_prefix(std::string_view text) noexcept {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= prefix_characters_max && std::ranges::all_of(text, fits);
}

[[noreturn]] void malformed(std::size_t line) {
  throw Error{ErrorCode::changelog_layout, Remedy::operate,
              fmt::format("the registry of captured tables is damaged: line {} of cols", line),
              "mysql-cdc triggers uninstall, then install"};
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

/// Nullopt for a backslash before anything else.
std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    switch (text[i]) {
      case '\\': out += '\\'; break;
      case 't': out += '\t'; break;
      case 'n': out += '\n'; break;
      default: return std::nullopt;
    }
  }
  return out;
}

constexpr std::size_t field_count = 5;

std::optional<RegisteredColumn> parse_line(std::string_view line) {
  std::array<std::string, field_count> fields;
  for (std::size_t i = 0; i < field_count; ++i) {
    const std::size_t tab = line.find('\t');
    if ((tab == line.npos) != (i + 1 == field_count)) return std::nullopt;
    auto field = unescaped(line.substr(0, tab));
    if (!field) return std::nullopt;
    fields[i] = std::move(*field);
    line.remove_prefix(tab == line.npos ? line.size() : tab + 1);
  }
  const std::string& ordinal = fields[3];
  const std::string& images = fields[4];
  RegisteredColumn out{std::move(fields[0]), std::move(fields[1]), std::move(fields[2]), 0, images.starts_with('b'), images.ends_with('a')};
  const auto [end, failure] = std::from_chars(ordinal.data(), ordinal.data() + ordinal.size(), out.key_ordinal);
  if (failure != std::errc{} || end != ordinal.data() + ordinal.size()) return std::nullopt;
  if (out.name.empty() || images.size() != static_cast<std::size_t>(out.before) + static_cast<std::size_t>(out.after)) return std::nullopt;
  return out;
}

}  // namespace

std::string ChangelogNames::quoted(std::string_view table) const {
  return fmt::format("{}.{}", mysql::quote_name(schema), mysql::quote_name(prefix + std::string{table}));
}

std::string ChangelogNames::payload_name(std::uint32_t tid) const { return fmt::format("{}r{}", prefix, tid); }

std::string ChangelogNames::payload(std::uint32_t tid) const { return quoted(fmt::format("r{}", tid)); }

std::string ChangelogNames::trigger_name(std::uint32_t tid, char event) const { return fmt::format("{}{}_{}", prefix, tid, event); }

bool ChangelogNames::owns(std::string_view of_schema, std::string_view table) const noexcept {
  if (of_schema != schema || !table.starts_with(prefix)) return false;
  table.remove_prefix(prefix.size());
  if (std::ranges::find(shared_tables, table) != shared_tables.end()) return true;
  return table.size() > 1 && table[0] == 'r' && std::ranges::all_of(table.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

ChangelogNames changelog_names(std::string_view configured, std::string_view prefix, std::string_view default_schema,
                               std::span<const std::pair<std::string, std::string>> tables) {
  if (!is_prefix(prefix)) {
    throw Error{ErrorCode::setting_invalid, Remedy::operate,
                fmt::format("trigger.prefix must be 1 to {} of a-z, 0-9 and _", prefix_characters_max), "trigger.prefix=_cdc_"};
  }
  std::string_view schema = configured.empty() ? default_schema : configured;
  if (schema.empty() && !tables.empty()) {
    schema = tables.front().first;
    const bool one = std::ranges::all_of(tables, [&](const auto& table) { return table.first == schema; });
    if (!one) schema = {};
  }
  if (schema.empty()) {
    throw Error{ErrorCode::setting_invalid, Remedy::operate, "the captured tables are in several schemas: which one has the changelog?",
                "trigger.schema=…, or a schema in the url"};
  }
  return {std::string{schema}, std::string{prefix}};
}

std::string columns_text(std::span<const RegisteredColumn> columns) {
  std::string out;
  for (const RegisteredColumn& column : columns) {
    for (const std::string* field : {&column.name, &column.type_text, &column.charset}) {
      append_escaped(out, *field);
      out += '\t';
    }
    out += fmt::format("{}\t{}{}\n", column.key_ordinal, column.before ? "b" : "", column.after ? "a" : "");
  }
  return out;
}

std::vector<RegisteredColumn> parse_columns_text(std::string_view text) {
  std::vector<RegisteredColumn> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    auto column = end == text.npos ? std::nullopt : parse_line(text.substr(0, end));
    if (!column) malformed(out.size() + 1);
    out.push_back(std::move(*column));
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace cdc::catalog
