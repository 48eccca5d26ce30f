// Contract under fuzz: no crash, no sanitizer report, no exception. What prints is UTF-8 without control characters, its brackets match,
// and it is no longer than a fixed multiple of the document; what does not print leaves the buffer as it was.
// Input: a binary document as MySQL stores it.

#include <cstdint>
#include <string>

#include "cdc/base/utf8.h"
#include "cdc/model/json.h"
#include "require.h"

namespace cdc {
namespace {

/// Position after the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
  require(at < text.size(), "strings end");
  return at + 1;
}

void check_text(std::string_view text) {
  std::string open;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    require(static_cast<unsigned char>(c) >= 0x20, "no control character");
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') open += c;
    if (c == '}' || c == ']') {
      require(!open.empty() && open.back() == (c == '}' ? '{' : '['), "brackets match");
      open.pop_back();
    }
    ++at;
  }
  require(open.empty(), "brackets are closed");
  require(is_valid_utf8(text), "the text is UTF-8");
}

}  // namespace
}  // namespace cdc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::OutputBuffer out;
  out.append("x");
  const bool printed = cdc::append_json_text(out, std::as_bytes(std::span{data, size}));
  cdc::require(out.view().substr(0, 1) == "x", "what was there stays");
  cdc::require(printed || out.size() == 1, "nothing of a malformed document stays");
  cdc::require(out.size() <= 6 * size + 256, "the text is bounded by the document");
  if (printed) cdc::check_text(out.view().substr(1));
  return 0;
}
