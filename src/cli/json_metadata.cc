#include "json_metadata.h"

#include <array>
#include <cstring>
#include <string_view>

#include "cdc/base/numbers.h"
#include "cdc/opencdc/metadata.h"
#include "json_text.h"

namespace cdc::cli {
namespace {

constexpr std::array<std::string_view, 4> openings{
    "\",\"operation\":\"create\",\"metadata\":{", "\",\"operation\":\"update\",\"metadata\":{",
    "\",\"operation\":\"delete\",\"metadata\":{", "\",\"operation\":\"snapshot\",\"metadata\":{"};

/// Takes the entries in the order of their names, as opencdc::add_metadata gives them.
class Entries {
 public:
  explicit Entries(MetadataText& out) noexcept : out_{&out.before_seq}, after_seq_{out.after_seq} {}
  /// Takes up behind the record's number.
  void continue_after_seq() {
    first_ = false;
    out_ = &after_seq_;
    after_seq_.clear();
    after_seq_.append('"');
  }

  /// JSON has them in one order, so all in one go.
  static constexpr bool wants(opencdc::MetadataPart) noexcept { return true; }
  /// `text`: UTF-8.
  [[gnu::always_inline]] void add(std::string_view key, std::string_view text) {  // keys are literals: copied without a call
    char* at = begin(key, json_escape_factor * text.size() + json_slack_bytes);
    end(write_json_escaped(at, text.data(), text.size()));
  }
  [[gnu::always_inline]] void add(std::string_view key, std::uint64_t number) {
    end(write_uint(begin(key, integer_text_max_bytes), number));
  }
  [[gnu::always_inline]] void add_pair(std::string_view key, std::string_view first, std::string_view second) {
    char* at = begin(key, json_escape_factor * (first.size() + second.size()) + 2 * json_slack_bytes);
    at = write_json_escaped(at, first.data(), first.size());
    *at++ = '.';
    end(write_json_escaped(at, second.data(), second.size()));
  }
  /// The value is the caller's, and behind it comes the other buffer.
  void add_seq(std::string_view key) {
    out_->commit(begin(key, 0));
    continue_after_seq();
  }
  /// The value is the caller's, and what follows is metadata_closing.
  void add_read_at(std::string_view key) { out_->commit(begin(key, 0)); }

 private:
  /// The value, up to `room` bytes of it, is written at what this returns, and `end` after it.
  [[gnu::always_inline]] char* begin(std::string_view key, std::size_t room) {
    char* at = out_->reserve(key.size() + room + 8);
    if (!first_) *at++ = ',';
    first_ = false;
    *at++ = '"';
    std::memcpy(at, key.data(), key.size());
    std::memcpy(at + key.size(), "\":\"", 3);
    return at + key.size() + 3;
  }
  void end(char* at) noexcept {
    *at++ = '"';
    out_->commit(at);
  }

  OutputBuffer* out_;
  OutputBuffer& after_seq_;
  bool first_ = true;
};

}  // namespace

void render_metadata(const Change& change, const RecordForm& form, MetadataText& out) {
  out.before_seq.clear();
  out.after_seq.clear();
  out.before_seq.append(openings[static_cast<std::size_t>(change.operation)]);
  Entries entries{out};
  opencdc::add_metadata(entries, change, {form.metadata, form.collection});
}

void render_metadata_after_seq(const Change& change, const RecordForm& form, MetadataText& out) {
  if (form.metadata == config::MetadataLevel::lean) return;  // all stands before
  Entries entries{out};
  entries.continue_after_seq();
  opencdc::add_metadata_after_seq(entries, change, {form.metadata, form.collection});
}

std::string_view metadata_closing(const RecordForm& form) noexcept {
  return form.metadata == config::MetadataLevel::lean ? "},\"key\":" : "\",\"opencdc.version\":\"v1\"},\"key\":";
}

}  // namespace cdc::cli
