#include "cdc/cli/sql_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/model/json_documents.h"
#include "cdc/model/value_text.h"
#include "sql_value.h"

namespace cdc::cli {
namespace {

constexpr std::string_view top =
    "SET NAMES utf8mb4;\n"
    "SET time_zone = '+00:00';\n"
    "SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO';\n";

/// Names, quoted once a table.
struct SqlTable {
  explicit SqlTable(const TableSchema& schema) : name{quote_name(schema.schema) + '.' + quote_name(schema.table)} {
    for (const Column& column : schema.columns) columns.push_back(quote_name(column.name));
    has_json = has_json_column(schema);
  }
  std::string name;
  std::vector<std::string> columns;
  bool has_json;
};

void require_names(const TableSchema& table) {
  if (!table.positional) return;
  throw Error{ErrorCode::schema_missing, Remedy::operate,
              fmt::format("`{}`.`{}`: the log has no column names, and statements need them", table.schema, table.table),
              "SET GLOBAL binlog_row_metadata=FULL for what is logged from now on; or --format json"};
}

/// One statement of one row.
class Statement {
 public:
  /// `stored`: the row after the change as it came, with changes to JSON documents in their binary form.
  Statement(Output& out, const TableSchema& schema, const SqlTable& names, std::span<const Value> stored)
      : out_{out}, schema_{schema}, names_{names}, stored_{stored} {}

  void insert(std::span<const Value> row) {
    text(fmt::format("INSERT INTO {} (", names_.name));
    const std::vector<std::size_t> columns = present(row);
    list(columns, ", ", [&](std::size_t i) { text(names_.columns[i]); });
    text(") VALUES (");
    list(columns, ", ", [&](std::size_t i) { value(i, row[i]); });
    text(");\n");
  }

  /// A comment: what it tells of is not to be run again unseen.
  void event(std::span<const Value> row) {
    text("-- event");
    for (const std::size_t i : present(row)) {
      if (row[i].kind == ValueKind::null) continue;
      text(fmt::format(" {}=", schema_.columns[i].name));
      row[i].kind == ValueKind::text ? text(one_line(std::string{row[i].text()}, ' ')) : value(i, row[i]);
    }
    text("\n");
  }

  void update(std::span<const Value> before, std::span<const Value> after) {
    std::vector<std::size_t> changed = present(after);
    std::erase_if(changed, [&](std::size_t i) { return i < before.size() && same_value(before[i], after[i]); });
    if (changed.empty()) return text(fmt::format("-- {}: no captured column changed\n", one_line(names_.name, '?')));
    text(fmt::format("UPDATE {} SET ", names_.name));
    list(changed, ", ", [&](std::size_t i) {
      if (after[i].mark != ValueMark::json_diff) return assign(i, " = ", after[i]);
      text(names_.columns[i] + " = ");
      write_json_changes(out_, names_.columns[i], stored_[i].bytes());
    });
    where(before, after);
  }

  void remove(std::span<const Value> before) {
    text(fmt::format("DELETE FROM {}", names_.name));
    where(before, {});
  }

 private:
  static std::string one_line(std::string out, char for_controls) {
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, for_controls);
    return out;
  }
  std::vector<std::size_t> present(std::span<const Value> row) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].kind != ValueKind::absent) out.push_back(i);
    }
    return out;
  }
  /// By key, else by every value that compares exactly.
  void where(std::span<const Value> before, std::span<const Value> after) {
    std::vector<std::size_t> columns = schema_.key;
    if (columns.empty()) {
      columns = present(before);
      std::erase_if(columns, [&](std::size_t i) { return !compares_exactly(schema_.columns[i], before[i]); });
    }
    text(columns.empty() ? "" : " WHERE ");
    list(columns, " AND ", [&](std::size_t i) {
      Value found = present_value(before, after, i);
      if (found.kind == ValueKind::float32) found.kind = ValueKind::float64;  // the column is widened to compare: all its digits
      assign(i, schema_.key.empty() ? " <=> " : " = ", found);
      if (schema_.key.empty() && found.kind == ValueKind::text) text(" COLLATE utf8mb4_bin");
    });
    text(" LIMIT 1;\n");
  }
  void assign(std::size_t index, std::string_view sign, const Value& to) {
    text(names_.columns[index]);
    text(sign);
    value(index, to);
  }
  template <class Each>
  void list(const std::vector<std::size_t>& columns, std::string_view separator, Each&& each) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i != 0) text(separator);
      each(columns[i]);
    }
  }
  void value(std::size_t index, const Value& what) { write_sql_value(out_, schema_.columns[index], what); }
  void text(std::string_view what) { out_.buffer().append(what); }

  Output& out_;
  const TableSchema& schema_;
  const SqlTable& names_;
  const std::span<const Value> stored_;
};

