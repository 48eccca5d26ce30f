#pragma once

/// columns.mask: values replaced before any sink sees them.

#include <memory>
#include <span>
#include <string>

#include "cdc/base/arena.h"
#include "cdc/config/settings.h"
#include "cdc/model/value.h"
#include "table_registry.h"

namespace cdc::capture {

class Masker {
 public:
  /// Reads `key_file` when a hash rule needs it. Throws Error (file_unreadable, setting_invalid) when it cannot be used.
  explicit Masker(const config::Settings& settings);
  ~Masker();

  /// Replaces the masked values of one image; absent and NULL stay what they are. New bytes live in `scratch`.
  void apply(std::span<const MaskedSlot> slots, std::span<Value> image, Arena& scratch) const;

 private:
  Value hash(const Value& value, Arena& scratch) const;
  std::string key_;  ///< Secret.
};

}  // namespace cdc::capture
