#pragma once

/// The rows that exist, before a changelog: the same reading as before the binlog, in views that are joined to the changelog.
///
/// A fault that passes opens new views and reads what is open again; the stream still begins where the first views stood, so whatever
/// changed between is in it. A running snapshot keeps what lies behind its start from being purged.

#include <cstdint>
#include <memory>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/model/change_source.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

class ChangelogSnapshot final : public ChangeSource {
 public:
  /// Nothing is contacted yet. `options` is borrowed.
  ChangelogSnapshot(mysql::Endpoint endpoint, const CaptureOptions& options);
  ~ChangelogSnapshot() override;

  /// `start`: std::monostate begins a snapshot, a position with `snap` goes on with one.
  SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) override;
  /// Where the stream goes on, after `exhausted`; and, of a dry run, which rows of the inbox are shown already.
  const ChangelogPosition& stream_start() const noexcept;
  const std::vector<std::uint64_t>& shown() const noexcept;
  /// TableSchema::id of every table it showed is below this.
  std::uint64_t next_table_id() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::capture
