#include "json_tree.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "json_binary.h"

namespace cdc {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t header_bytes = 8, key_entry_bytes = 6, value_entry_bytes = 5;  // of a large container
constexpr std::byte json_null[] = {std::byte{0}};

/// Steps over a container: behind its count stands its size, which counts both.
void skip_container(Reader& r, std::size_t word_bytes) noexcept {
  Reader head = r;
  head.uint_le(word_bytes);
  r.take(head.uint_le(word_bytes));
  if (head.failed()) r.fail();
}

/// Steps over one value of `type`.
void skip_value(Reader& r, std::uint8_t type) noexcept {
  switch (type) {
    case small_object:
    case small_array: return skip_container(r, 2);
    case large_object:
    case large_array: return skip_container(r, 4);
    case literal: r.take(1); return;
    case int16:
    case uint16: r.take(2); return;
    case int32:
    case uint32: r.take(4); return;
    case int64:
    case uint64:
    case float64: r.take(8); return;
    case opaque: r.take(1); [[fallthrough]];
    case utf8_string: r.take(read_json_length(r)); return;
    default: r.fail();
  }
}

/// The value at the front of `data`. False when it is cut off.
bool set_value(JsonSlot& slot, std::uint8_t type, Bytes data) noexcept {
  Reader r{data};
  skip_value(r, type);
  slot.type = type;
  slot.bytes = data.data();
  slot.size_bytes = static_cast<std::uint32_t>(r.offset());
  return !r.failed() && r.offset() <= std::numeric_limits<std::uint32_t>::max();
}

bool comes_before(std::string_view a, std::string_view b) noexcept { return a.size() != b.size() ? a.size() < b.size() : a < b; }

template <class Int>
char* put(char* out, Int value) noexcept {
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

char* put_bytes(char* out, const void* bytes, std::size_t size_bytes) noexcept {
  if (size_bytes != 0) std::memcpy(out, bytes, size_bytes);
  return out + size_bytes;
}

std::uint64_t size_of(const JsonSlot& slot) noexcept { return slot.expanded ? slot.parts->size_bytes : slot.size_bytes; }

std::uint8_t type_of(const JsonSlot& slot) noexcept {
  return !slot.expanded ? slot.type : static_cast<std::uint8_t>(slot.parts->is_object ? large_object : large_array);
}

}  // namespace

std::size_t JsonContainer::place_of(std::string_view key) const noexcept {
  const auto at = std::lower_bound(slots.begin(), slots.end(), key,
                                   [](const JsonSlot& slot, std::string_view wanted) { return comes_before(slot.name(), wanted); });
  return static_cast<std::size_t>(at - slots.begin());
}

bool JsonTree::make(Bytes document, JsonSlot& out) noexcept {
  if (document.empty()) return set_value(out, literal, json_null);
  return set_value(out, std::to_integer<std::uint8_t>(document.front()), document.subspan(1));
}

/// Count and size, an entry a key (offset and length), an entry a value (type, and its offset or itself).
template <bool large>
bool JsonTree::expand(const JsonSlot& from, JsonContainer& to) {
  constexpr std::size_t word = large ? 4 : 2;
  const Bytes data{from.bytes, from.size_bytes};
  Reader values{data};
  const std::uint64_t count = values.uint_le(word);
  values.uint_le(word);
  if (values.failed() || count > slots_left_) return false;
  slots_left_ -= static_cast<std::size_t>(count);
  Reader keys = values.sub(to.is_object ? count * (word + 2) : 0);
  to.slots.resize(static_cast<std::size_t>(count));
  for (JsonSlot& slot : to.slots) {
    const std::uint8_t type = values.u8();
    const Bytes field = values.take(word);
    const std::uint64_t at = values.failed() ? 0 : Reader{field}.uint_le(word);
    const bool inside = is_json_inlined(type, large)
                            ? set_value(slot, type, field)
                            : at <= data.size() && set_value(slot, type, data.subspan(static_cast<std::size_t>(at)));
    if (values.failed() || !inside) return false;
    if (!to.is_object) continue;
    const std::uint64_t key_at = keys.uint_le(word);
    slot.key_bytes = keys.u16();
    if (keys.failed() || key_at > data.size() || slot.key_bytes > data.size() - key_at) return false;
    slot.key = reinterpret_cast<const char*>(data.data() + key_at);
  }
  return true;
}

JsonContainer* JsonTree::container(JsonSlot& slot) {
  if (slot.expanded) return slot.parts;
  if (malformed_ || !is_json_container(slot.type)) return nullptr;
  JsonContainer& to = containers_.emplace_back();
  to.is_object = slot.type == small_object || slot.type == large_object;
  const bool large = slot.type == large_object || slot.type == large_array;
  if (!(large ? expand<true>(slot, to) : expand<false>(slot, to))) return malformed_ = true, nullptr;
  slot.parts = &to;
  slot.expanded = true;
  return &to;
}

/// As the server finds it: a value that is no array is the one cell of an array around it.
JsonSlot* JsonTree::step(JsonSlot& from, const JsonLeg& leg) {
  JsonContainer* const in = container(from);
  if (malformed_) return nullptr;
  if (in == nullptr || in->is_object != leg.is_member) return leg.is_member || leg.cell != 0 ? nullptr : &from;
  if (leg.is_member) {
    const std::size_t place = in->place_of(leg.member);
    return in->has(place, leg.member) ? &in->slots[place] : nullptr;
  }
  if (leg.cell >= in->slots.size()) return nullptr;
  return &in->slots[leg.from_end ? in->slots.size() - 1 - leg.cell : leg.cell];
}

JsonSlot* JsonTree::find(std::span<const JsonLeg> legs) {
  JsonSlot* at = &root_;
  for (const JsonLeg& leg : legs) {
    if (at != nullptr) at = step(*at, leg);
  }
  return at;
}

std::uint64_t JsonTree::measure(JsonSlot& slot) {
  if (!slot.expanded) return slot.size_bytes;
  JsonContainer& parts = *slot.parts;
  std::uint64_t sum = header_bytes;
  for (JsonSlot& each : parts.slots) {
    sum += value_entry_bytes + (is_json_inlined(type_of(each), true) ? 0 : measure(each));
    if (parts.is_object) sum += key_entry_bytes + each.key_bytes;
  }
  return parts.size_bytes = sum;
}

char* JsonTree::write_container(char* out, const JsonContainer& container) {
  const std::size_t count = container.slots.size();
  const std::uint64_t entry_bytes = value_entry_bytes + (container.is_object ? key_entry_bytes : 0);
  auto at = static_cast<std::uint32_t>(header_bytes + count * entry_bytes);
  out = put(put(out, static_cast<std::uint32_t>(count)), static_cast<std::uint32_t>(container.size_bytes));
  for (const JsonSlot& slot : container.slots) {
    if (!container.is_object) break;
    out = put(put(out, at), slot.key_bytes);
    at += slot.key_bytes;
  }
  for (const JsonSlot& slot : container.slots) {
    const bool inlined = is_json_inlined(type_of(slot), true);
    std::uint32_t field = at;
    if (inlined) field = 0, std::memcpy(&field, slot.bytes, slot.size_bytes);
    if (!inlined) at += static_cast<std::uint32_t>(size_of(slot));
    out = put(put(out, type_of(slot)), field);
  }
  for (const JsonSlot& slot : container.slots) out = put_bytes(out, slot.key, container.is_object ? slot.key_bytes : 0);
  for (const JsonSlot& slot : container.slots) {
    if (!is_json_inlined(type_of(slot), true)) out = write_value(out, slot);
  }
  return out;
}

char* JsonTree::write_value(char* out, const JsonSlot& slot) {
  return slot.expanded ? write_container(out, *slot.parts) : put_bytes(out, slot.bytes, slot.size_bytes);
}

char* JsonTree::write(char* out) const { return write_value(put(out, type_of(root_)), root_); }

}  // namespace cdc
