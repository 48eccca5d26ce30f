#pragma once

/// A record up to its key. Within a transaction, table and operation only the record's number changes:
/// it stands in `mysql.seq` and, in base64, at the end of the position.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/base/numbers.h"
#include "cdc/model/position.h"
#include "json_text.h"

namespace cdc::cli {

/// What stands between position and key. Views into texts that the caller keeps until the next `set_rest`.
struct HeadParts {
  std::string_view before_seq;  ///< From the quote that ends the position.
  bool has_seq = false;         ///< Whether the number stands here.
  std::string_view after_seq, read_at, closing;
};

/// Composed in place for a first record, the only one of many transactions; once more for a second, then copied whole and patched.
class RecordHead {
 public:
  /// A new transaction. `n` is not used.
  void set_position(PositionRef position);
  void set_rest(const HeadParts& parts) noexcept { rest() = parts; }
  /// The same, member by member: a whole HeadParts made for the call is stored in halves and read back before they have arrived.
  HeadParts& rest() noexcept { return renew(), parts_; }
  /// Room that `write` needs.
  std::size_t size_max() const noexcept {
    return prefix_.size() + tails_[0].size() + parts_.before_seq.size() + parts_.after_seq.size() + parts_.read_at.size() +
           parts_.closing.size() + number_room_bytes;
  }
  /// The head of the record with number `n`.
  char* write(char* out, std::uint64_t n);

 private:
  /// Carry, number, and what completes its last group.
  static constexpr std::size_t middle_bytes_max = 2 + integer_text_max_bytes + 2;
  static constexpr std::size_t number_room_bytes = 64;  ///< The number twice, once in base64.

  void set_tail(const std::string& text);
  char* compose(char* begin, std::uint64_t n);
  void renew() noexcept { fresh_ = true, composed_ = false; }
  const char* digits() const noexcept { return middle_ + carry_size_; }

  PositionText text_;
  std::string prefix_text_;         ///< What `prefix_` was made from.
  BlockText prefix_;                ///< Up to the base64 of the last whole group before the number.
  std::string tail_text_;           ///< What `tails_` was made from: the same for all transactions of a run.
  std::array<BlockText, 3> tails_;  ///< Base64 of the text after the number without its first 0, 1, 2 bytes.
  HeadParts parts_;

  char middle_[middle_bytes_max] = {};
  std::size_t carry_size_ = 0, digit_count_ = 0, middle_size_ = 0;
  BlockText head_;  ///< With any number in the two places below.
  std::size_t middle_at_ = 0, seq_at_ = 0;
  std::uint64_t n_ = 0;    ///< Whose digits `middle_` has.
  bool fresh_ = true;      ///< Nothing was written since the last change.
  bool composed_ = false;  ///< `head_` is good for numbers of as many digits.
};

}  // namespace cdc::cli
