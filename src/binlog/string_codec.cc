#include <libdeflate.h>

#include <memory>

#include "cdc/charset/text_value.h"
#include "value_codec.h"

namespace cdc::binlog {
namespace {

constexpr std::size_t value_size_max_bytes = std::size_t{1} << 30;  // what an event can hold
constexpr std::size_t deflate_ratio_max = 1032;                     // deflate cannot expand further

void set_padded(Value& out, const Codec& codec, std::string_view raw, Arena& scratch) {
  if (raw.size() >= codec.max_bytes) return set_data(out, codec.kind, raw);
  char* const padded = scratch.take(codec.max_bytes);
  if (!raw.empty()) std::memcpy(padded, raw.data(), raw.size());
  std::memset(padded + raw.size(), 0, codec.max_bytes - raw.size());
  set_data(out, codec.kind, {padded, codec.max_bytes});
}

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
};

bool inflate(bool raw_deflate, std::string_view compressed, char* out, std::size_t size_bytes) {
  thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor{libdeflate_alloc_decompressor()};
  const auto run = raw_deflate ? libdeflate_deflate_decompress : libdeflate_zlib_decompress;
  return decompressor && run(decompressor.get(), compressed.data(), compressed.size(), out, size_bytes, nullptr) == LIBDEFLATE_SUCCESS;
}

/// A COMPRESSED column. Layout: nothing for the empty string; else one byte whose high nibble is the method (0 as
/// it is, 8 zlib), whose bit 3 says "without zlib header" and whose low 3 bits count the big-endian length bytes
/// that follow. Source: MariaDB sql/field.cc, checked against 10.11.
bool set_compressed(Value& out, const Codec& codec, std::string_view raw, Arena& scratch) {
  if (raw.empty()) return charset::set_text_value(out, raw, codec.coding, scratch), true;
  const auto head = static_cast<unsigned char>(raw.front());
  if (head >> 4 == 0) return charset::set_text_value(out, raw.substr(1), codec.coding, scratch), true;
  const std::size_t length_bytes = head & 7;
  if (head >> 4 != 8 || length_bytes == 0 || raw.size() <= length_bytes + 1) return false;
  std::size_t size = 0;
  for (std::size_t i = 1; i <= length_bytes; ++i) size = size << 8 | static_cast<unsigned char>(raw[i]);
  const std::string_view body = raw.substr(length_bytes + 1);
  if (size > value_size_max_bytes || size / deflate_ratio_max > body.size()) return false;
  char* const plain = scratch.take(size);
  if (!inflate((head & 8) != 0, body, plain, size)) return false;
  charset::set_text_value(out, {plain, size}, codec.coding, scratch);
  return true;
}

}  // namespace

const std::byte* decode_string(const Codec& codec, Bytes in, Arena& scratch, Value& out) {
  if (!in.has(codec.width)) return nullptr;
  const std::size_t size = in.uint_le(codec.width);
  if (!in.has(size)) return nullptr;
  const std::string_view raw{reinterpret_cast<const char*>(in.at), size};
  bool valid = true;
  switch (codec.op) {
    case CodecOp::text: charset::set_text_value(out, raw, charset::TextCoding::utf8mb4, scratch); break;
    case CodecOp::bytes: set_data(out, ValueKind::bytes, raw); break;
    case CodecOp::ascii_based:
    case CodecOp::converted: charset::set_text_value(out, raw, codec.coding, scratch); break;
    case CodecOp::padded_bytes: set_padded(out, codec, raw, scratch); break;
    case CodecOp::json: set_data(out, ValueKind::json, raw); break;
    case CodecOp::geometry: set_data(out, ValueKind::geometry, raw), valid = size >= 4; break;
    case CodecOp::vector: set_data(out, ValueKind::vector, raw), valid = size % 4 == 0; break;
    case CodecOp::compressed: valid = set_compressed(out, codec, raw, scratch); break;
    default: valid = false;  // only the string-like codecs come here
  }
  return valid ? in.at + size : nullptr;
}

}  // namespace cdc::binlog
