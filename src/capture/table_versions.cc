#include "table_versions.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/hash.h"
#include "cdc/base/log.h"

namespace cdc::capture {
namespace {

constexpr std::string_view digits = "0123456789";

/// Only where files are counted by digits alone is it known that a server's start begins a new one.
bool one_run_a_file(std::string_view file) noexcept {
  const std::size_t dot = file.rfind('.');
  return dot != std::string_view::npos && dot + 1 < file.size() && file.find_first_not_of(digits, dot + 1) == std::string_view::npos;
}

bool is_of(const TableVersion& version, const binlog::TableMap& map, std::uint64_t shape) {
  return version.table_id == map.table_id && version.shape == shape && version.table.columns.size() == map.columns.size();
}

/// What is said of a file that is not used, and whether it may be written anew.
struct Verdict {
  VersionFileState state;
  std::string_view text;
  bool writable;
};
constexpr Verdict verdicts[] = {
    {VersionFileState::corrupt, "is damaged and is not used; the versions in it are lost, nothing else", true},
    {VersionFileState::newer, "is of a later version of this program: neither used nor changed; remove it if you do not go back to that",
     false},
    {VersionFileState::foreign, "is not of this program: neither used nor changed; move it elsewhere", false},
};

}  // namespace

bool same_run_reaches(const LogPlace& from, const LogPlace& row) {
  return !before(row, from) || (row.file == from.file && one_run_a_file(row.file));
}

TableVersions::Entry& TableVersions::entry_of(const std::string& server, const binlog::TableMap& map) {
  const std::string key = fmt::format("{}\n{}\n{}", server, map.schema, map.table);
  const auto [it, added] = entries_.try_emplace(fmt::format("{:016x}", fnv1a_64(key)));
  Entry& entry = it->second;
  if (!added) return entry;
  entry.file_name = it->first;
  entry.writable = folder_.writable();
  const auto bytes = folder_.read(it->first, version_file_bytes_max);
  if (!bytes) return entry;
  const VersionFileState state = decode(std::as_bytes(std::span{*bytes}), entry.kept);
  for (const Verdict& verdict : verdicts) {
    if (verdict.state != state) continue;
    log(LogLevel::warning, fmt::format("stateDir: {} {}", folder_.path_of(it->first), verdict.text));
    entry.writable = entry.writable && verdict.writable;
    entry.kept = {};
  }
  const auto other = [&](const TableVersion& version) { return version.table.schema != map.schema || version.table.table != map.table; };
  std::erase_if(entry.kept.versions, other);  // names whose hashes are the same
  return entry;
}

std::optional<TableVersions::Found> TableVersions::find(const std::string& server, const binlog::TableMap& map, const LogPlace& row) {
  const Entry& entry = entry_of(server, map);
  const std::uint64_t shape = shape_of(map);
  const auto found = std::find_if(entry.kept.versions.begin(), entry.kept.versions.end(), [&](const TableVersion& version) {
    return is_of(version, map, shape) && same_run_reaches(version.from, row);
  });
  if (found == entry.kept.versions.end()) return std::nullopt;
  return Found{entry.kept.process, found->table};
}

bool TableVersions::wants(const std::string& server, const std::string& process, const binlog::TableMap& map) {
  const Entry& entry = entry_of(server, map);
  const std::uint64_t shape = shape_of(map);
  const bool there = entry.kept.process == process && std::any_of(entry.kept.versions.begin(), entry.kept.versions.end(),
                                                                  [&](const TableVersion& version) { return is_of(version, map, shape); });
  return entry.writable && !process.empty() && !there;
}

void TableVersions::keep(const std::string& server, const std::string& process, const binlog::TableMap& map, const LogPlace& row,
                         const catalog::CatalogTable& table) {
  if (!wants(server, process, map)) return;
  Entry& entry = entry_of(server, map);
  if (entry.kept.process != process) entry.kept = {process, {}};
  auto& versions = entry.kept.versions;
  versions.push_back({map.table_id, shape_of(map), row, table});
  // The log's names, which a file is found by, not as the catalog spells them.
  versions.back().table.schema = map.schema, versions.back().table.table = map.table;
  if (versions.size() > version_count_max) versions.erase(versions.begin());
  const std::string bytes = encode(entry.kept);
  entry.writable = folder_.write(entry.file_name, bytes);  // a folder that fails is not tried again for this table in this run
}

}  // namespace cdc::capture
