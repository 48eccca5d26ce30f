#pragma once

/// Rows of one result as they came from the server, copied until somebody may decode them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/mysql/connection.h"

namespace cdc::capture {

class RowBatch {
 public:
  /// A row larger than the limit is a batch of its own.
  static constexpr std::size_t rows_max = 256, bytes_max = std::size_t{64} << 10;
  /// Memory that an unusually large row needed is given back.
  static constexpr std::size_t bytes_kept_max = std::size_t{1} << 20;

  void add(mysql::RowView row) {
    width_ = row.size();
    for (const auto& field : row) {
      sizes_.push_back(field ? static_cast<std::int64_t>(field->size()) : -1);
      if (field) bytes_ += *field;
    }
    ++rows_;
  }
  bool full() const noexcept { return rows_ >= rows_max || bytes_.size() >= bytes_max; }
  bool empty() const noexcept { return rows_ == 0; }
  std::size_t size() const noexcept { return rows_; }
  void clear() {
    if (bytes_.capacity() > bytes_kept_max) std::string{}.swap(bytes_);
    bytes_.clear(), sizes_.clear();
    rows_ = 0;
    rewind();
  }

  /// The rows from the first one on, one a call, each valid until the batch changes.
  mysql::RowView next() {
    row_.resize(width_);
    for (auto& field : row_) {
      const std::int64_t size = sizes_[field_++];
      field = size < 0 ? std::nullopt : std::optional{std::string_view{bytes_}.substr(byte_, static_cast<std::size_t>(size))};
      if (size > 0) byte_ += static_cast<std::size_t>(size);
    }
    return row_;
  }
  void rewind() noexcept { field_ = byte_ = 0; }

 private:
  std::string bytes_;
  std::vector<std::int64_t> sizes_;  ///< Of each field; -1 = NULL.
  std::size_t rows_ = 0, width_ = 0;
  std::size_t field_ = 0, byte_ = 0;  ///< Where `next` reads on.
  std::vector<std::optional<std::string_view>> row_;
};

}  // namespace cdc::capture
