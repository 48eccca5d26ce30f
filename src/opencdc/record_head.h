#pragma once

/// A record up to its key: position, operation, metadata. Within a transaction, table and operation only the record's number
/// changes, in the position and in `mysql.seq`: the head is composed once, then patched and copied whole.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/base/output_buffer.h"
#include "cdc/model/change.h"

namespace cdc::opencdc {

/// What a head has besides its numbers. Views into texts that the caller keeps until the next `set_rest`.
struct HeadParts {
  Operation operation{};
  std::string_view table, transaction, record;  ///< From render_metadata.
};

class RecordHead {
 public:
  /// `numbered`: metadata has the record's number and the clock.
  explicit RecordHead(bool numbered) noexcept : numbered_{numbered} {}

  /// A new transaction. `n` is not used.
  void set_position(PositionRef position);
  void set_rest(const HeadParts& parts) noexcept { parts_ = parts, composed_ = false; }
  void set_read_at(std::uint64_t unix_ns) noexcept;

  /// Room that `write` needs.
  std::size_t size_max() const noexcept;
  /// The head of the record with number `n`: the fields of the record, without a frame around them.
  char* write(char* out, std::uint64_t n);
  /// Where in the bytes last written the position stands.
  std::size_t position_at() const noexcept { return position_at_; }
  std::size_t position_size() const noexcept { return position_size_; }

 private:
  static constexpr std::size_t read_at_digits = 19;  ///< Nanoseconds since 1970, from 2001 until 2286.

  bool count_up() noexcept;
  void compose(std::uint64_t n);

  bool numbered_;
  PositionText text_;
  HeadParts parts_;
  char read_at_[read_at_digits] = {};

  OutputBuffer head_;
  bool composed_ = false;  ///< `head_` is good for numbers of as many digits.
  std::uint64_t n_ = 0;    ///< The number in it.
  std::size_t digit_count_ = 0, position_at_ = 0, position_size_ = 0, seq_at_ = 0, read_at_at_ = 0;
};

}  // namespace cdc::opencdc
