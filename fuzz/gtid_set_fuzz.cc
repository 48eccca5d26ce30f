// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error; what was parsed comes back from its text and its wire
// form as it was, and set arithmetic agrees with itself.
// Input: one byte that selects the form, then the form: 0 MySQL text, 1 MariaDB text, 2 a binary set, 3 two MySQL texts with a line
// break between them, 4 the body of GTID_TAGGED, 5 of GTID, 6 of MariaDB's GTID, 7 of GTID_LIST.

#include <cstdint>

#include "cdc/base/error.h"
#include "cdc/binlog/gtid_events.h"
#include "cdc/binlog/gtid_set.h"
#include "require.h"

namespace cdc::binlog {
namespace {

void check_set(MysqlGtidSet set) {
  require(MysqlGtidSet::parse(set.to_text()) == set, "a set comes back from its text");
  require(set.text() == set.to_text(), "the kept text is the set's");
  const std::string wire = set.to_wire();
  Reader r{std::as_bytes(std::span{wire})};
  require(MysqlGtidSet::parse_wire(r) == set && !r.failed(), "a set comes back from its wire form");
  require(set.contains(set) && set.minus(set).empty(), "a set contains itself");
}

void check_two(MysqlGtidSet left, const MysqlGtidSet& right) {
  const MysqlGtidSet only_left = left.minus(right);
  require(left.contains(only_left), "a difference is a part");
  require(right.contains(left) == only_left.empty(), "containing is having no difference");
  MysqlGtidSet merged = right;
  merged.merge(only_left);
  left.merge(right);
  require(left == merged, "what was taken out and put back is whole");
  check_set(left);
}

void check_text(std::string_view text) { check_set(MysqlGtidSet::parse(text)); }

void check_mariadb_text(std::string_view text) {
  const MariadbGtidPosition position = MariadbGtidPosition::parse(text);
  require(MariadbGtidPosition::parse(position.to_text()) == position, "a position comes back from its text");
}

void check_wire(std::string_view text) {
  Reader r{std::as_bytes(std::span{text})};
  const MysqlGtidSet set = MysqlGtidSet::parse_wire(r);
  require(!r.failed() || set.empty(), "a malformed set is empty");
  if (!r.failed()) check_set(set);
}

void check_two_texts(std::string_view text) {
  const std::size_t middle = text.find('\n');
  if (middle == std::string_view::npos) return;
  check_two(MysqlGtidSet::parse(text.substr(0, middle)), MysqlGtidSet::parse(text.substr(middle + 1)));
}

template <EventType type>
void check_event(std::string_view text) {
  MysqlGtidEvent gtid;
  if (!MysqlGtidEvent::parse(type, Reader{std::as_bytes(std::span{text})}, gtid)) return;
  MysqlGtidSet set;
  set.add(gtid.uuid, gtid.tag, gtid.number);
  check_set(set);
}

void check_mariadb_event(std::string_view text) {
  MariadbGtidEvent gtid;
  static_cast<void>(MariadbGtidEvent::parse({}, Reader{std::as_bytes(std::span{text})}, gtid));
}

void check_list(std::string_view text) {
  GtidListEvent list;
  if (!GtidListEvent::parse(Reader{std::as_bytes(std::span{text})}, list)) return;
  const MariadbGtidPosition position = list.position();
  require(position.all().size() <= list.count, "a list has no more domains than entries");
  require(MariadbGtidPosition::parse(position.to_text()) == position, "a position comes back from its text");
}

constexpr void (*checks[])(std::string_view) = {
    check_text,          check_mariadb_text, check_wire, check_two_texts, check_event<EventType::gtid_tagged>, check_event<EventType::gtid>,
    check_mariadb_event, check_list};

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  try {
    cdc::binlog::checks[data[0] % std::size(cdc::binlog::checks)](text);
  } catch (const cdc::Error&) {
  }
  return 0;
}
