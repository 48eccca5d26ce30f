#include "tagged_gtid.h"

#include <bit>

#include "gtid_tag.h"

namespace cdc::binlog {
namespace {

/// As many bytes as the first has trailing one bits, plus one; the value starts above them.
std::uint64_t read_varint(Reader& r) noexcept {
  const std::uint8_t first = r.u8();
  const auto more_bytes = static_cast<unsigned>(std::countr_one(first));
  if (more_bytes == 0) return first >> 1U;
  const std::uint64_t rest = r.uint_le(more_bytes);
  return more_bytes == 8 ? rest : static_cast<std::uint64_t>(first) >> (more_bytes + 1) | rest << (7 - more_bytes);
}

/// The sign is the lowest bit, so that small negative numbers stay short.
std::int64_t read_signed_varint(Reader& r) noexcept {
  const std::uint64_t value = read_varint(r);
  return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
}

std::uint8_t read_byte(Reader& r) noexcept {
  const std::uint64_t value = read_varint(r);
  if (value > 0xff) r.fail();
  return static_cast<std::uint8_t>(value);
}

std::uint32_t read_u32(Reader& r) noexcept {
  const std::uint64_t value = read_varint(r);
  if (value > UINT32_MAX) r.fail();
  return static_cast<std::uint32_t>(value);
}

std::string_view read_tag(Reader& r) noexcept {
  const std::string_view tag = r.text(read_varint(r));
  if (!tag.empty() && !is_gtid_tag(tag)) r.fail();
  return tag;
}

using ReadField = void (*)(Reader&, MysqlGtidEvent&) noexcept;

/// Index = field number.
constexpr ReadField fields[] = {
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.flags = read_byte(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept {
      for (std::byte& b : e.uuid) b = std::byte{read_byte(r)};
    },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.number = read_signed_varint(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.tag = read_tag(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.last_committed = read_signed_varint(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.sequence_number = read_signed_varint(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.original_commit_us = e.immediate_commit_us = read_varint(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.original_commit_us = read_varint(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.transaction_bytes = read_varint(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.original_version = e.immediate_version = read_u32(r); },
    [](Reader& r, MysqlGtidEvent& e) noexcept { e.original_version = read_u32(r); },
    [](Reader& r, MysqlGtidEvent&) noexcept { read_varint(r); },  // commit group ticket
};

}  // namespace

void parse_tagged(Reader& r, MysqlGtidEvent& out) noexcept {
  const std::size_t size_bytes = r.remaining();
  if (read_varint(r) != 1) return r.fail();            // serialization version
  if (read_varint(r) != size_bytes) return r.fail();   // of the whole body
  const std::uint64_t needed_fields = read_varint(r);  // one past the last that must be understood
  std::uint64_t next_field = 0;
  while (r.remaining() != 0) {
    const std::uint64_t field = read_varint(r);
    if (field < next_field) return r.fail();
    if (field >= std::size(fields)) {
      if (field < needed_fields) r.fail();
      return static_cast<void>(r.take(r.remaining()));  // unknown, and all behind it
    }
    fields[field](r, out);
    next_field = field + 1;
  }
}

}  // namespace cdc::binlog
