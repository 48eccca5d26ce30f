#include <fmt/format.h>

#include <limits>
#include <random>

#include "cdc/base/error.h"
#include "cdc/mysql/binlog_channel.h"
#include "ddl_history.h"
#include "log_skimmer.h"
#include "log_walk.h"

namespace cdc::capture {
namespace {

/// The dump command has 32 bits for the offset: a start beyond them begins at the file's head. What is read too much is passed over.
LogPlace reachable(const LogPlace& from) {
  constexpr std::uint64_t head_at = 4;
  const bool fits = from.at >= head_at && from.at <= std::numeric_limits<std::uint32_t>::max();
  return fits ? from : LogPlace{from.file, head_at};
}

mysql::DumpOptions dump_options(const ServerFacts& facts, const LogPlace& start) {
  mysql::DumpOptions options;
  options.server_id = 0x8000'0000U | static_cast<std::uint32_t>(std::random_device{}());
  options.non_blocking = true;
  options.file = start.file;
  options.at = static_cast<std::uint32_t>(start.at);
  if (facts.version.flavor == mysql::Flavor::mysql) options.uuid = fmt::format("00000000-0000-4000-8000-{:012x}", options.server_id);
  return options;
}

}  // namespace

void ServerLogReader::read(const LogPlace& from, const LogPlace& until, const Take& take) {
  const LogPlace start = reachable(from);
  mysql::BinlogChannel channel{mysql::Connection{endpoint_, stop_}, dump_options(facts_, start), stop_};
  LogWalk walk{start};
  while (walk.short_of(until)) {
    const auto event = channel.next();
    if (event.empty())
      throw Error{ErrorCode::connection_lost, Remedy::retry,
                  fmt::format("the log, read again from {}:{} on, ended at {}:{}", from.file, from.at, walk.place().file, walk.place().at)};
    const auto header = walk.look_at(event);
    if (!header) continue;
    if (!before(walk.place(), from) && !take({walk.place(), walk.format(), *header, event})) return;
    walk.pass(*header);
  }
}

void skim(DdlHistory& history, const mysql::Endpoint& endpoint, const ServerFacts& facts, const LogPlace& from, const LogPlace& until,
          std::stop_token stop) {
  LogSkimmer skimmer{history};
  ServerLogReader{endpoint, facts, std::move(stop)}.read(from, until,
                                                         [&](const ReadEvent& event) { return skimmer.on_event(event), true; });
}

}  // namespace cdc::capture
