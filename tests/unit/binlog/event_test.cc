#include <doctest/doctest.h>

#include <algorithm>

#include "event_bytes.h"

namespace cdc::binlog {
namespace {

// MySQL 9.7.4, of a file that FLUSH BINARY LOGS closed: IN_USE is not set any more.
constexpr std::string_view mysql_97 =
    "8736036b0f010000007b0000007f00000000000400392e372e342d32000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000013000d0008000000000400040000006300041a08000000000000020000000a0a0a2a2a001234000a28"
    "000001c66363ed";
// MySQL 5.1.30, which knows no checksums.
constexpr std::string_view mysql_51 =
    "33250f490f01000000660000006a00000000000400352e312e33302d64656275672d6c6f67000000000000000000000000000000000000000000"
    "000000000000000000000000000000000013380d0008001200040404041200005300041a0800000008080802";
// An alpha of MySQL 5.2: type 16 is a table map there.
constexpr std::string_view mysql_52_alpha =
    "f23786470f01000000620000006600000000000400352e322e322d615f64726f70367031332d64656275672d6c6f670000000000000000000000"
    "00000000000000000000000000f237864713380d0008001200040404041200004f0606060600041a";

TEST_CASE("every truncation of an event header fails, and a size below its own") {
  const ExactBytes whole{1, 0, 0, 0, 19, 1, 0, 0, 0, 76, 0, 0, 0, 4, 1, 0, 0, 0, 0};
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    const ExactBytes cut{whole.span().first(size)};
    Reader r{cut};
    EventHeader::parse(r);
    CHECK(r.failed() == (size < whole.size()));
  }
  const ExactBytes impossible{1, 0, 0, 0, 19, 1, 0, 0, 0, 18, 0, 0, 0, 4, 1, 0, 0, 0, 0};
  Reader r{impossible};
  EventHeader::parse(r);
  CHECK(r.failed());
}

TEST_CASE("the body lies between header and checksum, and its offsets count from the event's start") {
  const ExactBytes event{1, 0, 0, 0, 16, 1, 0, 0, 0, 27, 0, 0, 0, 4, 1, 0, 0, 0, 0, 7, 0, 0, 0, 9, 9, 9, 9};
  Reader with_checksum = event_body(event, ChecksumAlgorithm::crc32);
  CHECK(with_checksum.offset() == 19);
  CHECK(with_checksum.remaining() == 4);
  CHECK(with_checksum.u32() == 7);
  CHECK(event_body(event, ChecksumAlgorithm::none).remaining() == 8);
  CHECK(event_body(event.span().first(23), ChecksumAlgorithm::crc32).remaining() == 0);
  CHECK(!event_body(event.span().first(23), ChecksumAlgorithm::crc32).failed());
  CHECK(event_body(event.span().first(22), ChecksumAlgorithm::crc32).failed());
  CHECK(event_body(event.span().first(18), ChecksumAlgorithm::none).failed());
  CHECK(event_body({}, ChecksumAlgorithm::none).failed());
}

TEST_CASE("a description event tells version, checksum and post-header sizes") {
  struct Case {
    const char* name;
    std::string_view hex, version;
    bool mariadb;
    std::uint32_t number;
    ChecksumAlgorithm checksum;
    std::size_t sizes;
  };
  const Case cases[] = {
      {"MySQL 9.7", mysql_97, "9.7.4-2", false, 90704, ChecksumAlgorithm::crc32, 42},
      {"MySQL 5.1 without algorithm byte", mysql_51, "5.1.30-debug-log", false, 50130, ChecksumAlgorithm::none, 26},
      {"alpha of MySQL 5.2", mysql_52_alpha, "5.2.2-a_drop6p13-debug-log", false, 50202, ChecksumAlgorithm::none, 22},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes event{from_hex(c.hex)};
    FormatDescription fde;
    REQUIRE(FormatDescription::parse(event, fde));
    CHECK(fde.server_version == c.version);
    CHECK(fde.mariadb == c.mariadb);
    CHECK(fde.version_number == c.number);
    CHECK(fde.checksum == c.checksum);
    CHECK(fde.post_header_sizes.size() == c.sizes);
    CHECK(fde.alpha_numbers == (c.hex == mysql_52_alpha));
    CHECK(fde.table_id_size_bytes(EventType::table_map) == (fde.alpha_numbers ? 4 : 6));
  }
}

/// The description of MySQL 9.7 with another version text and the size in its header made right.
std::vector<std::byte> with_version(std::string_view version) {
  auto bytes = from_hex(mysql_97);
  std::fill_n(bytes.begin() + 21, 50, std::byte{0});
  std::transform(version.begin(), version.end(), bytes.begin() + 21, [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

TEST_CASE("version numbers") {
  struct Case {
    std::string_view text;
    bool mariadb;
    std::uint32_t number;
  };
  const Case cases[] = {{"8.0.45", false, 80045},
                        {"26.7.0-LTS", false, 260700},
                        {"10.11.19-MariaDB-0+deb12u1-log", true, 101119},
                        {"5.5.5-10.2.28-MariaDB-log", true, 100228},
                        {"11.8.6-MariaDB from Debian-log", true, 110806},
                        {"8.0.100", false, 80099},
                        {"8", false, 80000},
                        {"a version of exactly fifty bytes, without any NUL..", false, 0}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    FormatDescription fde;
    REQUIRE(FormatDescription::parse(with_version(c.text.substr(0, 50)), fde) == true);
    CHECK(fde.mariadb == c.mariadb);
    CHECK(fde.version_number == c.number);
  }
}

TEST_CASE("malformed description events are told") {
  struct Change {
    const char* name;
    std::size_t at;
    int value;
  };
  const Change changes[] = {{"version 3", 19, 3},
                            {"common header of 27 bytes, as Google's 5.1 wrote", 75, 27},
                            {"unknown checksum algorithm", 118, 2},
                            {"size in its header is not its own", 9, 0x7a}};
  for (const Change& c : changes) {
    CAPTURE(c.name);
    auto bytes = from_hex(mysql_97);
    bytes[c.at] = static_cast<std::byte>(c.value);
    FormatDescription fde;
    CHECK(!FormatDescription::parse(ExactBytes{bytes}, fde));
  }
  auto undefined = from_hex(mysql_97);
  undefined[118] = std::byte{255};
  FormatDescription fde;
  REQUIRE(FormatDescription::parse(undefined, fde));
  CHECK(fde.checksum == ChecksumAlgorithm::none);
}

TEST_CASE("every truncation of a description event fails") {
  const auto whole = from_hex(mysql_97);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    std::vector<std::byte> cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
    if (size > 9) cut[9] = static_cast<std::byte>(size);  // the header agrees: only the bytes are missing
    FormatDescription fde;
    const bool ok = FormatDescription::parse(ExactBytes{cut}, fde);
    // Post-header sizes may be any number: cut there, what stands where the algorithm belongs decides.
    CHECK(ok == (size >= 76 + 5 && (cut[size - 5] == std::byte{0} || cut[size - 5] == std::byte{1})));
  }
}

TEST_CASE("four-byte table ids only where the post-header says six") {
  FormatDescription fde;
  fde.post_header_sizes.assign(19, 8);
  CHECK(fde.table_id_size_bytes(EventType::table_map) == 6);
  fde.post_header_sizes[18] = 6;
  CHECK(fde.table_id_size_bytes(EventType::table_map) == 4);
  CHECK(fde.table_id_size_bytes(EventType::write_rows) == 6);  // beyond the array
  CHECK(fde.table_id_size_bytes(EventType::unknown) == 6);
}

TEST_CASE("checksums") {
  const auto whole = from_hex(mysql_97);
  CHECK(checksum_matches(whole, true));
  CHECK(checksum_matches(whole, false));  // IN_USE is not set here
  auto in_use = whole;
  in_use[17] |= std::byte{flag_in_use};
  CHECK(checksum_matches(in_use, true));
  CHECK(!checksum_matches(in_use, false));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    auto changed = whole;
    changed[at] ^= std::byte{0x80};
    CHECK(!checksum_matches(changed, true));
  }
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(!checksum_matches(ExactBytes{std::span<const std::byte>{whole}.first(size)}, true));
}

TEST_CASE("types have the servers' names; unknown ones have none") {
  CHECK(event_type_name(EventType::update_rows) == "UPDATE_ROWS_EVENT");
  CHECK(event_type_name(EventType::partial_row_data) == "PARTIAL_ROW_DATA_EVENT");
  CHECK(event_type_name(static_cast<EventType>(99)).empty());
  CHECK(event_type_name(static_cast<EventType>(255)).empty());
}

}  // namespace
}  // namespace cdc::binlog
