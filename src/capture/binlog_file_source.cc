#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/capture/binlog_source.h"
#include "file_channel.h"
#include "file_list.h"
#include "range.h"
#include "start_plan.h"
#include "stream_decoder.h"

namespace cdc::capture {

struct BinlogFileSource::State {
  std::vector<std::string> paths;
  const CaptureOptions& options;
  CaptureStats stats;

  ResumePoint behind(const BinlogPosition& position) const;
  ResumePoint resume_point(const Position& start) const;
  PreparedXa find_open(const Position& start, const ResumePoint& from, LogReader& again) const;
  bool reached(const Point& until, const StreamDecoder& decoder) const;
  void warn_of_idle_rules(const StreamDecoder& decoder) const;
  bool read_file(const std::string& path, StreamDecoder& decoder, const Point& until, std::stop_token stop);
  void forbid_open_end(const StreamDecoder& decoder) const;
};

namespace {

void require_inside(const StreamDecoder& decoder, const LogPlace& place, std::string_view what) {
  if (decoder.place().file != place.file || decoder.place().at >= place.at) return;
  throw Error{ErrorCode::position_out_of_range, Remedy::operate,
              fmt::format("{} ends at {}, {} says {}", place.file, decoder.place().at, what, place.at), "give a place that the file has"};
}

/// The file with the start was read to its end. The next one begins behind the start, whatever its offsets.
void leave_start(StreamDecoder& decoder, const ResumePoint& start) {
  if (start.place.file.empty() || !decoder.joining()) return;
  require_inside(decoder, start.place, "the start");
  if (start.exact)
    throw Error{ErrorCode::position_out_of_range, Remedy::operate,
                fmt::format("no transaction begins at {}:{}", start.place.file, start.place.at),
                "the position is of another log, or the file was cut: check the files"};
  decoder.resume_at({});
}

}  // namespace

ResumePoint BinlogFileSource::State::behind(const BinlogPosition& position) const {
  const bool same_rules = position.rules == config::rules_fingerprint(options.settings, options.default_schema);
  ResumePoint point;
  point.place = {position.file, position.at};
  point.exact = is_inside_transaction(position);
  point.delivered = same_rules && point.exact ? position.n : 0;
  return point;
}

ResumePoint BinlogFileSource::State::resume_point(const Position& start) const {
  if (const auto* stored = std::get_if<BinlogPosition>(&start)) return behind(*stored);
  const Point from = parse_point(options.range.from, "--from");
  ResumePoint point;
  switch (from.kind) {
    case PointKind::never:
    case PointKind::earliest: return point;
    case PointKind::now:
      throw Error{ErrorCode::position_invalid, Remedy::operate, "--from now means nothing for files", "leave it out, or give a URL"};
    case PointKind::place: point.place = from.place; return point;
    case PointKind::gtid:
      if (from.mariadb_gtid)
        throw Error{ErrorCode::setting_unavailable, Remedy::operate, "--from with a MariaDB GTID needs the server",
                    "give FILE:POS for files, or a URL"};
      point.gtids = from.mysql_set;
      return point;
    case PointKind::position: return behind(from.position);
  }
  return point;
}

PreparedXa BinlogFileSource::State::find_open(const Position& start, const ResumePoint& from, LogReader& again) const {
  StartPlan plan;
  plan.resume = from;
  const auto* const stored = std::get_if<BinlogPosition>(&start);
  if (stored != nullptr) plan.xa = parse_xa(stored->xa);
  const Point point = stored != nullptr ? Point{} : parse_point(options.range.from, "--from");
  if (point.kind == PointKind::position) plan.xa = parse_xa(point.position.xa);
  return find_prepared(again, plan);
}

bool BinlogFileSource::State::reached(const Point& until, const StreamDecoder& decoder) const {
  if (decoder.in_transaction()) return false;
  if (until.kind == PointKind::place) return decoder.place().file == until.place.file && decoder.place().at >= until.place.at;
  return until.kind == PointKind::gtid && capture::reached(until, decoder.gtids());
}

bool BinlogFileSource::State::read_file(const std::string& path, StreamDecoder& decoder, const Point& until, std::stop_token stop) {
  FileChannel channel{path};
  decoder.begin({channel.name(), FileChannel::magic_size_bytes}, false);
  for (auto event = channel.next(); !event.empty(); event = channel.next()) {
    decoder.on_event(event);
    if (stop.stop_requested() || (until.kind != PointKind::never && reached(until, decoder))) return false;
  }
  forbid_open_end(decoder);  // no transaction spans files
  return true;
}

/// A transaction without its end was never committed as far as these files tell.
void BinlogFileSource::State::forbid_open_end(const StreamDecoder& decoder) const {
  if (!decoder.in_transaction() || decoder.emitter().emitted_in_transaction() == 0) return;
  throw Error{ErrorCode::event_truncated, Remedy::operate,
              fmt::format("{}:{}: the file ends inside a transaction: its {} records may never have been committed", decoder.place().file,
                          decoder.transaction_place().at, decoder.emitter().emitted_in_transaction()),
              "the file is still being written or was cut: copy it again, or read it through its server"};
}

/// What a server tells before it begins, files tell at their end.
void BinlogFileSource::State::warn_of_idle_rules(const StreamDecoder& decoder) const {
  if (options.settings.tables == config::Settings{}.tables) return;
  for (const std::string& rule : options.tables.rules_without_match(decoder.tables().seen()))
    log(LogLevel::warning, fmt::format("the rule {} of `tables` matches no table that changes in what was read", rule));
}

BinlogFileSource::BinlogFileSource(std::vector<std::string> paths, const CaptureOptions& options)
    : state_{std::make_unique<State>(State{std::move(paths), options, {}})} {}
BinlogFileSource::~BinlogFileSource() = default;
const CaptureStats& BinlogFileSource::stats() const noexcept { return state_->stats; }

SourceEnd BinlogFileSource::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  NoSchemas schemas;
  FileLogReader again{state_->paths};
  StreamDecoder decoder{state_->options, StreamDecoder::Input::file, schemas, state_->stats, again};
  decoder.emitter().set_sink(sink);
  const std::vector<std::string>& paths = state_->paths;
  check_file_order(paths);
  const ResumePoint from = state_->resume_point(start);
  decoder.resume_at(from);
  decoder.set_prepared(state_->find_open(start, from, again));
  const Point until = parse_until(state_->options.range.until);  // `now` is the files' end
  const std::size_t first = from.place.file.empty() ? 0 : index_of_file(paths, from.place.file, "the start");
  const std::size_t last = until.kind == PointKind::place ? index_of_file(paths, until.place.file, "--until") : paths.size() - 1;
  for (std::size_t i = first; i <= last; ++i) {
    if (!state_->read_file(paths[i], decoder, until, stop)) return stop.stop_requested() ? SourceEnd::stopped : SourceEnd::exhausted;
    if (i == first) leave_start(decoder, from);
    if (i == last && until.kind == PointKind::place) require_inside(decoder, until.place, "--until");
  }
  state_->warn_of_idle_rules(decoder);
  sink.on_idle();
  return SourceEnd::exhausted;
}

}  // namespace cdc::capture
