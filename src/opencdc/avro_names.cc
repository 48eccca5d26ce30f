#include "avro_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace cdc::opencdc {
namespace {

constexpr std::array<std::string_view, 14> type_names{"null",   "boolean", "int",   "long", "float", "double", "bytes",
                                                      "string", "record",  "error", "enum", "array", "map",    "fixed"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_allowed(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }
bool continues_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::string avro_name(std::string_view name) {
  std::string out;
  if (name.empty() || is_digit(name.front())) out += '_';
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_allowed(name[i])) {
      out += name[i];
    } else if (i == 0 || !continues_character(name[i]) || is_allowed(name[i - 1])) {
      out += '_';
    }
  }
  return out;
}

std::string avro_record_name(std::string_view name) {
  std::string out = avro_name(name);
  if (std::find(type_names.begin(), type_names.end(), out) != type_names.end()) out += '_';
  return out;
}

std::vector<std::string> avro_field_names(std::span<const std::string_view> names) {
  std::vector<std::string> out;
  std::set<std::string> taken;
  for (const std::string_view name : names) {
    out.push_back(avro_name(name));
    if (out.back() == name) taken.insert(out.back());
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (out[i] == names[i]) continue;
    const std::string wanted = out[i];
    for (unsigned number = 2; !taken.insert(out[i]).second; ++number) out[i] = fmt::format("{}_{}", wanted, number);
  }
  return out;
}

}  // namespace cdc::opencdc
