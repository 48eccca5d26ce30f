#include "json_position.h"

#include <algorithm>
#include <cstring>

#include "cdc/base/numbers.h"

namespace cdc::cli {
namespace {

constexpr std::size_t group_bytes = 3;
/// Carry, number and what completes its last group.
constexpr std::size_t middle_bytes_max = 2 + integer_text_max_bytes + 2;
constexpr std::string_view opening = "{\"position\":\"";

void set_base64(BlockText& out, std::string_view before, std::string_view text) {
  char* const at = out.room(before.size() + base64_size(text.size()));
  std::memcpy(at, before.data(), before.size());
  out.end(write_base64(at + before.size(), text.data(), text.size()));
}

}  // namespace

void RecordOpening::set(const BinlogPosition& position) {
  render_position(position, text_);
  const std::string_view before = text_.before_n;
  carry_size_ = before.size() % group_bytes;
  set_base64(prefix_, opening, before.substr(0, before.size() - carry_size_));
  std::memcpy(carry_, before.data() + before.size() - carry_size_, carry_size_);
  if (text_.after_n != tail_text_) set_tail(text_.after_n);
}

void RecordOpening::set_tail(const std::string& text) {
  tail_text_ = text;
  for (std::size_t skipped = 0; skipped < tails_.size(); ++skipped) {
    set_base64(tails_[skipped], {}, std::string_view{text}.substr(std::min(skipped, text.size())));
  }
}

char* RecordOpening::write(char* out, std::string_view digits) const noexcept {
  static_assert(base64_size(middle_bytes_max) <= number_room_bytes);
  char middle[middle_bytes_max];
  std::memcpy(middle, carry_, sizeof carry_);
  std::memcpy(middle + carry_size_, digits.data(), digits.size());
  std::size_t size = carry_size_ + digits.size();
  const std::size_t borrowed = std::min((group_bytes - size % group_bytes) % group_bytes, tail_text_.size());
  std::memcpy(middle + size, tail_text_.data(), borrowed);
  size += borrowed;
  std::memcpy(out, prefix_.view().data(), prefix_.size());
  return tails_[borrowed].copy_to(write_base64(out + prefix_.size(), middle, size));
}

}  // namespace cdc::cli
