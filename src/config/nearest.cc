#include "nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "settings_table.h"

namespace cdc::config {
namespace {

constexpr std::size_t longest_compared = 200;

/// Letters in one case, without what only decorates.
std::string folded(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c != '_' && c != '-') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

/// Letters to insert, drop, replace, or swap with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1] ? 1U : 0U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above), above.swap(row);
  }
  return above.back();
}

std::size_t part_count(std::string_view key) { return static_cast<std::size_t>(std::count(key.begin(), key.end(), '.')) + 1; }

/// The pattern with the key's own parts in place of its stars.
std::string with_stars_of(std::string_view pattern, std::string_view key) {
  std::string out;
  for (;;) {
    const auto want = pattern.substr(0, pattern.find('.')), have = key.substr(0, key.find('.'));
    out += want == "*" && !have.empty() ? have : want;
    if (want.size() == pattern.size()) return out;
    out += '.';
    pattern.remove_prefix(want.size() + 1);
    key.remove_prefix(std::min(key.size(), have.size() + 1));
  }
}

}  // namespace

std::string nearest_key(std::string_view key) {
  if (key.size() > longest_compared) return {};
  const auto wanted = folded(key);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, wanted.size() / 4) + 1;
  for (const SettingRow& row : setting_rows()) {
    const bool same_shape = part_count(row.info.key) == part_count(key);
    auto candidate = same_shape ? with_stars_of(row.info.key, key) : std::string{row.info.key};
    const auto distance = edit_distance(wanted, folded(candidate));
    if (distance < best_distance) best_distance = distance, best = std::move(candidate);
  }
  return best;
}

}  // namespace cdc::config
