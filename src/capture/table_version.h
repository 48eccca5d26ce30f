#pragma once

/// What one table looked like for the rows of one id in the log, and the file that keeps it between runs. Why a version fits a row:
/// table_versions.h.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/binlog/table_map.h"
#include "cdc/catalog/table_catalog.h"
#include "ddl_history.h"

namespace cdc::capture {

struct TableVersion {
  std::uint64_t table_id = 0;  ///< Of the table maps that it names.
  std::uint64_t shape = 0;     ///< shape_of them.
  LogPlace from;               ///< A row that it was right for; it holds from there as long as rows have that id.
  catalog::CatalogTable table;
};

/// All that is kept of one table.
struct TableVersionFile {
  std::string process;                 ///< The server's run that gave the ids: see read_process.
  std::vector<TableVersion> versions;  ///< Oldest first.
};

/// Of what a table map says of its columns but their names, which it does not have.
std::uint64_t shape_of(const binlog::TableMap& map);

/// What a file turned out to be. Those of nobody's or a later version's writing are left as they are.
enum class VersionFileState : std::uint8_t { good, corrupt, newer, foreign };

inline constexpr std::size_t version_count_max = 32;            ///< Of one table; the oldest go first.
inline constexpr std::size_t version_file_bytes_max = 4 << 20;  ///< What is larger is neither written nor read.

/// The file's bytes; the oldest versions are left out where they would be too many. Little-endian: 8 bytes that name the format, u16 its
/// version, u64 FNV-1a of the rest; then process, schema, table and the versions. Texts and lists have a u32 count before them.
std::string encode(const TableVersionFile& file);
/// `out` is what was encoded only when the answer is `good`. Any bytes may come.
VersionFileState decode(std::span<const std::byte> bytes, TableVersionFile& out);

}  // namespace cdc::capture
