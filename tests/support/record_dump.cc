// Encodes changes as the plugin would and writes what it would send, for tests that decode it elsewhere (record_frames.h):
//     record_dump [KEY=VALUE…] FILE…              the changes in binlog files
//     record_dump [KEY=VALUE…] live FROM          those of a server since FROM, until now
//     record_dump [KEY=VALUE…] select             the rows of the tables that a server has
// KEY is a setting; `schemas=off`: records without schemas; `lines=PATH`: their JSON lines go there. The server's URL is in MYSQL_CDC_URL.

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdlib>
#include <deque>

#include "cdc/base/error.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/capture/endpoint.h"
#include "cdc/catalog/table_catalog.h"
#include "cdc/cli/json_sink.h"
#include "cdc/select/table_reader.h"
#include "record_frames.h"

namespace cdc {
namespace {

struct Task {
  config::Entries entries;
  std::vector<std::string> words;
  std::string lines;
  bool schemas = true;

  Task(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
      const std::string word = arguments[i];
      const std::size_t equals = word.find('=');
      if (word == "schemas=off") {
        schemas = false;
      } else if (word.starts_with("lines=")) {
        lines = word.substr(equals + 1);
      } else if (equals == word.npos || word.front() == '/') {
        words.push_back(word);
      } else {
        entries[word.substr(0, equals)] = word.substr(equals + 1);
      }
    }
    if (const char* const url = std::getenv("MYSQL_CDC_URL"); needs_server() && url != nullptr) entries["url"] = url;
  }
  bool needs_server() const { return !words.empty() && (words[0] == "select" || words[0] == "live"); }
};

config::Settings parsed(const config::Entries& entries) {
  std::vector<config::Problem> problems;
  config::Settings settings = config::parse_settings(entries, problems);
  config::throw_if_any(problems);
  return settings;
}

/// A table as its records show it.
TableSchema schema_of(const catalog::CatalogTable& table, std::span<const std::size_t> columns, std::uint64_t id) {
  TableSchema out{.id = id, .schema = table.schema, .table = table.table, .columns = {}, .key = {}};
  for (const std::size_t index : columns) out.columns.push_back(table.columns[index].column);
  for (const auto& part : table.primary_key) out.key.push_back(part.column_index);  // hidden columns are behind all others
  if (!out.key.empty()) out.key_kind = KeyKind::primary;
  return out;
}

void dump_tables(const config::Settings& settings, const config::TableRules& rules, ChangeSink& sink) {
  mysql::Connection connection{capture::endpoint_of(settings, {}), {}};
  select::TableReader reader{connection};
  std::deque<TableSchema> schemas;  // sinks keep references
  const Transaction transaction;
  const BinlogPosition position;
  for (const auto& [schema, name] : catalog::list_tables(connection)) {
    if (!rules.matches(schema, name)) continue;
    const auto table = catalog::load_table(connection, schema, name);
    if (!table) continue;
    const auto columns = select::shown_columns(*table);
    const TableSchema& shown = schemas.emplace_back(schema_of(*table, columns, schemas.size()));
    const auto plan = select::RowPlan::compile(*table, columns, connection.version().flavor);
    reader.read(plan, {}, [&](std::span<const Value> values, bool marked) {
      sink.on_change({Operation::snapshot, KeyChange::none, marked, false, shown, {}, values, transaction, position});
    });
  }
}

void run(const Task& task) {
  const config::Settings settings = parsed(task.entries);
  const config::TableRules tables{settings.tables, {}};
  const config::ColumnRules columns{settings};
  const bool live = task.needs_server() && task.words[0] == "live";
  const capture::Range range = live ? capture::Range{task.words.at(1), "now"} : capture::Range{"earliest", {}};
  const capture::CaptureOptions options{.settings = settings,
                                        .tables = tables,
                                        .columns = columns,
                                        .default_schema = {},
                                        .range = range,
                                        .dry_run = true,
                                        .want_statements = settings.metadata == config::MetadataLevel::full,
                                        .connector_id = {}};
  const int file = task.lines.empty() ? -1 : ::open(task.lines.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  cli::Output output{file, {}};
  cli::JsonSink lines{output, {settings.metadata, settings.collection, settings.values}};
  FrameSink sink{{.metadata = settings.metadata,
                  .collection = settings.collection,
                  .values = settings.values,
                  .payload_schema = task.schemas,
                  .key_schema = task.schemas,
                  .context = "test"},
                 file < 0 ? nullptr : &lines};
  if (live) {
    capture::BinlogSource{capture::endpoint_of(settings, {}), options}.run({}, sink, {});
  } else if (task.needs_server()) {
    dump_tables(settings, tables, sink);
  } else {
    capture::BinlogFileSource{task.words, options}.run({}, sink, {});
  }
  sink.flush();
  if (file >= 0) lines.finish(true);
}

}  // namespace
}  // namespace cdc

int main(int count, char** words) {
  try {
    cdc::run(cdc::Task{count, words});
    return 0;
  } catch (const cdc::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
