#pragma once

/// The commands that start a binlog dump, as bytes: COM_REGISTER_SLAVE, COM_BINLOG_DUMP, COM_BINLOG_DUMP_GTID.

#include <string>

#include "cdc/mysql/binlog_channel.h"

namespace cdc::mysql {

struct Command {
  int number;
  std::string body;
};

Command register_command(const DumpOptions& options);
Command dump_command(const DumpOptions& options, const ServerVersion& version);
/// The statement that prepares the session for the dump; `connection` quotes for it.
std::string dump_session_statement(const DumpOptions& options, Connection& connection);

}  // namespace cdc::mysql
