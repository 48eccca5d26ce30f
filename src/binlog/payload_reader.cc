#include "cdc/binlog/payload_reader.h"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "cdc/base/error.h"
#include "cdc/binlog/event.h"

namespace cdc::binlog {
namespace {

constexpr std::size_t first_buffer_bytes = std::size_t{128} << 10;
/// A buffer beyond this is given back at the next payload.
constexpr std::size_t kept_buffer_bytes = std::size_t{4} << 20;

enum class Field : std::uint64_t { end = 0, payload_size = 1, compression = 2, plain_size = 3 };
constexpr std::uint64_t compression_zstd = 0, compression_none = 255;

constexpr std::string_view damaged_cure =
    "the log is damaged or was changed on the way: check it with mysqlbinlog --verify-binlog-checksum";
constexpr std::string_view switch_off_cure = "SET GLOBAL binlog_transaction_compression=OFF, and start behind this transaction";

[[noreturn]] void malformed(std::string_view what) {
  throw Error{ErrorCode::payload_malformed, Remedy::fix, fmt::format("compressed transaction: {}", what), std::string{damaged_cure}};
}

[[noreturn]] void too_large(std::string_view what) {
  throw Error{ErrorCode::payload_too_large, Remedy::operate, fmt::format("compressed transaction: {}", what), std::string{switch_off_cure}};
}

}  // namespace

void PayloadReader::Free::operator()(ZSTD_DCtx_s* d) const noexcept { ZSTD_freeDCtx(d); }

PayloadReader::PayloadReader() : decompressor_{ZSTD_createDCtx()} {
  if (decompressor_ == nullptr) throw std::bad_alloc{};
  ZSTD_DCtx_setParameter(decompressor_.get(), ZSTD_d_windowLogMax, window_log_max);
}

/// Type, length and value of each field are length-encoded. Unknown types are stepped over.
bool PayloadReader::parse_fields(Reader& body) {
  std::uint64_t compression = compression_none, packed_bytes = 0;
  bool size_known = false;
  while (!body.failed()) {
    const auto field = static_cast<Field>(body.lenenc());
    if (body.failed() || field == Field::end) break;
    Reader value = body.sub(body.lenenc());
    if (field == Field::compression) compression = value.lenenc();
    if (field == Field::payload_size) packed_bytes = value.lenenc(), size_known = true;
    if (field == Field::plain_size) plain_left_bytes_ = value.lenenc(), size_declared_ = true;
    if (value.failed()) return false;
  }
  packed_ = body.take(packed_bytes);
  compressed_ = compression == compression_zstd;
  if (!compressed_ && compression != compression_none)
    throw Error{ErrorCode::event_unsupported, Remedy::operate, fmt::format("compressed transaction: unknown compression {}", compression),
                std::string{switch_off_cure}};
  return size_known && !body.failed() && body.remaining() == 0;
}

void PayloadReader::open(Reader body) {
  ZSTD_DCtx_reset(decompressor_.get(), ZSTD_reset_session_only);
  if (capacity_bytes_ > kept_buffer_bytes) buffer_.reset(), capacity_bytes_ = 0;
  begin_ = end_ = 0;
  frame_open_ = size_declared_ = false;
  plain_left_bytes_ = UINT64_MAX;
  packed_ = {};
  if (!parse_fields(body)) malformed("its header is cut or does not fit its size");
}

/// Size of the event whose header is `head`.
std::size_t PayloadReader::next_size(std::span<const std::byte> head) const {
  Reader r{head};
  const EventHeader header = EventHeader::parse(r);
  if (r.failed()) malformed("an event within has an impossible size");
  if (header.type == EventType::transaction_payload) malformed("holds another one");
  if (header.size_bytes > event_max_bytes) too_large(fmt::format("an event of {} bytes within", header.size_bytes));
  return header.size_bytes;
}

std::span<const std::byte> PayloadReader::next_stored() {
  if (packed_.empty()) return {};
  const std::size_t size_bytes = next_size(packed_);
  if (size_bytes > packed_.size()) malformed("its last event is cut");
  const auto event = packed_.first(size_bytes);
  packed_ = packed_.subspan(size_bytes);
  return event;
}

std::span<const std::byte> PayloadReader::next() {
  if (!compressed_) return next_stored();
  if (!ensure(EventHeader::wire_size_bytes)) {
    if (begin_ != end_) malformed("its last event is cut");
    if (size_declared_ && plain_left_bytes_ != 0) malformed("holds less than it declares");
    return {};
  }
  const std::size_t size_bytes = next_size({buffer_.get() + begin_, EventHeader::wire_size_bytes});
  if (!ensure(size_bytes)) malformed("its last event is cut");
  const std::span<const std::byte> event{buffer_.get() + begin_, size_bytes};
  begin_ += size_bytes;
  return event;
}

/// Inflates until that many bytes are there; false when the payload ends before.
bool PayloadReader::ensure(std::size_t size_bytes) {
  while (end_ - begin_ < size_bytes) {
    if (packed_.empty() && !frame_open_) return false;
    make_room();
    inflate_more();
  }
  return true;
}

/// Some room behind `end_`. The buffer doubles only when it is full of bytes that really came, so a
/// size that an event merely claims costs nothing.
void PayloadReader::make_room() {
  if (end_ < capacity_bytes_ && begin_ != end_) return;
  const std::size_t kept_bytes = end_ - begin_;
  const bool full = begin_ == 0 && end_ == capacity_bytes_;
  if (full) {
    const std::size_t grown_bytes = std::max(first_buffer_bytes, capacity_bytes_ * 2);
    std::unique_ptr<std::byte[]> grown{new std::byte[grown_bytes]};
    if (kept_bytes != 0) std::memcpy(grown.get(), buffer_.get(), kept_bytes);
    buffer_ = std::move(grown);
    capacity_bytes_ = grown_bytes;
  } else if (kept_bytes != 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, kept_bytes);
  }
  begin_ = 0;
  end_ = kept_bytes;
}

void PayloadReader::inflate_more() {
  ZSTD_inBuffer in{packed_.data(), packed_.size(), 0};
  ZSTD_outBuffer out{buffer_.get() + end_, capacity_bytes_ - end_, 0};
  const std::size_t result = ZSTD_decompressStream(decompressor_.get(), &out, &in);
  if (ZSTD_isError(result) != 0) {
    if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge)
      too_large(fmt::format("asks for a zstd window beyond 2^{} bytes", window_log_max));
    malformed(ZSTD_getErrorName(result));
  }
  if (in.pos == 0 && out.pos == 0) malformed("its zstd stream is cut");
  if (out.pos > plain_left_bytes_) malformed("holds more than it declares");
  frame_open_ = result != 0;
  packed_ = packed_.subspan(in.pos);
  plain_left_bytes_ -= out.pos;
  end_ += out.pos;
}

}  // namespace cdc::binlog
