#pragma once

/// Where a dump begins and what of it was delivered before: from `--from`, a stored position, or a lost link.

#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/mysql/binlog_channel.h"
#include "cdc/mysql/connection.h"
#include "log_walk.h"
#include "prepared_xa.h"
#include "range.h"
#include "server_facts.h"
#include "stream_decoder.h"

namespace cdc::capture {

struct StartPlan {
  LogPlace place;           ///< Where records begin; empty file with a GTID start on another server.
  bool by_gtid = false;     ///< The server finds the place from `gtid`.
  bool gtid_known = false;  ///< `gtid` is the set before `place`.
  std::string gtid;
  ResumePoint resume;
  LogPlace xa;  ///< From here on the log is read for XA transactions that are prepared at `resume`; no file = for none.
};

/// What a run may begin from: a stored position, else `from`. Throws Error: position_invalid, other_server,
/// gtid_mode, gtid_ahead, binlog_file_unknown, position_out_of_range.
StartPlan plan_start(mysql::Connection& connection, const ServerFacts& facts, const CaptureOptions& options, const Position& start,
                     std::string_view from, const LogEnd& end);

/// MySQL looks only at its own UUID's part of a dump's GTID set, and would go on from a stranger's: throws Error(gtid_ahead)
/// with this remedy when the server has not executed all of `gtid`.
void require_executed(mysql::Connection& connection, const ServerFacts& facts, const std::string& gtid, Remedy remedy);

/// After a lost link: from the open transaction's start (`position`) or, between transactions, from `place`.
StartPlan plan_resume(const ServerFacts& facts, StreamDecoder& decoder, bool same_server);

/// The XA transactions that are open at the plan's `resume`; a log that is gone is warned of.
PreparedXa find_prepared(LogReader& log_reader, const StartPlan& plan);

/// The dump command's own fields: file and 32-bit offset, or GTID.
void set_dump_start(const StartPlan& plan, const ServerFacts& facts, mysql::DumpOptions& options);

}  // namespace cdc::capture
