#include "dump_command.h"

#include <fmt/format.h>

namespace cdc::mysql {
namespace {

constexpr int com_binlog_dump = 0x12, com_register_slave = 0x15, com_binlog_dump_gtid = 0x1e;

// Bit 1 means different things to the two products.
constexpr std::uint16_t flag_non_block = 0x01, flag_mysql_heartbeat_v2 = 0x02, flag_mariadb_annotate_rows = 0x02;

/// Little-endian, as all of the protocol.
template <class Int>
void put(std::string& out, Int value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
}

std::uint16_t dump_flags(const DumpOptions& options, const ServerVersion& version) {
  std::uint16_t flags = options.non_blocking ? flag_non_block : 0;
  if (version.flavor == Flavor::mariadb) {
    if (options.announce_rows_query) flags |= flag_mariadb_annotate_rows;
  } else if (version.at_least(8, 0, 26)) {
    flags |= flag_mysql_heartbeat_v2;
  }
  return flags;
}

}  // namespace

Command register_command(const DumpOptions& options) {
  constexpr std::string_view host = "mysql-cdc";
  Command out{com_register_slave, {}};
  put(out.body, options.server_id);
  put(out.body, static_cast<std::uint8_t>(host.size()));
  out.body += host;
  put(out.body, std::uint16_t{0});  // no user, no password
  put(out.body, std::uint16_t{0});  // port
  put(out.body, std::uint32_t{0});  // rank
  put(out.body, std::uint32_t{0});  // id of the source: filled in by the server
  return out;
}

Command dump_command(const DumpOptions& options, const ServerVersion& version) {
  const std::uint16_t flags = dump_flags(options, version);
  if (options.gtid_start && version.flavor == Flavor::mysql) {
    Command out{com_binlog_dump_gtid, {}};
    put(out.body, flags);
    put(out.body, options.server_id);
    put(out.body, std::uint32_t{0});  // no file name
    put(out.body, std::uint64_t{4});
    const std::string set = options.mysql_gtid_wire.empty() ? std::string(8, '\0') : options.mysql_gtid_wire;  // no sources
    put(out.body, static_cast<std::uint32_t>(set.size()));
    out.body += set;
    return out;
  }
  Command out{com_binlog_dump, {}};
  put(out.body, options.at);
  put(out.body, flags);
  put(out.body, options.server_id);
  out.body += options.file;
  return out;
}

std::string dump_session_statement(const DumpOptions& options, Connection& connection) {
  const auto heartbeat_ns = std::chrono::nanoseconds{options.heartbeat}.count();
  std::string out = fmt::format(
      "SET @master_binlog_checksum=@@global.binlog_checksum, @source_binlog_checksum=@@global.binlog_checksum, "
      "@master_heartbeat_period={0}, @source_heartbeat_period={0}",
      heartbeat_ns);
  if (connection.version().flavor == Flavor::mysql) {
    if (!options.uuid.empty()) out += fmt::format(", @slave_uuid={0}, @replica_uuid={0}", connection.quote(options.uuid));
    return out;
  }
  out += ", @mariadb_slave_capability=4";
  if (options.gtid_start) out += fmt::format(", @slave_connect_state={}", connection.quote(options.mariadb_gtid));
  return out;
}

}  // namespace cdc::mysql
