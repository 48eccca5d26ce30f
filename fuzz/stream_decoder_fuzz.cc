// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error. Records of a transaction are numbered without gaps,
// their values can be printed, and a position survives its text.
// Input: a binlog file with or without its magic bytes, then read as a server's dump or (second bit of its last byte) as a file. So
// that mutations get far, sizes and checksums are put right, rows get the id of a table map that went by, and after an error the
// stream goes on as after a lost link.

#include <cstdint>
#include <cstring>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "render.h"
#include "stream_decoder.h"

namespace cdc::capture {
namespace {

using binlog::EventHeader;
using binlog::EventType;

struct Settled {
  config::Settings settings = [] {
    config::Settings out;
    const auto warn = config::Policy::warn;
    out.on_unsupported = {warn, warn, warn, warn, warn, warn};
    return out;
  }();
  config::TableRules tables{"*", ""};
  config::ColumnRules columns{settings};
  CaptureOptions options{settings, tables, columns, "", {}, false, true, ""};
};
const Settled& settled() {
  static const Settled one;
  return one;
}

struct CheckingSink final : ChangeSink {
  void on_change(const Change& change) override {
    const bool goes_on = change.transaction.ordinal == ordinal && change.position.n == n + 1;
    const bool begins = change.transaction.ordinal > ordinal && change.position.n == 1;
    require(joined || goes_on || begins, "records are numbered without gaps");
    joined = false;
    ordinal = change.transaction.ordinal;
    n = change.position.n;
    require(change.before.empty() || change.before.size() == change.table.columns.size(), "a value a column, before");
    require(change.after.empty() || change.after.size() == change.table.columns.size(), "a value a column, after");
    for (const Value& value : change.before) render(value);
    for (const Value& value : change.after) render(value);
    if (n <= 2) require(parse_position(to_text(change.position.copy())) == change.position.copy(), "a position survives its text");
  }
  std::uint64_t ordinal = 0, n = 0;
  bool joined = true;  ///< After a lost link the next record may have any number.
};

/// What would be read again is gone.
struct NoLog final : LogReader {
  void read(const LogPlace&, const LogPlace&, const Take&) override { throw Error{ErrorCode::binlog_purged, Remedy::operate, "gone"}; }
};

class Walk {
 public:
  explicit Walk(StreamDecoder::Input input) : decoder_{settled().options, input, schemas_, stats_, again_} {
    decoder_.emitter().set_sink(sink_);
    decoder_.begin({"binlog.000001", 4}, false);
  }

  void feed(std::span<const std::byte> cut) {
    event_.assign(cut.begin(), cut.end());
    repair();
    const bool description = type() == EventType::format_description;
    if (description && binlog::FormatDescription::parse(event_, format_)) description_ = event_;
    try {
      decoder_.on_event(event_);
    } catch (const Error&) {
      lose_link();
    }
  }

 private:
  EventType type() const { return static_cast<EventType>(event_[4]); }

  void put(std::size_t at, std::uint64_t value, std::size_t width_bytes) {
    for (std::size_t i = 0; i < width_bytes; ++i) event_[at + i] = static_cast<std::byte>(value >> 8 * i & 0xFF);
  }

  /// Size, table id and checksum.
  void repair() {
    put(9, event_.size(), 4);
    constexpr std::size_t id_at = EventHeader::wire_size_bytes;
    if (event_.size() >= id_at + 6 && type() == EventType::table_map) std::memcpy(id_, event_.data() + id_at, sizeof id_);
    if (event_.size() >= id_at + 6 && binlog::is_rows_event(type())) std::memcpy(event_.data() + id_at, id_, sizeof id_);
    const bool description = type() == EventType::format_description;
    const bool summed = description || format_.checksum == binlog::ChecksumAlgorithm::crc32;
    if (summed && event_.size() >= id_at + binlog::checksum_size_bytes) put(event_.size() - 4, sum(description), 4);
  }

  /// CRC32, bit by bit: independent of the program's.
  std::uint32_t sum(bool description) const {
    std::uint32_t out = 0xFFFF'FFFF;
    for (std::size_t i = 0; i + 4 < event_.size(); ++i) {
      out ^= std::to_integer<std::uint32_t>(event_[i]) & (description && i == 17 ? 0xFEU : 0xFFU);
      for (int bit = 0; bit < 8; ++bit) out = out >> 1 ^ (0xEDB8'8320 & (0U - (out & 1)));
    }
    return ~out;
  }

  void lose_link() {
    sink_.joined = true;
    static_cast<void>(decoder_.rejoin());
    decoder_.begin(decoder_.transaction_place(), format_.mariadb);
    decoder_.resume_at({});  // what comes next is another transaction
    if (description_.empty()) return;
    try {
      decoder_.on_event(description_);
    } catch (const Error&) {
    }
  }

  NoSchemas schemas_;
  CaptureStats stats_;
  CheckingSink sink_;
  NoLog again_;
  StreamDecoder decoder_;
  binlog::FormatDescription format_;
  std::vector<std::byte> event_, description_;
  std::byte id_[6] = {};
};

void walk_file(std::span<const std::byte> file) {
  constexpr char magic[] = {'\xfe', 'b', 'i', 'n'};
  if (file.empty()) return;
  const bool from_file = (std::to_integer<unsigned>(file.back()) & 2) != 0;
  if (file.size() >= sizeof magic && std::memcmp(file.data(), magic, sizeof magic) == 0) file = file.subspan(sizeof magic);
  Walk walk{from_file ? StreamDecoder::Input::file : StreamDecoder::Input::server};
  for (Reader r{file}; r.remaining() != 0;) {
    Reader ahead = r;
    const EventHeader header = EventHeader::parse(ahead);
    if (ahead.failed()) return;
    walk.feed(r.take(std::min<std::uint64_t>(header.size_bytes, r.remaining())));
  }
}

}  // namespace
}  // namespace cdc::capture

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (cdc::set_log_writer([](cdc::LogLevel, std::string_view) {}), true);
  static_cast<void>(quiet);
  cdc::capture::walk_file(std::as_bytes(std::span{data, size}));
  return 0;
}
