#include "specification.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "cdc/base/version.h"
#include "cdc/config/settings.h"

namespace cdc::conduit {
namespace {

struct TypeName {
  std::string_view name;
  ParameterType type;
};
constexpr std::array<TypeName, 6> type_names{{{"string", ParameterType::string},
                                              {"list", ParameterType::string},
                                              {"choice", ParameterType::string},
                                              {"int", ParameterType::integer},
                                              {"bool", ParameterType::boolean},
                                              {"duration", ParameterType::duration}}};

ParameterType type_of(std::string_view name) {
  const auto* const found = std::find_if(type_names.begin(), type_names.end(), [&](const TypeName& known) { return known.name == name; });
  return found == type_names.end() ? ParameterType::string : found->type;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// `1..64`, `1..`: the bounds as the host knows them, which leave the bound itself out.
void add_bounds(std::string_view allowed, std::vector<Validation>& out) {
  const std::size_t dots = allowed.find("..");
  if (dots == allowed.npos) return;
  if (const auto least = number(allowed.substr(0, dots))) out.push_back({ValidationType::greater_than, fmt::format("{}", *least - 1)});
  if (const auto most = number(allowed.substr(dots + 2))) out.push_back({ValidationType::less_than, fmt::format("{}", *most + 1)});
}

std::vector<Validation> validations_of(const config::SettingInfo& info) {
  std::vector<Validation> out;
  if (info.key == "url") out.push_back({ValidationType::required, ""});
  if (info.type == "int") add_bounds(info.allowed, out);
  if (info.type == "choice") {
    std::string list{info.allowed};
    std::replace(list.begin(), list.end(), '|', ',');
    out.push_back({ValidationType::inclusion, std::move(list)});
  }
  return out;
}

std::string description_of(const config::SettingInfo& info) {
  std::string out{info.description};
  if (info.foreign) return "The Go connector's setting; " + out + ".";
  out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  out += '.';
  if (!info.allowed.empty() && info.type != "choice" && info.type != "bool") out += fmt::format(" Allowed: {}.", info.allowed);
  if (!info.available) out += " Not in this version.";
  if (!info.available_values.empty()) out += fmt::format(" This version has: {}.", info.available_values);
  return out;
}

}  // namespace

Specification specification() {
  Specification out{.name = "mysql-cdc",
                    .summary = "Committed row changes of MySQL and MariaDB.",
                    .description =
                        "Reads the binlog of MySQL and MariaDB and sends every committed row change, in order and with exact values. "
                        "Settings: docs/settings.md of the connector.",
                    .author = "The mysql-cdc authors",
                    .version = fmt::format("v{}", program_version()),
                    .source_parameters = {}};
  for (const config::SettingInfo& info : config::all_settings()) {
    out.source_parameters.push_back(
        {std::string{info.key}, std::string{info.default_text}, description_of(info), type_of(info.type), validations_of(info)});
  }
  return out;
}

}  // namespace cdc::conduit
