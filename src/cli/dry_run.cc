#include "dry_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/capture/endpoint.h"
#include "cdc/capture/snapshot_source.h"
#include "cdc/cli/command_line.h"
#include "cdc/cli/json_sink.h"
#include "cdc/cli/output.h"
#include "cdc/cli/sql_sink.h"
#include "cdc/cli/text_sink.h"
#include "dry_run_settings.h"
#include "login.h"
#include "run_sink.h"
#include "terminal.h"

namespace cdc::cli {
namespace {

/// Requests a stop when the time is over.
std::jthread start_timer(std::chrono::milliseconds duration, std::stop_source ending) {
  return std::jthread{[duration, ending](const std::stop_token& cancelled) mutable {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, cancelled, duration, [] { return false; });
    if (!cancelled.stop_requested()) ending.request_stop();
  }};
}

std::unique_ptr<Printer> make_printer(Output& output, Format format, const config::Settings& settings, When color) {
  if (format == Format::automatic) format = is_terminal(STDOUT_FILENO) ? Format::text : Format::json;
  switch (format) {
    case Format::sql: return std::make_unique<SqlSink>(output);
    case Format::automatic:
    case Format::text: {
      const TextForm form{wants_color(color, STDOUT_FILENO), is_terminal(STDOUT_FILENO) ? terminal_columns : nullptr};
      return std::make_unique<TextSink>(output, form, static_cast<std::int64_t>(system_clock_ns() / 1000));
    }
    case Format::json: return std::make_unique<JsonSink>(output, RecordForm{settings.metadata, settings.collection, settings.values});
  }
  return nullptr;
}

std::string grouped(std::uint64_t number) {
  std::string out = fmt::format("{}", number);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, 1, ',');
  return out;
}

/// One dry run: what all attempts to log in have in common.
class DryRun {
 public:
  DryRun(const DryRunArguments& arguments, When color, std::stop_token interrupted)
      : arguments_{arguments},
        color_{color},
        colored_notes_{wants_color(color, STDERR_FILENO)},
        interrupted_{std::move(interrupted)},
        given_{read_settings(arguments)},
        columns_{given_.settings} {}

  int run() {
    if (given_.settings.url.empty()) return run_with({});
    mysql::Endpoint endpoint = capture::endpoint_of(given_.settings, interrupted_);
    const bool ask_first = arguments_.ask_password && arguments_.binlog_files.empty();
    return with_login(endpoint, ask_first, interrupted_, [&] { return run_with(endpoint); });
  }

 private:
  int run_with(const mysql::Endpoint& endpoint) {
    const config::TableRules tables{given_.settings.tables, endpoint.database};
    const capture::CaptureOptions options{.settings = given_.settings,
                                          .tables = tables,
                                          .columns = columns_,
                                          .default_schema = endpoint.database,
                                          .range = given_.range,
                                          .dry_run = true,
                                          .want_statements = given_.settings.metadata == config::MetadataLevel::full,
                                          .connector_id = given_.connector_id,
                                          .on_snapshot_progress = progress()};
    if (!arguments_.binlog_files.empty()) {
      capture::BinlogFileSource source{arguments_.binlog_files, options};
      return pump(source, false);
    }
    capture::SourceSequence source{endpoint, options};
    return pump(source, given_.range.until.empty());
  }

  int pump(ChangeSource& source, bool endless) {
    const auto began = std::chrono::steady_clock::now();
    std::stop_source ending;
    const std::stop_callback relay{interrupted_, [&] { ending.request_stop(); }};
    Output output{STDOUT_FILENO, ending};
    const auto printer = make_printer(output, arguments_.format, given_.settings, color_);
    RunSink sink{*printer, arguments_.limit, ending,
                 endless && is_terminal(STDERR_FILENO) ? [this] { note_waiting(); } : std::function<void()>{}};
    std::jthread timer;
    if (arguments_.duration) timer = start_timer(*arguments_.duration, ending);
    try {
      const SourceEnd end = source.run(given_.start, sink, ending.get_token());
      printer->finish(end == SourceEnd::exhausted);
    } catch (const Error&) {
      printer->finish(false);
      throw;
    }
    if (is_terminal(STDERR_FILENO)) summarize(sink, std::chrono::steady_clock::now() - began);
    return interrupted_.stop_requested() ? exit_interrupted : exit_done;
  }

  /// One line that is written over, on a terminal that shows nothing else.
  static std::function<void(const std::string&)> progress() {
    if (!is_terminal(STDERR_FILENO) || is_terminal(STDOUT_FILENO)) return {};
    return [](const std::string& line) { write_to_stderr(fmt::format("\r{}\x1b[K", line)); };
  }

  void note_waiting() const { print_note("waiting for changes… Ctrl-C ends", colored_notes_); }

  void summarize(const RunSink& sink, std::chrono::duration<double> took) const {
    if (interrupted_.stop_requested()) write_to_stderr("\r");  // over the terminal's ^C
    print_note(fmt::format("{} change{} in {} transaction{}, {:.1f} s", grouped(sink.changes()), sink.changes() == 1 ? "" : "s",
                           grouped(sink.transactions()), sink.transactions() == 1 ? "" : "s", took.count()),
               colored_notes_);
  }

  const DryRunArguments& arguments_;
  When color_;
  bool colored_notes_;
  std::stop_token interrupted_;
  DryRunSettings given_;
  config::ColumnRules columns_;
};

}  // namespace

int dry_run(const DryRunArguments& arguments, When color, std::stop_token interrupted) {
  return DryRun{arguments, color, std::move(interrupted)}.run();
}

}  // namespace cdc::cli
