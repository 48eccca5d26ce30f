#pragma once

/// The beginning of a record up to the end of its position: base64, of which only what the record
/// number touches changes within a transaction.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "cdc/model/position.h"
#include "json_text.h"

namespace cdc::cli {

/// Rendered once a transaction, completed once a record with a few characters.
class RecordOpening {
 public:
  /// A new transaction. `n` is not used.
  void set(const BinlogPosition& position);
  /// Room that `write` needs.
  std::size_t size_max() const noexcept { return prefix_.size() + tails_[0].size() + number_room_bytes + json_slack_bytes; }
  /// `{"position":"…` with the number `digits`, 1 to 20 of them; up to the closing quote, without it.
  char* write(char* out, std::string_view digits) const noexcept;

 private:
  static constexpr std::size_t number_room_bytes = 32;

  void set_tail(const std::string& text);

  PositionText text_;
  BlockText prefix_;    ///< Up to the base64 of the last whole group before the number.
  char carry_[2] = {};  ///< What did not fill a group.
  std::size_t carry_size_ = 0;
  std::string tail_text_;           ///< What `tails_` was made from: the same for all transactions of a run.
  std::array<BlockText, 3> tails_;  ///< Base64 of the text after the number without its first 0, 1, 2 bytes.
};

}  // namespace cdc::cli
