#include "cdc/binlog/event.h"

#include <libdeflate.h>

#include <array>
#include <charconv>

namespace cdc::binlog {
namespace {

constexpr std::size_t flags_at = 17;  ///< In the common header.

/// How many event types the alphas of 5.1 and 5.2 knew that numbered them otherwise; no release had as many.
constexpr std::size_t alpha_types = 22;

/// First version whose description event names a checksum algorithm.
constexpr std::uint32_t mysql_with_checksum = 50601, mariadb_with_checksum = 50300;

std::string_view without_replication_prefix(std::string_view version) noexcept {
  constexpr std::string_view prefix = "5.5.5-";
  return version.starts_with(prefix) ? version.substr(prefix.size()) : version;
}

/// `10.11.19-MariaDB` = 101119. Parts beyond 99 are cut to it: only order matters.
std::uint32_t number_of(std::string_view version) noexcept {
  std::uint32_t number = 0;
  const char* at = version.data();
  const char* const end = at + version.size();
  for (int part = 0; part < 3; ++part) {
    std::uint32_t value = 0;
    const auto parsed = std::from_chars(at, end, value);
    number = number * 100 + (value > 99 ? 99 : value);
    at = parsed.ptr;
    if (at != end && *at == '.') ++at;
  }
  return number;
}

bool knows_checksums(const FormatDescription& f) noexcept {
  return f.version_number >= (f.mariadb ? mariadb_with_checksum : mysql_with_checksum);
}

/// Algorithm byte, then four bytes of checksum whatever the algorithm.
bool parse_checksum_algorithm(std::uint8_t number, ChecksumAlgorithm& out) noexcept {
  switch (number) {
    case 0:
    case 255: return out = ChecksumAlgorithm::none, true;
    case 1: return out = ChecksumAlgorithm::crc32, true;
    default: return false;
  }
}

}  // namespace

bool FormatDescription::parse(std::span<const std::byte> event, FormatDescription& out) {
  Reader r{event};
  const EventHeader header = EventHeader::parse(r);
  if (r.u16() != 4) return false;
  const std::string_view padded_version = r.text(50);
  out.server_version = padded_version.substr(0, padded_version.find('\0'));
  out.mariadb = out.server_version.find("MariaDB") != std::string::npos;
  out.version_number = number_of(out.mariadb ? without_replication_prefix(out.server_version) : out.server_version);
  out.created_at_s = r.u32();
  if (r.u8() != EventHeader::wire_size_bytes || header.size_bytes != event.size()) return false;
  out.checksum = ChecksumAlgorithm::none;
  std::size_t sizes_bytes = r.remaining();
  if (knows_checksums(out)) {
    if (sizes_bytes < 1 + checksum_size_bytes) return false;
    sizes_bytes -= 1 + checksum_size_bytes;
  }
  const auto sizes = r.text(sizes_bytes);
  out.post_header_sizes.assign(sizes.begin(), sizes.end());
  out.alpha_numbers = !out.mariadb && out.version_number / 10000 == 5 && sizes.size() == alpha_types;
  if (knows_checksums(out) && !parse_checksum_algorithm(r.u8(), out.checksum)) return false;
  return !r.failed();
}

std::size_t FormatDescription::table_id_size_bytes(EventType type) const noexcept {
  const auto at = static_cast<std::size_t>(type) - 1;  // type 0 wraps to a number past any array
  return at < post_header_sizes.size() && post_header_sizes[at] == 6 ? 4 : 6;
}

bool checksum_matches(std::span<const std::byte> event, bool is_format_description) noexcept {
  if (event.size() < EventHeader::wire_size_bytes + checksum_size_bytes) return false;
  const auto covered = event.first(event.size() - checksum_size_bytes);
  std::uint32_t sum = 0;
  if (is_format_description) {
    const auto low_flags = std::to_integer<unsigned>(covered[flags_at]) & ~unsigned{flag_in_use};
    const auto cleared = static_cast<std::byte>(low_flags);
    sum = libdeflate_crc32(sum, covered.data(), flags_at);
    sum = libdeflate_crc32(sum, &cleared, 1);
    sum = libdeflate_crc32(sum, covered.data() + flags_at + 1, covered.size() - flags_at - 1);
  } else {
    sum = libdeflate_crc32(sum, covered.data(), covered.size());
  }
  return Reader{event.last(checksum_size_bytes)}.u32() == sum;
}

}  // namespace cdc::binlog
