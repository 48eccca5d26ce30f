#include "cdc/cli/text_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "cdc/model/json_documents.h"
#include "text_fields.h"

namespace cdc::cli {
namespace {

struct OperationWord {
  std::string_view word;
  Style style;
};
/// By Operation, of one width.
constexpr std::array<OperationWord, 4> words{
    {{"INSERT", Style::insert}, {"UPDATE", Style::update}, {"DELETE", Style::delete_}, {"ROW   ", Style::plain}}};
constexpr OperationWord event_word{"EVENT ", Style::plain};
constexpr std::size_t time_columns = 12;
constexpr std::size_t table_columns_max = 32;
/// Below this a row is not squeezed further: the terminal wraps.
constexpr std::size_t fields_columns_min = 24;

std::tm local_time(std::int64_t unix_us) {
  const std::time_t seconds = static_cast<std::time_t>(unix_us / 1'000'000);
  std::tm out{};
  localtime_r(&seconds, &out);
  return out;
}

int day_of(const std::tm& time) { return time.tm_year * 366 + time.tm_yday; }

}  // namespace

struct TextSink::State {
  State(const TextForm& text_form, std::int64_t today_us) : form{text_form}, day{day_of(local_time(today_us))} {}

  void begin_transaction(const Transaction& transaction, OutputBuffer& out);
  StyledText body(const Change& change);
  StyledText table_name(const TableSchema& table);
  void release(OutputBuffer& out, bool goes_on);

  TextForm form;
  int day;
  std::size_t width = 0, table_columns = 0;
  std::uint64_t ordinal = 0;
  std::string time;        ///< Of the transaction; blank once printed.
  bool held = false;       ///< `held_line` waits for its bracket.
  bool first_line = true;  ///< It is its transaction's first.
  std::string held_line;
  JsonDocuments before_documents, after_documents;
};

void TextSink::State::begin_transaction(const Transaction& transaction, OutputBuffer& out) {
  ordinal = transaction.ordinal;
  first_line = true;
  width = form.width_columns == nullptr ? 0 : form.width_columns();
  time.assign(time_columns, ' ');
  if (transaction.committed_at_us == 0) return;
  const auto committed_us = static_cast<std::int64_t>(transaction.committed_at_us);
  const std::tm local = local_time(committed_us);
  time = fmt::format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec, committed_us / 1000 % 1000);
  if (day_of(local) == day) return;
  day = day_of(local);
  const std::string date = fmt::format("── {:04}-{:02}-{:02} ──", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
  out.append(StyledText{form.color}.add(Style::dim, date, 16).text());
  out.append('\n');
}

StyledText TextSink::State::table_name(const TableSchema& table) {
  const std::string schema = show_name(table.schema) + '.', name = show_name(table.table);
  StyledText out{form.color};
  out.add(Style::dim, schema, columns_of(schema)).add(Style::plain, name, columns_of(name));
  table_columns = std::min(std::max(table_columns, out.columns()), table_columns_max);
  out.pad_to(table_columns);
  return out;
}

StyledText TextSink::State::body(const Change& change) {
  const OperationWord& word = change.table.event ? event_word : words[static_cast<std::size_t>(change.operation)];
  StyledText out{form.color};
  out.add(word.style, word.word).add(Style::plain, "  ").add(table_name(change.table)).add(Style::plain, "  ");
  const std::size_t used = time_columns + 3 + out.columns();
  const std::size_t left = width == 0 ? 0 : std::max(width > used ? width - used : 0, fields_columns_min);
  if (!has_json_column(change.table)) return out.add(show_fields(change, form.color, left));
  const Change readable{change.operation,
                        change.key_change,
                        change.marked,
                        change.partial,
                        change.table,
                        before_documents.as_text(change.table, change.before),
                        after_documents.as_text(change.table, change.after),
                        change.transaction,
                        change.position};
  return out.add(show_fields(readable, form.color, left));
}

/// Writes the held line, its bracket telling whether its transaction `goes_on`.
void TextSink::State::release(OutputBuffer& out, bool goes_on) {
  if (!held) return;
  const std::string_view bracket = first_line ? (goes_on ? " ╭ " : "   ") : (goes_on ? " │ " : " ╰ ");
  StyledText lead{form.color};
  lead.add(Style::dim, time, time_columns).add(Style::dim, bracket, 3);
  out.append(lead.text());
  out.append(held_line);
  out.append('\n');
  held = false;
  first_line = false;
  time.assign(time_columns, ' ');
}

TextSink::TextSink(Output& output, const TextForm& form, std::int64_t today_us)
    : output_{output}, state_{std::make_unique<State>(form, today_us)} {}
TextSink::~TextSink() = default;

void TextSink::on_change(const Change& change) {
  State& state = *state_;
  const bool of_transaction = change.operation != Operation::snapshot;
  const bool same = of_transaction && state.ordinal == change.transaction.ordinal && (state.held || !state.first_line);
  state.release(output_.buffer(), same);
  if (!same) state.begin_transaction(change.transaction, output_.buffer());
  state.held_line = state.body(change).text();
  state.held = true;
  output_.line_done();
}

void TextSink::on_idle() {
  state_->release(output_.buffer(), false);
  output_.flush();
}

}  // namespace cdc::cli
