#include "cdc/charset/text_value.h"

#include "cdc/base/ascii.h"
#include "cdc/base/utf8.h"

namespace cdc::charset {
namespace {

void mark_bytes(Value& out, std::string_view raw, ValueMark mark) noexcept {
  set_data(out, ValueKind::bytes, raw);
  out.mark = mark;
}

void set_checked(Value& out, std::string_view raw, bool valid) noexcept {
  if (!valid) return mark_bytes(out, raw, ValueMark::invalid_text);
  set_data(out, ValueKind::text, raw);
  out.mark = ValueMark::none;
}

void set_converted(Value& out, std::string_view raw, TextCoding coding, Arena& scratch) {
  if (extends_ascii(coding) && is_ascii(raw.data(), raw.size())) return set_checked(out, raw, true);
  char* const begin = scratch.take(utf8_max_bytes(raw.size(), coding));
  char* const end = convert_to_utf8(begin, raw, coding);
  scratch.trim(end == nullptr ? begin : end);
  if (end == nullptr) return mark_bytes(out, raw, ValueMark::invalid_text);
  set_checked(out, {begin, static_cast<std::size_t>(end - begin)}, true);
}

}  // namespace

void set_text_value(Value& out, std::string_view raw, TextCoding coding, Arena& scratch) {
  switch (coding) {
    case TextCoding::utf8mb4: return set_checked(out, raw, is_valid_utf8(raw));
    case TextCoding::utf8mb3: return set_checked(out, raw, is_valid_utf8mb3(raw));
    case TextCoding::unsupported: return mark_bytes(out, raw, ValueMark::invalid_text);
    case TextCoding::binary: return mark_bytes(out, raw, ValueMark::none);
    case TextCoding::unknown:
      set_checked(out, raw, is_valid_utf8(raw));
      if (out.mark == ValueMark::none) out.mark = ValueMark::unknown_charset;
      return;
    default: return set_converted(out, raw, coding, scratch);
  }
}

}  // namespace cdc::charset
