#include "cdc/binlog/gtid_set.h"

namespace cdc::binlog {
namespace {

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A dash stands before bytes 4, 6, 8 and 10.
constexpr bool dash_before(std::size_t i) noexcept { return i == 4 || i == 6 || i == 8 || i == 10; }

}  // namespace

char* write_uuid(char* out, const Uuid& uuid) noexcept {
  constexpr char digits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (dash_before(i)) *out++ = '-';
    const auto value = std::to_integer<unsigned>(uuid[i]);
    *out++ = digits[value >> 4];
    *out++ = digits[value & 15];
  }
  return out;
}

std::string uuid_to_text(const Uuid& uuid) {
  std::string out(uuid_text_bytes, '\0');
  write_uuid(out.data(), uuid);
  return out;
}

bool uuid_from_text(std::string_view text, Uuid& out) noexcept {
  const bool dashed = text.size() == uuid_text_bytes;
  if (!dashed && text.size() != 2 * out.size()) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (dashed && dash_before(i) && text[at++] != '-') return false;
    const int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::byte>(high << 4 | low);
    at += 2;
  }
  return true;
}

}  // namespace cdc::binlog
