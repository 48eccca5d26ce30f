#pragma once

/// Metadata as a record's bytes. Protobuf has no order of a map's entries, so what a table and what a transaction has to say is
/// rendered once, and put together by RecordHead.

#include <cstddef>
#include <string_view>

#include "avro_bytes.h"
#include "cdc/base/output_buffer.h"
#include "cdc/model/change.h"
#include "cdc/opencdc/metadata.h"

namespace cdc::opencdc {

/// Tags of a record's map and of its entries: field number and wire type.
inline constexpr char tag_metadata = 0x1a, tag_entry_key = 0x0a, tag_entry_value = 0x12;
/// Tags and lengths of one entry.
inline constexpr std::size_t entry_frame_bytes = 3 * (1 + varint_max_bytes);

/// An entry up to its value of `value_size` bytes. Needs entry_frame_bytes and the key's.
char* open_entry(char* out, std::string_view key, std::size_t value_size) noexcept;

/// The entries of one part, without the two that are RecordHead's: `mysql.seq` and `opencdc.readAt`. What is not UTF-8 would end
/// the stream at the host, so it is replaced.
void render_metadata(OutputBuffer& out, MetadataPart part, const Change& change, const MetadataForm& form, const SchemaNames& schemas);

}  // namespace cdc::opencdc
