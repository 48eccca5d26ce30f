// Encodes the changes of binlog files as the plugin would and writes what it would send, for tests that decode it elsewhere:
//     record_dump [KEY=VALUE…] FILE…
// KEY is a setting, or `schemas`: `off` for records without. On stdout, frames of a letter, 4 bytes of size and the content:
// `S` a schema (its version in 4 bytes, the size of its subject in 4, subject, JSON), `B` a Source.Run.Response.

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/opencdc/record_encoder.h"

namespace cdc {
namespace {

constexpr std::size_t batch_bytes_max = std::size_t{1} << 20;

std::string four_bytes(std::size_t number) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
  return out;
}

void write_frame(char letter, std::string_view content) {
  const std::string head = letter + four_bytes(content.size());
  std::fwrite(head.data(), 1, head.size(), stdout);
  std::fwrite(content.data(), 1, content.size(), stdout);
}

class Registry final : public opencdc::SchemaRegistry {
 public:
  opencdc::SchemaId resolve(std::string_view subject, std::string_view json) override {
    ++count_;
    write_frame('S', four_bytes(count_) + four_bytes(subject.size()) + std::string{subject} + std::string{json});
    return {std::string{subject}, static_cast<std::int32_t>(count_)};
  }

 private:
  std::size_t count_ = 0;
};

class Dump final : public ChangeSink {
 public:
  explicit Dump(opencdc::RecordForm form) : encoder_{std::move(form), registry_} {}
  void on_change(const Change& change) override {
    encoder_.append(change);
    if (encoder_.batch().size_bytes() >= batch_bytes_max) flush();
  }
  void flush() {
    encoder_.take(batch_);
    if (!batch_.empty()) write_frame('B', batch_.bytes());
  }

 private:
  Registry registry_;
  opencdc::RecordEncoder encoder_;
  opencdc::RecordBatch batch_;
};

void run(int count, char** words) {
  config::Entries entries;
  std::vector<std::string> files;
  bool schemas = true;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const std::size_t equals = word.find('=');
    if (word == "schemas=off") {
      schemas = false;
    } else if (equals == word.npos || word.front() == '/') {
      files.push_back(word);
    } else {
      entries[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  std::vector<config::Problem> problems;
  const config::Settings settings = config::parse_settings(entries, problems);
  config::throw_if_any(problems);
  const config::TableRules tables{settings.tables, {}};
  const config::ColumnRules columns{settings};
  const capture::CaptureOptions options{.settings = settings,
                                        .tables = tables,
                                        .columns = columns,
                                        .default_schema = {},
                                        .range = {.from = "earliest", .until = {}},
                                        .dry_run = true,
                                        .want_statements = settings.metadata == config::MetadataLevel::full,
                                        .connector_id = {}};
  Dump dump{{.metadata = settings.metadata,
             .collection = settings.collection,
             .values = settings.values,
             .payload_schema = schemas,
             .key_schema = schemas,
             .context = "test"}};
  capture::BinlogFileSource source{files, options};
  source.run({}, dump, {});
  dump.flush();
}

}  // namespace
}  // namespace cdc

int main(int count, char** words) {
  try {
    cdc::run(count, words);
    return 0;
  } catch (const cdc::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
