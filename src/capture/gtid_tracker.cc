#include "gtid_tracker.h"

#include <fmt/format.h>

#include <iterator>

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
  if (pending_ == Pending::mariadb) fmt::format_to(std::back_inserter(out), "{}-{}-{}", mariadb_gtid_.domain, mariadb_gtid_.server, mariadb_gtid_.sequence);
  if (pending_ != Pending::mysql) return;
  char uuid[binlog::uuid_text_bytes];
  out.append(uuid, binlog::write_uuid(uuid, uuid_));
  if (!tag_.empty()) (out += ':') += tag_;
  fmt::format_to(std::back_inserter(out), ":{}", number_);
}

bool GtidTracker::reached(const binlog::MariadbGtidPosition& goal) const {
  for (const binlog::MariadbGtid& wanted : goal.all()) {
    const binlog::MariadbGtid* const seen = mariadb_.find(wanted.domain);
    if (seen == nullptr || seen->sequence < wanted.sequence) return false;
  }
  return known_;
}

}  // namespace cdc::capture
