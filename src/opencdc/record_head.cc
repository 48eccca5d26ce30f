#include "record_head.h"

#include <cstring>

#include "cdc/base/copy.h"
#include "cdc/base/numbers.h"
#include "record_metadata.h"

namespace cdc::opencdc {
namespace {

/// Tags of Record: field number and wire type.
constexpr char tag_position = 0x0a, tag_operation = 0x10;
constexpr std::string_view seq_key = "mysql.seq", read_at_key = "opencdc.readAt";
/// Tags and lengths of the position and the operation, and the two entries without their values.
constexpr std::size_t fixed_bytes = 16 + 2 * entry_frame_bytes + seq_key.size() + read_at_key.size();

}  // namespace

void RecordHead::set_position(PositionRef position) {
  text_.render(position);
  composed_ = false;
}

void RecordHead::set_read_at(std::uint64_t unix_ns) noexcept {
  constexpr std::uint64_t billion = 1'000'000'000;
  read_at_[0] = static_cast<char>('0' + unix_ns / billion / billion % 10);
  write_padded(read_at_ + 1, static_cast<std::uint32_t>(unix_ns / billion % billion), 9);
  write_padded(read_at_ + 10, static_cast<std::uint32_t>(unix_ns % billion), 9);
  if (composed_ && numbered_) std::memcpy(head_.data() + read_at_at_, read_at_, sizeof read_at_);
}

std::size_t RecordHead::size_max() const noexcept {
  return fixed_bytes + text_.before_n().size() + text_.after_n().size() + parts_.table.size() + parts_.transaction.size() +
         parts_.record.size() + 2 * integer_text_max_bytes + read_at_digits;
}

/// To the next number, when it has as many digits.
bool RecordHead::count_up() noexcept {
  char* const digits = head_.data() + position_at_ + text_.before_n().size();
  if (!increment_digits(digits, digit_count_)) return false;
  if (numbered_) copy_short(head_.data() + seq_at_, digits, digit_count_);
  return true;
}

void RecordHead::compose(std::uint64_t n) {
  char digits[integer_text_max_bytes];
  digit_count_ = static_cast<std::size_t>(write_uint(digits, n) - digits);
  head_.clear();
  char* const begin = head_.reserve(size_max());
  const auto offset = [&](const char* at) { return static_cast<std::size_t>(at - begin); };

  position_size_ = text_.before_n().size() + digit_count_ + text_.after_n().size();
  *begin = tag_position;
  char* at = write_varint(begin + 1, position_size_);
  position_at_ = offset(at);
  at = copy_short(at, text_.before_n().data(), text_.before_n().size());
  at = copy_short(at, digits, digit_count_);
  at = copy_short(at, text_.after_n().data(), text_.after_n().size());
  *at++ = tag_operation, *at++ = static_cast<char>(static_cast<unsigned>(parts_.operation) + 1);
  if (numbered_) {
    at = open_entry(at, seq_key, digit_count_);
    seq_at_ = offset(at);
    at = open_entry(copy_short(at, digits, digit_count_), read_at_key, read_at_digits);
    read_at_at_ = offset(at);
    at = copy_short(at, read_at_, read_at_digits);
  }
  for (const std::string_view part : {parts_.transaction, parts_.table, parts_.record}) at = copy_short(at, part.data(), part.size());
  head_.commit(at);
  composed_ = true;
}

char* RecordHead::write(char* out, std::uint64_t n) {
  if (!composed_ || n != n_ + 1 || !count_up()) compose(n);
  n_ = n;
  std::memcpy(out, head_.view().data(), head_.size());
  return out + head_.size();
}

}  // namespace cdc::opencdc
