#pragma once

/// Steps over an Avro body by the types of its schema: whether a decoder would come out at its end.

#include <cstdint>
#include <string_view>

#include "avro_type.h"
#include "wire_message.h"

namespace cdc::opencdc {

class AvroWalk {
 public:
  explicit AvroWalk(std::string_view body) noexcept : rest_{body} {}

  bool done() const noexcept { return ok_ && rest_.empty(); }

  void field(const AvroType& type) {
    using enum AvroBody;
    if (type.body == any || type.body == long_or_string) return branch(type.body == any);
    if (type.nullable) {
      const std::uint64_t at = number();
      ok_ = ok_ && at <= 1;
      if (at == 0) return;
    }
    switch (type.body) {
      case int_: {
        const std::uint64_t zigzag = number(true);
        ok_ = ok_ && zigzag >> 32 == 0;
        return;
      }
      case long_: number(true); return;
      case float_: return skip(4);
      case double_: return skip(8);
      case string:
      case bytes:
      case decimal: return skip(number());
      case floats: return items();
      case long_or_string:
      case any: return;
    }
  }

 private:
  /// Of a union of primitives.
  void branch(bool is_any) {
    switch (number()) {
      case 0: return;
      case 1: number(true); return;
      case 2: return is_any ? skip(8) : skip(number());
      case 3:
      case 4: ok_ = ok_ && is_any; return skip(number());
      default: ok_ = false;
    }
  }
  void items() {
    while (ok_) {
      const std::uint64_t count = number();
      if (count == 0) return;
      ok_ = ok_ && count <= rest_.size() / 4;
      if (ok_) skip(4 * count);
    }
  }
  /// A count, which is not negative; or any number, still zigzag.
  std::uint64_t number(bool any_sign = false) {
    std::uint64_t out = 0;
    ok_ = ok_ && test::take_varint(rest_, out) && (any_sign || out % 2 == 0);
    return ok_ ? (any_sign ? out : out / 2) : 0;
  }
  void skip(std::uint64_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (ok_) rest_.remove_prefix(size);
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace cdc::opencdc