/// An image kept beyond its change.
class KeptRow {
 public:
  KeptRow(const TableSchema& of, std::span<const Value> image) : table{of}, values{image.begin(), image.end()} {
    for (Value& value : values) {
      if (!holds_data(value.kind)) continue;
      const std::string& copy = bytes_.emplace_back(value.text());
      value.data = std::as_bytes(std::span{copy}).data();
    }
  }
  const TableSchema& table;
  std::vector<Value> values;

 private:
  std::deque<std::string> bytes_;
};

}  // namespace

struct SqlSink::State {
  const SqlTable& table(const TableSchema& schema);
  void write(Output& out, const Change& change);
  void write_kept(Output& out);

  std::uint64_t ordinal = 0;
  bool open = false;  ///< BEGIN is out, COMMIT is not.
  std::vector<std::unique_ptr<SqlTable>> tables;
  /// Half of a changed key, of which the other half lacks columns: together they are an UPDATE, else a DELETE and an INSERT of what
  /// is not the whole row.
  std::optional<KeptRow> kept;
  JsonDocuments before_documents, after_documents;
};

const SqlTable& SqlSink::State::table(const TableSchema& schema) {
  if (schema.id >= tables.size()) tables.resize(schema.id + 1);
  auto& known = tables[schema.id];
  if (known == nullptr) known = std::make_unique<SqlTable>(schema);
  return *known;
}

SqlSink::SqlSink(Output& output) : output_{output}, state_{std::make_unique<State>()} { output_.buffer().append(top); }
SqlSink::~SqlSink() = default;

void SqlSink::State::write_kept(Output& out) {
  if (!kept) return;
  Statement{out, kept->table, table(kept->table), {}}.remove(kept->values);
  kept.reset();
}

void SqlSink::State::write(Output& out, const Change& change) {
  const SqlTable& names = table(change.table);
  std::span<const Value> before = change.before, after = change.after;
  if (names.has_json) {
    before = before_documents.as_text(change.table, before);
    after = after_documents.as_text(change.table, after);
  }
  Statement statement{out, change.table, names, change.after};
  if (kept && change.key_change == KeyChange::new_key) {
    statement.update(kept->values, after);
    return kept.reset();
  }
  write_kept(out);
  switch (change.operation) {
    case Operation::create:
    case Operation::snapshot: return change.table.event ? statement.event(after) : statement.insert(after);
    case Operation::update: return statement.update(before, after);
    case Operation::delete_:
      if (change.partial && change.key_change == KeyChange::old_key) return void(kept.emplace(change.table, before));
      return statement.remove(before);
  }
}

void SqlSink::on_change(const Change& change) {
  State& state = *state_;
  require_names(change.table);
  require_decimals(change.table, change.before);
  require_decimals(change.table, change.after);
  if (state.ordinal != change.transaction.ordinal) close(true);
  if (!state.open) output_.buffer().append("BEGIN;\n");
  state.open = true;
  state.ordinal = change.transaction.ordinal;
  state.write(output_, change);
  output_.line_done();
}

void SqlSink::close(bool complete) {
  state_->write_kept(output_);
  if (state_->open) output_.buffer().append(complete ? "COMMIT;\n" : "ROLLBACK; -- printing ended inside this transaction\n");
  state_->open = false;
}

void SqlSink::on_idle() { finish(true); }

void SqlSink::finish(bool complete) {
  close(complete);
  output_.flush();
}

}  // namespace cdc::cli
