#include "cdc/model/json_diff.h"

#include <array>
#include <iterator>
#include <limits>
#include <vector>

#include "cdc/base/utf8.h"
#include "cdc/model/json.h"
#include "json_string.h"
#include "json_tree.h"

namespace cdc {
namespace {

using Bytes = std::span<const std::byte>;

/// Entries of the large form are at most twice as large as those of the small one, and nothing else grows.
constexpr std::uint64_t growth_max = 2, growth_slack_bytes = 64;

constexpr std::array<std::string_view, 3> operation_names{"replace", "insert", "remove"};
constexpr std::array<std::string_view, 5> fault_texts{"", "the document before the update is malformed",
                                                      "the list of JSON changes is malformed",
                                                      "a JSON change names a place that the document before the update does not have",
                                                      "the document after the update is larger than a column can hold"};

/// Inserts into the container that all but the last of `legs` lead to.
JsonPatchFault insert(JsonTree& tree, std::span<const JsonLeg> legs, const JsonSlot& value) {
  JsonSlot* const parent = tree.find(legs.first(legs.size() - 1));
  JsonContainer* const into = parent == nullptr ? nullptr : tree.container(*parent);
  const JsonLeg& last = legs.back();
  if (into == nullptr || into->is_object != last.is_member) return JsonPatchFault::place;
  const std::size_t cells = into->slots.size();
  std::size_t place = std::min(last.cell, cells);
  if (last.from_end) place = cells - place;
  JsonSlot added = value;
  if (last.is_member) {
    place = into->place_of(last.member);
    if (into->has(place, last.member)) return JsonPatchFault::place;
    if (last.member.size() > std::numeric_limits<std::uint16_t>::max()) return JsonPatchFault::list;
    added.key = last.member.data();
    added.key_bytes = static_cast<std::uint16_t>(last.member.size());
  }
  into->slots.insert(into->slots.begin() + static_cast<std::ptrdiff_t>(place), added);
  return JsonPatchFault::none;
}

JsonPatchFault replace(JsonTree& tree, std::span<const JsonLeg> legs, JsonSlot value) {
  JsonSlot* const found = tree.find(legs);
  if (found == nullptr) return JsonPatchFault::place;
  value.key = found->key;
  value.key_bytes = found->key_bytes;
  *found = value;
  return JsonPatchFault::none;
}

JsonPatchFault remove(JsonTree& tree, std::span<const JsonLeg> legs) {
  JsonSlot* const parent = tree.find(legs.first(legs.size() - 1));
  JsonSlot* const found = tree.find(legs);
  if (found == nullptr || found == parent) return JsonPatchFault::place;
  auto& slots = parent->parts->slots;
  slots.erase(slots.begin() + (found - slots.data()));
  return JsonPatchFault::none;
}

JsonPatchFault apply(JsonTree& tree, const JsonDiff& diff, std::span<const JsonLeg> legs) {
  JsonSlot value;
  if (diff.operation != JsonDiffOperation::remove && !JsonTree::make(diff.value, value)) return JsonPatchFault::list;
  if (legs.empty() && diff.operation != JsonDiffOperation::replace) return JsonPatchFault::list;
  switch (diff.operation) {
    case JsonDiffOperation::replace: return replace(tree, legs, value);
    case JsonDiffOperation::insert: return insert(tree, legs, value);
    case JsonDiffOperation::remove: return remove(tree, legs);
  }
  return JsonPatchFault::list;
}

JsonPatchFault apply_all(JsonTree& tree, Bytes list, Arena& memory) {
  std::vector<JsonLeg> legs;
  for (Reader r{list}; r.remaining() != 0;) {
    JsonDiff diff;
    legs.clear();
    if (!JsonDiff::read(r, diff) || !parse_json_path(diff.path, memory, legs)) return JsonPatchFault::list;
    const JsonPatchFault fault = apply(tree, diff, legs);
    if (tree.malformed()) return JsonPatchFault::document;
    if (fault != JsonPatchFault::none) return fault;
  }
  return JsonPatchFault::none;
}

/// One change as an object.
bool append_object(OutputBuffer& out, const JsonDiff& diff) {
  if (!is_valid_utf8(diff.path)) return false;
  out.append("{\"op\": \"");
  out.append(operation_names[static_cast<std::size_t>(diff.operation)]);
  out.append("\", \"path\": \"");
  out.commit(write_json_escaped(out.reserve(json_escaped_room_bytes(diff.path.size())), diff.path).end);
  out.append('"');
  if (diff.operation != JsonDiffOperation::remove) {
    out.append(", \"value\": ");
    if (!append_json_text(out, diff.value)) return false;
  }
  out.append('}');
  return true;
}

}  // namespace

bool JsonDiff::read(Reader& list, JsonDiff& out) noexcept {
  const std::uint8_t operation = list.u8();
  out.path = list.text(list.lenenc());
  out.value = {};
  if (operation >= operation_names.size()) return false;
  out.operation = static_cast<JsonDiffOperation>(operation);
  if (out.operation != JsonDiffOperation::remove) out.value = list.take(list.lenenc());
  return !list.failed();
}

bool append_json_diff_text(OutputBuffer& out, Bytes list) {
  const std::size_t before_bytes = out.size();
  out.append('[');
  for (Reader r{list}; r.remaining() != 0;) {
    JsonDiff diff;
    if (!JsonDiff::read(r, diff) || !append_object(out, diff)) return out.truncate(before_bytes), false;
    if (r.remaining() != 0) out.append(", ");
  }
  out.append(']');
  return true;
}

std::string_view describe(JsonPatchFault fault) noexcept { return fault_texts[static_cast<std::size_t>(fault)]; }

JsonPatch apply_json_diffs(Bytes document, Bytes list, Arena& memory) {
  JsonTree tree{document.size() + list.size()};
  if (!JsonTree::make(document, tree.root())) return {JsonPatchFault::document, {}};
  const JsonPatchFault fault = apply_all(tree, list, memory);
  if (fault != JsonPatchFault::none) return {fault, {}};
  const std::uint64_t size_bytes = tree.measure();
  if (size_bytes > growth_max * (document.size() + list.size()) + growth_slack_bytes) return {JsonPatchFault::document, {}};
  if (size_bytes > std::numeric_limits<std::uint32_t>::max()) return {JsonPatchFault::size, {}};
  char* const begin = memory.take(static_cast<std::size_t>(size_bytes));
  tree.write(begin);
  return {JsonPatchFault::none, std::as_bytes(std::span{begin, static_cast<std::size_t>(size_bytes)})};
}

}  // namespace cdc
