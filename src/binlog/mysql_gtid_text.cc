#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/binlog/gtid_set.h"
#include "gtid_intervals.h"
#include "gtid_tag.h"
#include "gtid_text.h"

namespace cdc::binlog {
namespace {

[[noreturn]] void reject(std::string_view part) {
  throw Error{ErrorCode::position_invalid, Remedy::operate, fmt::format("`{}` is no part of a MySQL GTID set", part.substr(0, 80)),
              "write it as the server does: SELECT @@GLOBAL.gtid_executed"};
}

/// `5` or `1-5`.
GtidInterval parse_interval(std::string_view part) {
  std::string_view rest = part;
  GtidInterval out;
  const std::string_view first = next_part(rest, '-');
  if (!number_from_text(first, out.first)) reject(part);
  out.last = out.first;
  if (part.find('-') != std::string_view::npos && !number_from_text(trimmed(rest), out.last)) reject(part);
  if (out.first < 1 || out.last < out.first || out.last > gtid_number_max) reject(part);
  return out;
}

std::string parse_tag(std::string_view part) {
  std::string tag{part};
  for (char& c : tag)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (!is_gtid_tag(tag)) reject(part);
  return tag;
}

constexpr bool begins_with_digit(std::string_view part) noexcept { return !part.empty() && part[0] >= '0' && part[0] <= '9'; }

}  // namespace

MysqlGtidSet MysqlGtidSet::parse(std::string_view text) {
  MysqlGtidSet out;
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view parts = next_part(rest, ',');
    if (parts.empty()) continue;
    const std::string_view whole = parts, uuid_text = next_part(parts, ':');
    Uuid uuid{};
    if (!uuid_from_text(uuid_text, uuid)) reject(uuid_text);
    std::string tag;
    bool complete = false;  // at least one interval behind the uuid and behind each tag
    while (!parts.empty()) {
      const std::string_view part = next_part(parts, ':');
      complete = begins_with_digit(part);
      if (complete)
        insert_interval(out.source(uuid, tag).intervals, parse_interval(part));
      else
        tag = parse_tag(part);
    }
    if (!complete) reject(whole);
  }
  return out;
}

std::string MysqlGtidSet::to_text() const {
  MysqlGtidSet copy = *this;
  copy.text();
  return std::move(copy.text_);
}

std::string_view MysqlGtidSet::text() {
  if (!text_.empty()) return text_;
  const Source* previous = nullptr;
  for (Source& s : sources_) {
    if (previous == nullptr || previous->uuid != s.uuid) {
      if (previous != nullptr) text_ += ',';
      const std::size_t at = text_.size();
      text_.resize(at + uuid_text_bytes);
      write_uuid(text_.data() + at, s.uuid);
    }
    if (!s.tag.empty()) text_ += ':', text_ += s.tag;
    for (const GtidInterval& interval : s.intervals) {
      append_number(text_ += ':', interval.first);
      if (interval.last != interval.first) append_number(text_ += '-', interval.last);
    }
    s.number_end_at = text_.size();
    previous = &s;
  }
  return text_;
}

/// After the last number of `source` went up by one: counts up its digits in place, or gives the
/// text up when it grows.
void MysqlGtidSet::count_up_text(const Source& source) {
  if (text_.empty()) return;
  const GtidInterval& interval = source.intervals.back();
  if (interval.last - interval.first == 1) return text_.clear();  // `7` becomes `7-8`
  std::size_t at = source.number_end_at - 1;
  while (text_[at] == '9') text_[at--] = '0';
  if (text_[at] == '-') return text_.clear();  // one digit more
  ++text_[at];
}

}  // namespace cdc::binlog
