#pragma once

/// A binary JSON document of which parts are changed: only the containers on the way to a change are taken apart.
///
/// Everything else stays the bytes that it was, borrowed until the document is written anew.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "json_path.h"

namespace cdc {

struct JsonContainer;

/// A value, and its key where it is in an object. A large array has many of them: so they are kept small.
struct JsonSlot {
  union {
    const std::byte* bytes = nullptr;  ///< The value as it is in a document, without its type.
    JsonContainer* parts;              ///< When `expanded`.
  };
  const char* key = nullptr;
  std::uint32_t size_bytes = 0;  ///< Of `bytes`.
  std::uint16_t key_bytes = 0;
  std::uint8_t type = 0;  ///< A JsonType.
  bool expanded = false;

  std::string_view name() const noexcept { return {key, key_bytes}; }
};

struct JsonContainer {
  bool is_object = false;
  std::uint64_t size_bytes = 0;  ///< Once written; set by JsonTree::measure.
  std::vector<JsonSlot> slots;   ///< Of an object in the server's order: shorter keys first, then by their bytes.

  /// The member, or where it would be inserted.
  std::size_t place_of(std::string_view key) const noexcept;
  bool has(std::size_t place, std::string_view key) const noexcept { return place < slots.size() && slots[place].name() == key; }
};

class JsonTree {
 public:
  /// `size_bytes`: of all that values are made of. It bounds what taking apart may cost, also where values share bytes.
  explicit JsonTree(std::size_t size_bytes) noexcept : slots_left_{size_bytes / slot_bytes_min} {}

  /// The value that `document` is. False when its bytes are not all there; no bytes are JSON null.
  [[nodiscard]] static bool make(std::span<const std::byte> document, JsonSlot& out) noexcept;
  JsonSlot& root() noexcept { return root_; }

  /// The container in `slot`, taken apart; null when there is none, or it is malformed.
  JsonContainer* container(JsonSlot& slot);
  /// Where `legs` lead to; null when there is nothing.
  JsonSlot* find(std::span<const JsonLeg> legs);
  bool malformed() const noexcept { return malformed_; }

  /// Bytes of the whole document, which may be more than a value can have.
  std::uint64_t measure() { return 1 + measure(root_); }
  /// Writes that many bytes; returns their end.
  char* write(char* out) const;

 private:
  static constexpr std::size_t slot_bytes_min = 3;  ///< An entry of a small array.

  template <bool large>
  bool expand(const JsonSlot& from, JsonContainer& to);
  JsonSlot* step(JsonSlot& from, const JsonLeg& leg);
  std::uint64_t measure(JsonSlot& slot);
  static char* write_value(char* out, const JsonSlot& slot);
  static char* write_container(char* out, const JsonContainer& container);

  JsonSlot root_;
  std::deque<JsonContainer> containers_;  ///< Stable addresses.
  std::size_t slots_left_;
  bool malformed_ = false;
};

}  // namespace cdc
