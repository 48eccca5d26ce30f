#include "json_head.h"

#include <algorithm>
#include <cstring>

#include "cdc/base/copy.h"

namespace cdc::cli {
namespace {

constexpr std::size_t group_bytes = 3;
constexpr std::string_view opening = "{\"position\":\"";

char* copy(char* out, std::string_view text) noexcept { return std::copy(text.begin(), text.end(), out); }

/// What is compared, and encoded when it differs, at a time: whole groups.
constexpr std::size_t piece_bytes = 8 * group_bytes;
static_assert(base64_size(piece_bytes) == 8 * 4);

/// Encodes `text` to `out`, which has the base64 of `last` there: from one transaction to the next few bytes of a position change.
char* update_base64(char* out, std::string_view last, std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + piece_bytes <= text.size(); at += piece_bytes, out += base64_size(piece_bytes)) {
    const bool same = at + piece_bytes <= last.size() && std::memcmp(text.data() + at, last.data() + at, piece_bytes) == 0;
    if (!same) write_base64(out, text.data() + at, piece_bytes);
  }
  return write_base64(out, text.data() + at, text.size() - at);
}

}  // namespace

void RecordHead::set_position(PositionRef position) {
  text_.render(position);
  const std::string_view before = text_.before_n();
  carry_size_ = before.size() % group_bytes;
  const std::string_view whole = before.substr(0, before.size() - carry_size_);
  char* const at = prefix_.room(opening.size() + base64_size(whole.size()));
  prefix_.end(update_base64(copy(at, opening), prefix_text_, whole));
  prefix_text_ = whole;
  copy(middle_, before.substr(before.size() - carry_size_));
  if (text_.after_n() != tail_text_) set_tail(text_.after_n());
  renew();
}

void RecordHead::set_tail(const std::string& text) {
  tail_text_ = text;
  for (std::size_t skipped = 0; skipped < tails_.size(); ++skipped) {
    const std::string_view tail = std::string_view{text}.substr(std::min(skipped, text.size()));
    tails_[skipped].end(write_base64(tails_[skipped].room(base64_size(tail.size())), tail.data(), tail.size()));
  }
}

/// With any bytes in the two places of the number.
char* RecordHead::compose(char* begin, std::uint64_t n) {
  digit_count_ = static_cast<std::size_t>(write_uint(middle_ + carry_size_, n) - digits());
  const std::size_t size = carry_size_ + digit_count_;
  const std::size_t borrowed = std::min((group_bytes - size % group_bytes) % group_bytes, tail_text_.size());
  copy(middle_ + size, std::string_view{tail_text_}.substr(0, borrowed));
  middle_size_ = size + borrowed;

  middle_at_ = prefix_.size();
  char* at = copy(begin, prefix_.view()) + base64_size(middle_size_);
  at = copy(copy(at, tails_[borrowed].view()), parts_.before_seq);
  seq_at_ = static_cast<std::size_t>(at - begin);
  if (parts_.has_seq) at += digit_count_;
  return copy(copy(copy(at, parts_.after_seq), parts_.read_at), parts_.closing);
}

char* RecordHead::write(char* out, std::uint64_t n) {
  static_assert(base64_size(middle_bytes_max) + integer_text_max_bytes <= number_room_bytes);
  char* end = nullptr;
  if (fresh_) {
    end = compose(out, n);
    fresh_ = false;
  } else {
    const bool counts_up = composed_ && n == n_ + 1 && increment_digits(middle_ + carry_size_, digit_count_);
    if (!counts_up) head_.end(compose(head_.room(size_max()), n));
    composed_ = true;
    std::memcpy(out, head_.view().data(), head_.size());
    end = out + head_.size();
  }
  n_ = n;
  write_base64(out + middle_at_, middle_, middle_size_);
  if (parts_.has_seq) copy_short(out + seq_at_, digits(), digit_count_);
  return end;
}

}  // namespace cdc::cli
