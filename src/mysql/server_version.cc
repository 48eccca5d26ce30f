#include <charconv>
#include <tuple>

#include "cdc/mysql/connection.h"

namespace cdc::mysql {
namespace {

/// Reads `10.11.19-…` from the front; a part that is missing stays 0.
void read_numbers(std::string_view text, ServerVersion& out) {
  for (std::uint32_t* part : {&out.major, &out.minor, &out.patch}) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part);
    if (error != std::errc{}) return;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) return;
    text.remove_prefix(1);
  }
}

}  // namespace

ServerVersion parse_server_version(std::string_view text, bool handshake_says_mariadb) {
  ServerVersion out;
  out.text = text;
  const bool mariadb = handshake_says_mariadb || text.find("MariaDB") != std::string_view::npos;
  out.flavor = mariadb ? Flavor::mariadb : Flavor::mysql;
  // MariaDB 10 pretends to be 5.5.5 to old replicas, with its own version behind.
  constexpr std::string_view disguise = "5.5.5-";
  if (mariadb && text.starts_with(disguise)) text.remove_prefix(disguise.size());
  read_numbers(text, out);
  return out;
}

bool ServerVersion::at_least(std::uint32_t want_major, std::uint32_t want_minor, std::uint32_t want_patch) const noexcept {
  return std::tie(major, minor, patch) >= std::tie(want_major, want_minor, want_patch);
}

}  // namespace cdc::mysql
