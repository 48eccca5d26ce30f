#include "triggers_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "terminal_text.h"

namespace cdc::cli {
namespace {

constexpr std::size_t field_columns = 12;

std::string_view name_of(catalog::CaptureState state) {
  switch (state) {
    case catalog::CaptureState::active: return "captured";
    case catalog::CaptureState::changing: return "unfinished";
    case catalog::CaptureState::retired: break;
  }
  return "retired";
}

std::string count(std::int64_t number, std::string_view what) { return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s"); }

std::string waiting(std::int64_t number, std::optional<std::int64_t> oldest_s) {
  std::string out = count(number, "change");
  if (number > 0 && oldest_s) out += fmt::format(", the oldest since {}", rough_duration(*oldest_s));
  return out;
}

}  // namespace

std::string rough_duration(std::int64_t seconds) {
  struct Unit {
    std::int64_t seconds;
    std::string_view name;
  };
  constexpr Unit units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
  for (const Unit& unit : units)
    if (seconds >= 2 * unit.seconds) return fmt::format("{} {}", seconds / unit.seconds, unit.name);
  return fmt::format("{} s", std::max<std::int64_t>(seconds, 0));
}

std::string rough_size(std::uint64_t bytes) {
  constexpr std::string_view units[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(units); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

void TriggersReport::line(const StyledText& text) {
  output_.buffer().append(text.text());
  output_.buffer().append("\n");
  output_.line_done();
}

void TriggersReport::field(std::string_view name, std::string_view value) {
  StyledText text{color_};
  text.add(Style::dim, name);
  text.pad_to(field_columns);
  line(text.add(Style::plain, show_name(value)));
}

void TriggersReport::planned(const admin::Plan& plan) {
  for (const admin::Step& step : plan.steps)
    line(StyledText{color_}.add(Style::insert, "to do  ").add(Style::plain, show_name(step.title)));
  unchanged(plan);
  if (plan.steps.empty()) return line(StyledText{color_}.add(Style::strong, "nothing to do"));
  line(StyledText{color_}.add(Style::dim, "nothing was changed: --print shows the SQL, --apply runs it"));
}

void TriggersReport::done(const admin::Step& step) {
  line(StyledText{color_}.add(Style::insert, "done   ").add(Style::plain, show_name(step.title)));
  output_.flush();
}

void TriggersReport::unchanged(const admin::Plan& plan) {
  for (const std::string& name : plan.unchanged) line(StyledText{color_}.add(Style::dim, "as is  ").add(Style::plain, show_name(name)));
}

void TriggersReport::finding(const admin::Finding& finding) {
  StyledText text{color_};
  text.add(finding.error ? Style::error : Style::warning,
           fmt::format("{} MYC{}", finding.error ? "error" : "note ", static_cast<unsigned>(finding.code)));
  line(text.add(Style::plain, ": ").add(Style::plain, show_name(finding.notice.text)));
  if (!finding.notice.cure.empty()) line(StyledText{color_}.add(Style::dim, "  cure: ").add(Style::plain, show_name(finding.notice.cure)));
}

bool TriggersReport::findings(const std::vector<admin::Finding>& found, std::size_t tables) {
  for (const admin::Finding& one : found) finding(one);
  const auto errors = std::ranges::count_if(found, &admin::Finding::error);
  const std::string checked = count(static_cast<std::int64_t>(tables), "table");
  if (errors == 0) {
    line(StyledText{color_}.add(Style::insert, fmt::format("{} captured, nothing is wrong", checked)));
  } else {
    line(StyledText{color_}.add(Style::error, fmt::format("{} captured, {}", checked, count(errors, "error"))));
  }
  return errors == 0;
}

void TriggersReport::status(const admin::Status& status, const catalog::ChangelogNames& names, const std::vector<admin::Finding>& found) {
  field("changelog", fmt::format("{}, prefix {}, epoch {}", names.schema, names.prefix, status.meta.epoch));
  field("inbox", waiting(static_cast<std::int64_t>(status.inbox_changes), status.inbox_oldest_s));
  field("log", fmt::format("{}, up to {}, purged up to {}", count(static_cast<std::int64_t>(status.log_changes), "change"),
                           status.meta.next_seq - 1, status.meta.purged_seq));
  field("not read", waiting(status.unread_changes, status.unread_oldest_s));
  field("size", rough_size(status.bytes));
  if (status.consumers.empty()) field("consumer", "none: nothing is ever purged until one reads");
  for (const admin::Consumer& consumer : status.consumers) {
    field("consumer", fmt::format("{}, acknowledged up to {}, {} behind, seen {} ago", consumer.name, consumer.acked_seq, consumer.behind,
                                  rough_duration(consumer.seen_before_s)));
  }
  for (const admin::CapturedTable& table : status.tables)
    field("table", fmt::format("{}  {}  {}{}  {}", table.name, name_of(table.state), "r", table.tid, rough_size(table.payload_bytes)));
  for (const admin::Finding& one : found) finding(one);
}

}  // namespace cdc::cli
