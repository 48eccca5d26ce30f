#include "record_metadata.h"

#include "cdc/base/ascii.h"
#include "cdc/base/copy.h"
#include "cdc/base/numbers.h"

namespace cdc::opencdc {
namespace {

constexpr std::size_t framed(std::size_t size) noexcept { return 1 + varint_size(size) + size; }

class Entries {
 public:
  Entries(OutputBuffer& out, MetadataPart part) noexcept : out_{out}, part_{part} {}

  bool wants(MetadataPart part) const noexcept { return part == part_; }
  void add(std::string_view key, std::string_view text) {
    const bool valid = is_ascii(text.data(), text.size()) || is_valid_utf8(text);
    valid ? put(key, text) : put(key, replace_invalid_utf8(text));
  }
  void add(std::string_view key, std::uint64_t number) {
    char text[integer_text_max_bytes];
    put(key, {text, static_cast<std::size_t>(write_uint(text, number) - text)});
  }
  void add_pair(std::string_view key, std::string_view first, std::string_view second) {
    std::string text{first};
    text += '.';
    add(key, text += second);
  }
  void add_seq(std::string_view) {}
  void add_read_at(std::string_view) {}

 private:
  void put(std::string_view key, std::string_view text) {
    char* const at = out_.reserve(entry_frame_bytes + key.size() + text.size());
    out_.commit(copy_short(open_entry(at, key, text.size()), text.data(), text.size()));
  }

  OutputBuffer& out_;
  MetadataPart part_;
};

}  // namespace

char* open_entry(char* out, std::string_view key, std::size_t value_size) noexcept {
  *out = tag_metadata;
  out = write_varint(out + 1, framed(key.size()) + framed(value_size));
  *out = tag_entry_key;
  out = write_varint(out + 1, key.size());
  out = copy_short(out, key.data(), key.size());
  *out = tag_entry_value;
  return write_varint(out + 1, value_size);
}

void render_metadata(OutputBuffer& out, MetadataPart part, const Change& change, const MetadataForm& form, const SchemaNames& schemas) {
  out.clear();
  Entries entries{out, part};
  add_metadata(entries, change, form, schemas);
  if (part == MetadataPart::table && form.level != config::MetadataLevel::lean) entries.add(version_key, version_text);
}

}  // namespace cdc::opencdc
