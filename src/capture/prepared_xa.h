#pragma once

/// XA transactions that are prepared, until the log tells whether they commit.
///
/// Both servers log an XA transaction twice: its rows as a group that ends in XA PREPARE, and later, perhaps in another file, perhaps
/// never, `XA COMMIT` or `XA ROLLBACK` with its name, a group of its own.
///
/// Why its rows are delivered when and only when it commits: the rows of the first group are held back, and at XA COMMIT they are
/// delivered as records of that second group, whose place, time and id they get. Small ones wait in memory; others are read from the log
/// again, on a second link, from the group's first event up to its XA PREPARE, which must bear the same name. XA ROLLBACK drops them.
///
/// Why that holds after a restart: a position says, as `xa`, where the earliest prepared transaction begins whose end was not told before
/// the position's own transaction. A start reads the log from there to the position for the names alone, and so knows all that are open;
/// their rows are read again from their places at their XA COMMIT. All open ones count, those without captured rows too: so a
/// name that is not known at XA COMMIT is one that was prepared before the first start, or whose log is gone, and that is told, never
/// passed over.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "cdc/binlog/control_events.h"
#include "cdc/binlog/event.h"
#include "cdc/binlog/inflater.h"
#include "cdc/binlog/payload_reader.h"
#include "cdc/binlog/table_map.h"
#include "ddl_history.h"
#include "log_walk.h"

namespace cdc::capture {

/// The name as both servers write it behind XA COMMIT: X'<hex>',X'<hex>',<format>.
std::string xa_text(const binlog::XaName& name);
/// The name in `XA COMMIT X'…',X'…',1`; empty when there is none.
std::string_view xa_text_of(std::string_view sql) noexcept;

/// Events of one group, copied: while they fit, and as they came but without checksums.
class HeldEvents {
 public:
  void add(std::span<const std::byte> event, std::size_t bytes_max);
  void clear() { *this = {}; }
  /// False: they did not fit, and none is here.
  bool whole() const noexcept { return whole_; }
  std::size_t size_bytes() const noexcept { return bytes_.size(); }
  void for_each(const std::function<void(std::span<const std::byte>)>& take) const;

 private:
  std::string bytes_;  ///< Each behind its size in 4 bytes.
  bool whole_ = true;
};

class PreparedXa {
 public:
  static constexpr std::size_t held_bytes_max = std::size_t{4} << 20;  ///< Of all together.
  static constexpr std::size_t open_count_max = 100'000;
  static constexpr std::uint64_t old_age_s = 3'600;

  struct Transaction {
    LogPlace place;                   ///< Its first event; no file = not on this server.
    std::uint64_t prepared_at_s = 0;  ///< Unix seconds; 0 unknown.
    bool captured = true;             ///< It has rows of captured tables, or may have.
    bool held = false;                ///< `events` has them all.
    HeldEvents events = {};
    binlog::TableMap::Format map_format = {};
    bool told_of_age = false;
  };

  bool empty() const noexcept { return open_.empty(); }
  std::size_t size() const noexcept { return open_.size(); }
  /// Its XA PREPARE went by. One of the same name is forgotten. Throws Error(xa_transaction) when there are too many.
  void prepare(const std::string& name, Transaction transaction);
  /// Null when it is not known. Valid until it is erased.
  const Transaction* find(std::string_view name) const;
  /// Its end went by.
  void erase(std::string_view name);
  /// Room for the events of one more.
  std::size_t room_bytes() const noexcept { return held_bytes_max - held_bytes_; }

  /// `file:offset` of the earliest one, for positions; empty for none.
  const std::string& oldest() const noexcept { return oldest_; }
  /// The stream goes on at another server, where the places mean nothing.
  void leave_server();
  /// One warning for each that is open for longer than `old_age_s` at this time.
  void warn_of_old(std::uint64_t now_s);

 private:
  struct Open {
    std::string name;
    Transaction transaction;
  };
  void update_oldest();

  std::list<Open> open_;  ///< In the order of the log.
  std::map<std::string, std::list<Open>::iterator, std::less<>> by_name_;
  std::size_t held_bytes_ = 0;
  std::uint64_t next_look_s_ = 0;
  std::string oldest_;
};

/// The names alone, of events that are read again: what is open at their end is in `open`, which is borrowed.
class XaSkimmer {
 public:
  explicit XaSkimmer(PreparedXa& open) : open_{open} {}

  /// One whole event. Throws Error(event_malformed, payload_malformed).
  void on_event(const ReadEvent& event);

 private:
  void look_at(const binlog::EventHeader& header, Reader body, const LogPlace& at);

  PreparedXa& open_;
  LogPlace group_;  ///< First event of the group.
  binlog::Inflater inflater_;
  binlog::PayloadReader payload_;
};

}  // namespace cdc::capture
