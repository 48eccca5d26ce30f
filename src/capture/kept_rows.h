#pragma once

/// Rows of one result as they came from the server, copied until they may be decoded.

#include <cstddef>
#include <vector>

#include "cdc/mysql/packed_row.h"

namespace cdc::capture {

class KeptRows {
 public:
  /// Memory that an unusually large row needed is given back.
  static constexpr std::size_t bytes_kept_max = std::size_t{8} << 20;

  void add(mysql::PackedRow row) {
    bytes_.insert(bytes_.end(), row.begin(), row.end());
    ends_.push_back(bytes_.size());
  }
  std::size_t size() const noexcept { return ends_.size(); }
  void clear() {
    if (bytes_.capacity() > bytes_kept_max) std::vector<std::byte>{}.swap(bytes_);
    bytes_.clear(), ends_.clear();
    next_ = 0;
  }

  /// The rows from the first one on, one a call, each valid until the rows change.
  mysql::PackedRow next() {
    const std::size_t begin = next_ == 0 ? 0 : ends_[next_ - 1];
    return mysql::PackedRow{bytes_}.subspan(begin, ends_[next_++] - begin);
  }

 private:
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> ends_;  ///< Of each row.
  std::size_t next_ = 0;
};

}  // namespace cdc::capture
