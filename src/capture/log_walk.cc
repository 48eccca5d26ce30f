#include "log_walk.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/binlog/control_events.h"
#include "file_channel.h"
#include "file_list.h"

namespace cdc::capture {

using binlog::EventHeader;
using binlog::EventType;

void LogWalk::throw_malformed(std::string_view what) const {
  throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{}:{}: malformed {}", place_.file, place_.at, what)};
}

std::optional<EventHeader> LogWalk::look_at(std::span<const std::byte> event) {
  Reader head{event};
  const EventHeader header = EventHeader::parse(head);
  if (head.failed() || header.size_bytes != event.size()) throw_malformed("event");
  const bool artificial = (header.flags & binlog::flag_artificial) != 0;
  switch (header.type) {
    case EventType::format_description:
      if (!binlog::FormatDescription::parse(event, format_)) throw_malformed("format description event");
      // A dump that begins in the middle of a file is sent the file's description first, without a position.
      if (!artificial && header.end_pos != 0) pass(header);
      return std::nullopt;
    case EventType::rotate: on_rotate(artificial, event); return std::nullopt;
    case EventType::heartbeat:
    case EventType::heartbeat_v2: return std::nullopt;
    default: return artificial ? std::nullopt : std::optional{header};
  }
}

/// The dump's first rotate names the place we asked for; its checksum is not known yet. A file's own rotate is
/// followed by an artificial one that says the same; after a crash there is only the latter.
void LogWalk::on_rotate(bool artificial, std::span<const std::byte> event) {
  const bool first = format_.post_header_sizes.empty();
  const bool said = artificial && (first || rotated_);
  rotated_ = !artificial;
  if (said) return;
  binlog::RotateEvent rotate;
  if (!binlog::RotateEvent::parse(binlog::event_body(event, format_.checksum), rotate)) throw_malformed("rotate event");
  place_ = {std::string{rotate.file}, rotate.position};
}

/// Whole files, in their order.
void FileLogReader::read(const LogPlace& from, const LogPlace& until, const Take& take) {
  for (std::size_t i = index_of_file(paths_, from.file, "what is read again"); i < paths_.size(); ++i) {
    FileChannel channel{paths_[i]};
    LogWalk walk{{channel.name(), FileChannel::magic_size_bytes}};
    for (auto event = channel.next(); !event.empty(); event = channel.next()) {
      if (!walk.short_of(until)) return;
      const auto header = walk.look_at(event);
      if (!header) continue;
      if (!before(walk.place(), from) && !take({walk.place(), walk.format(), *header, event})) return;
      walk.pass(*header);
    }
  }
  if (!until.file.empty()) return;
  throw Error{ErrorCode::position_out_of_range, Remedy::operate,
              fmt::format("the files end before the end of what is read again from {}:{} on", from.file, from.at), "give whole files"};
}

}  // namespace cdc::capture
