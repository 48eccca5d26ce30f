#include "expand_env.h"

#include <cstdlib>

namespace cdc::config {
namespace {

constexpr bool is_name(char c) noexcept { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_special(char c) noexcept { return std::string_view{"*#$@!?-0123456789"}.find(c) != std::string_view::npos; }

/// What stands after a dollar: the variable's name and how many bytes it takes.
struct Reference {
  std::string_view name;
  std::size_t size_bytes = 0;
};

Reference braced(std::string_view text) noexcept {
  if (text.size() > 2 && is_special(text[1]) && text[2] == '}') return {text.substr(1, 1), 3};
  const auto close = text.find('}');
  if (close == std::string_view::npos) return {{}, 1};
  return {text.substr(1, close - 1), close + 1};
}

Reference reference(std::string_view text) noexcept {
  if (text.front() == '{') return braced(text);
  if (is_special(text.front())) return {text.substr(0, 1), 1};
  std::size_t size = 0;
  while (size < text.size() && is_name(text[size])) ++size;
  return {text.substr(0, size), size};
}

}  // namespace

Expanded expand_env(std::string_view text) {
  Expanded out;
  while (!text.empty()) {
    const auto dollar = text.find('$');
    out.text += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    const auto found = text.empty() ? Reference{} : reference(text);
    if (found.size_bytes == 0) out.text += '$';
    if (!found.name.empty()) {
      const char* const value = std::getenv(std::string{found.name}.c_str());
      value != nullptr ? void(out.text += value) : void(out.unset = true);
    }
    text.remove_prefix(found.size_bytes);
  }
  return out;
}

}  // namespace cdc::config
