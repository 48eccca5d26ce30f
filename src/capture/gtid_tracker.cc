#include "gtid_tracker.h"

#include <algorithm>

#include "cdc/base/numbers.h"

namespace cdc::capture {

void GtidTracker::assume(std::string_view set_text, bool mariadb) {
  if (mariadb) return assume(binlog::MariadbGtidPosition::parse(set_text));
  assume(binlog::MysqlGtidSet::parse(set_text));
}

void GtidTracker::assume(binlog::MysqlGtidSet set) {
  mysql_ = std::move(set);
  known_ = true;
}

void GtidTracker::assume(binlog::MariadbGtidPosition position) {
  mariadb_ = std::move(position);
  known_ = true;
}

void GtidTracker::begin(const binlog::MysqlGtidEvent& event) {
  pending_ = event.anonymous ? Pending::none : Pending::mysql;
  uuid_ = event.uuid;
  tag_ = event.tag;
  number_ = event.number;
}

void GtidTracker::begin(const binlog::MariadbGtid& gtid) {
  pending_ = Pending::mariadb;
  mariadb_gtid_ = gtid;
}

void GtidTracker::commit() {
  if (known_ && pending_ == Pending::mysql) mysql_.add(uuid_, tag_, number_);
  if (known_ && pending_ == Pending::mariadb) mariadb_.set(mariadb_gtid_);
  pending_ = Pending::none;
}

void GtidTracker::append_text(std::string& out) {
  if (!known_) return;
  if (!mariadb_.empty()) return mariadb_.append_text(out);
  mysql_.append_text(out);
}

void GtidTracker::append_pending(std::string& out) const {
  constexpr std::size_t room_bytes = std::max(binlog::uuid_text_bytes, 3 * integer_text_max_bytes + 2);
  char text[room_bytes];
  char* end = text;
  switch (pending_) {
    case Pending::none: return;
    case Pending::mariadb:
      end = write_uint(end, mariadb_gtid_.domain);
      *end++ = '-';
      end = write_uint(end, mariadb_gtid_.server);
      *end++ = '-';
      out.append(text, write_uint(end, mariadb_gtid_.sequence));
      return;
    case Pending::mysql:
      out.append(text, binlog::write_uuid(text, uuid_));
      if (!tag_.empty()) (out += ':') += tag_;
      text[0] = ':';
      out.append(text, write_uint(text + 1, static_cast<std::uint64_t>(number_)));
      return;
  }
}

bool GtidTracker::reached(const binlog::MariadbGtidPosition& goal) const {
  for (const binlog::MariadbGtid& wanted : goal.all()) {
    const binlog::MariadbGtid* const seen = mariadb_.find(wanted.domain);
    if (seen == nullptr || seen->sequence < wanted.sequence) return false;
  }
  return known_;
}

}  // namespace cdc::capture
