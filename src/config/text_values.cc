#include "text_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cdc::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr std::uint64_t second_ns = 1'000'000'000;
/// Longer names first among those that begin alike.
constexpr std::array units{
    Unit{"ns", 1},        Unit{"us", 1'000},         Unit{"\u00b5s", 1'000},       Unit{"\u03bcs", 1'000},        Unit{"ms", 1'000'000},
    Unit{"s", second_ns}, Unit{"m", 60 * second_ns}, Unit{"h", 3'600 * second_ns}, Unit{"d", 86'400 * second_ns},
};
constexpr std::uint64_t longest_ns = second_ns * 86'400 * 36'525;
constexpr std::size_t most_digits = 18;
constexpr std::size_t shown_bytes = 60;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) noexcept {
  const auto size = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  const auto digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

std::optional<std::uint64_t> take_unit(std::string_view& text) noexcept {
  for (const Unit& unit : units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return std::nullopt;
}

/// `1.5h`: the first number with its unit; what is left stays in `text`.
std::optional<std::uint64_t> take_term_ns(std::string_view& text) noexcept {
  const auto whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) text.remove_prefix(1), fraction = take_digits(text);
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const auto unit = take_unit(text);
  const auto count = parse_uint(whole.empty() ? "0" : whole);
  if (!unit || !count || *count > longest_ns / *unit || fraction.size() > most_digits) return std::nullopt;
  std::uint64_t total = *count * *unit, step = *unit;
  for (const char digit : fraction) {
    if (step % 10 != 0 && digit != '0') return std::nullopt;
    step /= 10;
    total += static_cast<std::uint64_t>(digit - '0') * step;
  }
  return total;
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  if (text == "0") return std::chrono::milliseconds{0};
  if (text.empty()) return std::nullopt;
  std::uint64_t total_ns = 0;
  while (!text.empty()) {
    const auto term = take_term_ns(text);
    if (!term) return std::nullopt;
    total_ns += *term;
    if (total_ns > longest_ns) return std::nullopt;
  }
  if (total_ns % 1'000'000 != 0) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(total_ns / 1'000'000)};
}

std::string format_duration(std::chrono::milliseconds duration) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 5> steps{
      {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}, {1, "ms"}}};
  std::string out;
  auto rest = static_cast<std::int64_t>(duration.count());
  for (const auto& [step, name] : steps) {
    if (rest / step != 0) out += fmt::format("{}{}", rest / step, name);
    rest %= step;
  }
  return out.empty() ? "0" : out;
}

std::optional<std::uint64_t> parse_uint(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_bool(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 6> yes{"1", "t", "T", "TRUE", "true", "True"}, no{"0", "f", "F", "FALSE", "false", "False"};
  if (std::find(yes.begin(), yes.end(), text) != yes.end()) return true;
  if (std::find(no.begin(), no.end(), text) != no.end()) return false;
  return std::nullopt;
}

std::string show(std::string_view value) {
  auto size = std::min(value.size(), shown_bytes);
  while (size > 0 && size < value.size() && (static_cast<unsigned char>(value[size]) & 0xc0) == 0x80) --size;
  std::string out = "\"";
  for (const char c : value.substr(0, size)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + (size < value.size() ? "…\"" : "\"");
}

std::string join(const std::vector<std::string>& texts, std::string_view separator) {
  std::string out;
  for (const std::string& text : texts) {
    if (&text != &texts.front()) out += separator;
    out += text;
  }
  return out;
}

std::optional<std::size_t> find_choice(std::string_view choices, std::string_view value) noexcept {
  for (std::size_t index = 0; !choices.empty(); ++index) {
    const auto bar = choices.find('|');
    if (choices.substr(0, bar) == value) return index;
    choices = bar == std::string_view::npos ? std::string_view{} : choices.substr(bar + 1);
  }
  return std::nullopt;
}

}  // namespace cdc::config
