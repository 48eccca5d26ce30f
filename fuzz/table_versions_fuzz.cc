// Contract under fuzz: no crash, no sanitizer report, no exception; what is good comes back from its bytes as it was, within the bounds.
// Input: one byte, then a file of table versions behind its checksum when the byte is odd (the head is made here, so that what lies behind
// the sum is reached), else a whole file.

#include <cstdint>
#include <string>

#include "cdc/base/hash.h"
#include "require.h"
#include "table_version.h"

namespace cdc::capture {
namespace {

/// The head of an empty file, with the sum of other bytes.
std::string with_head(std::string_view rest) {
  std::string head = encode({}).substr(0, 10);
  const std::uint64_t sum = fnv1a_64(rest);
  head.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  return head.append(rest);
}

void check(const std::string& bytes) {
  TableVersionFile file, again;
  const VersionFileState state = decode(std::as_bytes(std::span{bytes}), file);
  if (state != VersionFileState::good || file.versions.size() > version_count_max) return;
  const std::string text = encode(file);
  require(text.size() <= version_file_bytes_max, "files are bounded");
  require(decode(std::as_bytes(std::span{text}), again) == VersionFileState::good, "what was written can be read");
  require(bytes.size() > version_file_bytes_max / 2 || (again.versions.size() == file.versions.size() && encode(again) == text),
          "versions come back");
}

}  // namespace
}  // namespace cdc::capture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  cdc::capture::check((data[0] & 1) != 0 ? cdc::capture::with_head(rest) : rest);
  return 0;
}
