#pragma once

/// Places of events in a log that is read for something other than its rows, and a part of the log read again beside the stream.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "cdc/binlog/event.h"
#include "cdc/mysql/endpoint.h"
#include "ddl_history.h"
#include "server_facts.h"

namespace cdc::capture {

/// Knows each event's offset, beyond 4 GiB too: sizes are summed, the 32-bit positions of the headers are not used.
class LogWalk {
 public:
  explicit LogWalk(LogPlace start) : place_{std::move(start)} {}

  /// Where the next event begins.
  const LogPlace& place() const noexcept { return place_; }
  /// Of the file that is being read.
  const binlog::FormatDescription& format() const noexcept { return format_; }

  /// One whole event: its header, when it is one that stands in the file and does not steer the walk itself; the walk is then still at
  /// it, until `pass`. Throws Error(event_malformed).
  std::optional<binlog::EventHeader> look_at(std::span<const std::byte> event);
  void pass(const binlog::EventHeader& header) noexcept { place_.at += header.size_bytes; }

  [[noreturn]] void throw_malformed(std::string_view what) const;
  /// Whether it has not come to `until` (an empty file: never does).
  bool short_of(const LogPlace& until) const noexcept { return until.file.empty() || before(place_, until); }

 private:
  void on_rotate(bool artificial, std::span<const std::byte> event);

  LogPlace place_;
  binlog::FormatDescription format_;
  bool rotated_ = false;  ///< The file's own rotate was just seen.
};

/// An event of a log that is read again. Borrowed during the call.
struct ReadEvent {
  const LogPlace& at;
  const binlog::FormatDescription& format;
  const binlog::EventHeader& header;
  std::span<const std::byte> bytes;
};

/// A part of the log, read again beside the stream.
class LogReader {
 public:
  /// False: enough.
  using Take = std::function<bool(const ReadEvent&)>;

  virtual ~LogReader() = default;
  /// Events from `from` on, until the place `until` (an empty file: none) or until `take` has enough. Throws Error: binlog_purged or
  /// binlog_file_unknown when the log is gone, connection_lost when it ends before that, and on a stop.
  virtual void read(const LogPlace& from, const LogPlace& until, const Take& take) = 0;
};

/// On a link of its own, with a non-blocking dump of a random id.
class ServerLogReader final : public LogReader {
 public:
  /// `endpoint` and `facts` are borrowed.
  ServerLogReader(const mysql::Endpoint& endpoint, const ServerFacts& facts, std::stop_token stop)
      : endpoint_{endpoint}, facts_{facts}, stop_{std::move(stop)} {}
  void read(const LogPlace& from, const LogPlace& until, const Take& take) override;

 private:
  const mysql::Endpoint& endpoint_;
  const ServerFacts& facts_;
  const std::stop_token stop_;
};

class FileLogReader final : public LogReader {
 public:
  /// `paths` is borrowed.
  explicit FileLogReader(const std::vector<std::string>& paths) : paths_{paths} {}
  void read(const LogPlace& from, const LogPlace& until, const Take& take) override;

 private:
  const std::vector<std::string>& paths_;
};

}  // namespace cdc::capture
