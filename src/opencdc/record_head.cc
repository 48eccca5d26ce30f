#include "record_head.h"

#include <cstring>

#include "avro_bytes.h"
#include "cdc/base/copy.h"
#include "cdc/base/numbers.h"

namespace cdc::opencdc {
namespace {

/// Tags of Record and of its map's entries: field number and wire type.
constexpr char tag_position = 0x0a, tag_operation = 0x10, tag_metadata = 0x1a, tag_key = 0x0a, tag_value = 0x12;
constexpr std::string_view seq_key = "mysql.seq", read_at_key = "opencdc.readAt";
/// Tags and lengths of the position, the operation and the two entries with numbers, and their keys.
constexpr std::size_t fixed_bytes = 128;

constexpr std::size_t framed(std::size_t size) noexcept { return 1 + varint_size(size) + size; }

char* write_framed(char* out, char tag, std::string_view text) noexcept {
  *out = tag;
  out = write_varint(out + 1, text.size());
  return copy_short(out, text.data(), text.size());
}

/// An entry up to its value of `value_size` bytes.
char* open_entry(char* out, std::string_view key, std::size_t value_size) noexcept {
  *out = tag_metadata;
  out = write_varint(out + 1, framed(key.size()) + framed(value_size));
  out = write_framed(out, tag_key, key);
  *out = tag_value;
  return write_varint(out + 1, value_size);
}

/// Takes the entries that stay as they are; protobuf has no order of a map's entries.
class Entries {
 public:
  explicit Entries(OutputBuffer& out) noexcept : out_{out} {}

  /// What is not UTF-8 would end the stream at the host, so it is replaced.
  void add(std::string_view key, std::string_view text) { is_valid_utf8(text) ? put(key, text) : put(key, replace_invalid_utf8(text)); }
  void add(std::string_view key, std::uint64_t number) {
    char text[integer_text_max_bytes];
    put(key, {text, static_cast<std::size_t>(write_uint(text, number) - text)});
  }
  void add_pair(std::string_view key, std::string_view first, std::string_view second) {
    std::string text{first};
    text += '.';
    add(key, text += second);
  }
  void add_seq(std::string_view) {}      // RecordHead's
  void add_read_at(std::string_view) {}  // RecordHead's

 private:
  void put(std::string_view key, std::string_view text) {
    constexpr std::size_t frames_bytes = 3 * (1 + varint_max_bytes);
    char* const at = out_.reserve(key.size() + text.size() + frames_bytes);
    out_.commit(copy_short(open_entry(at, key, text.size()), text.data(), text.size()));
  }

  OutputBuffer& out_;
};

}  // namespace

void RecordHead::set_position(const BinlogPosition& position) {
  text_.render(position);
  composed_ = false;
}

void RecordHead::set_rest(const Change& change, const SchemaNames& schemas) {
  operation_ = static_cast<char>(static_cast<unsigned>(change.operation) + 1);
  metadata_.clear();
  Entries entries{metadata_};
  add_metadata(entries, change, form_, schemas);
  if (!lean()) entries.add(version_key, version_text);
  composed_ = false;
}

void RecordHead::set_read_at(std::uint64_t unix_ns) noexcept {
  constexpr std::uint64_t billion = 1'000'000'000;
  read_at_[0] = static_cast<char>('0' + unix_ns / billion / billion % 10);
  write_padded(read_at_ + 1, static_cast<std::uint32_t>(unix_ns / billion % billion), 9);
  write_padded(read_at_ + 10, static_cast<std::uint32_t>(unix_ns % billion), 9);
  if (composed_ && !lean()) std::memcpy(head_.data() + read_at_at_, read_at_, sizeof read_at_);
}

std::size_t RecordHead::size_max() const noexcept {
  return fixed_bytes + text_.before_n().size() + text_.after_n().size() + metadata_.size() + 2 * integer_text_max_bytes + read_at_digits;
}

/// To the next number, when it has as many digits.
bool RecordHead::count_up() noexcept {
  char* const digits = head_.data() + position_at_ + text_.before_n().size();
  if (!increment_digits(digits, digit_count_)) return false;
  if (!lean()) copy_short(head_.data() + seq_at_, digits, digit_count_);
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
  *at++ = tag_operation, *at++ = operation_;
  if (!lean()) {
    at = open_entry(at, seq_key, digit_count_);
    seq_at_ = offset(at);
    at = open_entry(copy_short(at, digits, digit_count_), read_at_key, read_at_digits);
    read_at_at_ = offset(at);
    at = copy_short(at, read_at_, read_at_digits);
  }
  head_.commit(copy_short(at, metadata_.view().data(), metadata_.size()));
  composed_ = true;
}

char* RecordHead::write(char* out, std::uint64_t n) {
  if (!composed_ || n != n_ + 1 || !count_up()) compose(n);
  n_ = n;
  std::memcpy(out, head_.view().data(), head_.size());
  return out + head_.size();
}

}  // namespace cdc::opencdc
