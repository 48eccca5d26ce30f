#pragma once

/// A changelog that triggers write, as a ChangeSource.

#include <cstdint>
#include <memory>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/model/change_source.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

/// Numbers what was committed (several readers may, one at a time), reads it in that order, and removes what every reader has acknowledged
/// long enough ago. A dry run does none of that: it reads the numbered and the unnumbered in one view, and writes nothing.
class ChangelogSource final : public ChangeSource {
 public:
  /// Nothing is contacted yet. `options` is borrowed. `shown`: ids of the inbox that a dry run has shown in its snapshot.
  ChangelogSource(mysql::Endpoint endpoint, const CaptureOptions& options, std::vector<std::uint64_t> shown = {});
  ~ChangelogSource() override;

  /// With std::monostate, `options.range.from` decides: now or earliest. Throws Error(changelog_missing, changelog_position,
  /// changelog_purged, trigger_drift, changelog_bypass, …).
  SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) override;
  void acknowledge(const Position& position) override;
  const CaptureStats& stats() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::capture
