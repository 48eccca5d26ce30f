#include "gtid_tracker.h"

#include <cstring>

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
  if (source_text_.empty() || std::memcmp(uuid_.data(), event.uuid.data(), sizeof uuid_) != 0 || tag_ != event.tag) {
    uuid_ = event.uuid;
    tag_ = event.tag;
    source_text_.resize(binlog::uuid_text_bytes);
    binlog::write_uuid(source_text_.data(), uuid_);
    if (!tag_.empty()) (source_text_ += ':') += tag_;
    source_text_ += ':';
  }
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
  char text[3 * integer_text_max_bytes + 2];
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
      out += source_text_;
      out.append(text, write_uint(text, static_cast<std::uint64_t>(number_)));
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
