#include "status_text.h"

#include <fmt/format.h>

#include "cdc/base/utf8.h"

namespace cdc::conduit {
namespace {

constexpr std::size_t longest_text_bytes = 4'096;  // a status travels in a header, which peers limit

std::string as_utf8(std::string text) {
  if (text.size() > longest_text_bytes) {
    std::size_t end = longest_text_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    text += "…";
  }
  if (is_valid_utf8(text)) return text;
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return text;
}

}  // namespace

std::string status_text(const Error& error) {
  std::string out = fmt::format("MYC{}: {}", static_cast<unsigned>(error.code()), error.message());
  if (!error.cure().empty()) out += fmt::format(" (cure: {})", error.cure());
  return as_utf8(std::move(out));
}

std::string status_text(const std::exception& failure) { return as_utf8(fmt::format("mysql-cdc: {}", failure.what())); }

}  // namespace cdc::conduit
