// Contract under fuzz: no crash, no sanitizer report, no exception, and no more memory or text than a multiple of the input. An empty
// list changes no text.
// Input: two bytes that say how long the binary document is, the document, then the list of changes.

#include <cstdint>
#include <string>

#include "cdc/model/json.h"
#include "cdc/model/json_diff.h"
#include "require.h"

namespace cdc {
namespace {

void check_text(std::span<const std::byte> list) {
  OutputBuffer out;
  out.append("x");
  const bool printed = append_json_diff_text(out, list);
  require(out.view().substr(0, 1) == "x", "what was there stays");
  require(printed || out.size() == 1, "nothing of a malformed list stays");
  require(out.size() <= 256 * list.size() + 256, "the text is bounded by the list");
}

void check_changes(std::span<const std::byte> document, std::span<const std::byte> list) {
  Arena memory;
  const JsonPatch patch = apply_json_diffs(document, list, memory);
  require((patch.fault == JsonPatchFault::none) == describe(patch.fault).empty(), "faults are described");
  if (patch.fault != JsonPatchFault::none) return;
  require(patch.document.size() <= 2 * (document.size() + list.size()) + 64, "the document is bounded by what it is made of");
  OutputBuffer before, after;
  const bool was_sound = append_json_text(before, document), is_sound = append_json_text(after, patch.document);
  if (list.empty()) require(was_sound == is_sound && before.view() == after.view(), "no change changes nothing");
}

void check(std::span<const std::byte> input) {
  Reader r{input};
  const auto document = r.sub(r.u16()).rest();
  check_text(r.rest());
  check_changes(document, r.rest());
}

}  // namespace
}  // namespace cdc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::check(std::as_bytes(std::span{data, size}));
  return 0;
}
