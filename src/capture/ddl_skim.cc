#include <fmt/format.h>

#include <limits>

#include "cdc/base/error.h"
#include "cdc/mysql/binlog_channel.h"
#include "ddl_history.h"
#include "log_skimmer.h"

namespace cdc::capture {
namespace {

/// The dump command has 32 bits for the offset: a start beyond them begins at the file's head. What is read
/// too much only adds DDL that lies before every row asked about.
LogPlace reachable(const LogPlace& from) {
  constexpr std::uint64_t head_at = 4;
  const bool fits = from.at >= head_at && from.at <= std::numeric_limits<std::uint32_t>::max();
  return fits ? from : LogPlace{from.file, head_at};
}

mysql::DumpOptions dump_options(const ServerFacts& facts, std::uint32_t server_id, const LogPlace& start) {
  mysql::DumpOptions options;
  options.server_id = server_id;
  options.non_blocking = true;
  options.file = start.file;
  options.at = static_cast<std::uint32_t>(start.at);
  if (facts.version.flavor == mysql::Flavor::mysql) options.uuid = fmt::format("00000000-0000-4000-8000-{:012x}", server_id);
  return options;
}

}  // namespace

void skim(DdlHistory& history, const mysql::Endpoint& endpoint, const ServerFacts& facts, std::uint32_t server_id, const LogPlace& from,
          const LogPlace& until, std::stop_token stop) {
  const LogPlace start = reachable(from);
  mysql::BinlogChannel channel{mysql::Connection{endpoint, stop}, dump_options(facts, server_id, start), stop};
  LogSkimmer skimmer{history, start};
  while (before(skimmer.place(), until)) {
    const auto event = channel.next();
    if (event.empty()) {
      throw Error{
          ErrorCode::connection_lost, Remedy::retry,
          fmt::format("the search for DDL ended at {}:{}, before {}:{}", skimmer.place().file, skimmer.place().at, until.file, until.at)};
    }
    skimmer.on_event(event);
  }
}

}  // namespace cdc::capture
