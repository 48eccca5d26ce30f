#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/capture/binlog_source.h"
#include "file_channel.h"
#include "range.h"
#include "stream_decoder.h"

namespace cdc::capture {

struct BinlogFileSource::State {
  std::vector<std::string> paths;
  const CaptureOptions& options;
  CaptureStats stats;

  ResumePoint behind(const BinlogPosition& position) const;
  ResumePoint resume_point(const Position& start) const;
  bool reached(const Point& until, const StreamDecoder& decoder) const;
  bool read_file(const std::string& path, StreamDecoder& decoder, const Point& until, std::stop_token stop);
  void forbid_open_end(const StreamDecoder& decoder) const;
};

namespace {

bool is_before_end(const StreamDecoder& decoder, const LogPlace& end) { return before(decoder.place(), end); }

}  // namespace

ResumePoint BinlogFileSource::State::behind(const BinlogPosition& position) const {
  const bool same_rules = position.rules == config::rules_fingerprint(options.settings, options.default_schema);
  ResumePoint point;
  point.place = {position.file, position.at};
  point.delivered = same_rules ? position.n : 0;
  point.exact = true;
  return point;
}

ResumePoint BinlogFileSource::State::resume_point(const Position& start) const {
  if (const auto* stored = std::get_if<BinlogPosition>(&start)) return behind(*stored);
  const Point from = parse_point(options.range.from, "--from");
  ResumePoint point;
  switch (from.kind) {
    case PointKind::never:
    case PointKind::now:
    case PointKind::earliest: return point;
    case PointKind::place: point.place = from.place; return point;
    case PointKind::gtid:
      if (from.mariadb_gtid)
        throw Error{ErrorCode::setting_unavailable, Remedy::operate, "--from with a MariaDB GTID needs the server",
                    "give FILE:POS for files, or a URL"};
      point.gtids = binlog::MysqlGtidSet::parse(from.gtid);
      return point;
    case PointKind::position: return behind(from.position);
  }
  return point;
}

bool BinlogFileSource::State::reached(const Point& until, const StreamDecoder& decoder) const {
  if (decoder.in_transaction()) return false;
  if (until.kind == PointKind::place) return !is_before_end(decoder, until.place);
  if (until.kind != PointKind::gtid) return false;
  return until.mariadb_gtid ? decoder.gtids().reached(binlog::MariadbGtidPosition::parse(until.gtid))
                            : decoder.gtids().reached(binlog::MysqlGtidSet::parse(until.gtid));
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

BinlogFileSource::BinlogFileSource(std::vector<std::string> paths, const CaptureOptions& options)
    : state_{std::make_unique<State>(State{std::move(paths), options, {}})} {}
BinlogFileSource::~BinlogFileSource() = default;
const CaptureStats& BinlogFileSource::stats() const noexcept { return state_->stats; }

SourceEnd BinlogFileSource::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  NoSchemas schemas;
  StreamDecoder decoder{state_->options, StreamDecoder::Input::file, schemas, state_->stats};
  decoder.emitter().set_sink(sink);
  decoder.resume_at(state_->resume_point(start));
  const std::string& until_text = state_->options.range.until;
  const Point until = until_text == "now" ? Point{} : parse_point(until_text, "--until");
  for (const std::string& path : state_->paths) {
    if (!state_->read_file(path, decoder, until, stop)) return stop.stop_requested() ? SourceEnd::stopped : SourceEnd::exhausted;
  }
  sink.on_idle();
  return SourceEnd::exhausted;
}

}  // namespace cdc::capture
