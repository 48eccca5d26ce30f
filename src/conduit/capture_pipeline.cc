#include "capture_pipeline.h"

#include <optional>
#include <utility>

#include "batcher.h"
#include "cdc/base/error.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/capture/endpoint.h"
#include "cdc/capture/snapshot_source.h"
#include "cdc/capture/start_memory.h"
#include "cdc/config/table_rules.h"
#include "cdc/opencdc/record_encoder.h"
#include "configuration.h"
#include "schema_client.h"

namespace cdc::conduit {
namespace {

opencdc::RecordForm record_form(const config::Settings& settings, const Launch& launch) {
  opencdc::RecordForm out;
  out.metadata = settings.metadata;
  out.collection = settings.collection;
  out.values = settings.values;
  out.payload_schema = settings.payload_schema;
  out.key_schema = settings.key_schema;
  if (settings.schema_context) out.context = settings.schema_context_name.empty() ? launch.connector_id : settings.schema_context_name;
  out.payload_subject = settings.payload_subject;
  out.key_subject = settings.key_subject;
  return out;
}

/// Tells the source what was acknowledged, while it lives.
class Acknowledging {
 public:
  Acknowledging(Outbox& outbox, ChangeSource& source) : outbox_{outbox} {
    outbox.listen([&source](std::string_view position) {
      if (position.starts_with(R"({"v":1,"engine":"trigger")")) source.acknowledge(parse_position(position));  // as PositionText writes it
    });
  }
  ~Acknowledging() { outbox_.listen({}); }
  Acknowledging(const Acknowledging&) = delete;
  Acknowledging& operator=(const Acknowledging&) = delete;

 private:
  Outbox& outbox_;
};

class CapturePipeline final : public Pipeline {
 public:
  CapturePipeline(config::Settings settings, Launch launch)
      : settings_{std::move(settings)},
        launch_{std::move(launch)},
        default_schema_{capture::endpoint_of(settings_, {}).database},
        tables_{settings_.tables, default_schema_},
        columns_{settings_} {}

  void run(const Position& start, Outbox& outbox, std::stop_token stop) override {
    const capture::CaptureOptions options{.settings = settings_,
                                          .tables = tables_,
                                          .columns = columns_,
                                          .default_schema = default_schema_,
                                          .range = {.from = settings_.start, .until = {}},
                                          .want_statements = settings_.metadata == config::MetadataLevel::full,
                                          .connector_id = launch_.connector_id,
                                          .patient = true};
    SchemaClient schemas{launch_.schema_target, launch_.token, stop};
    opencdc::RecordEncoder encoder{record_form(settings_, launch_), schemas};
    Batcher batcher{encoder, outbox, batch_limits(settings_), stop};
    capture::SourceSequence source{capture::endpoint_of(settings_, stop), options};
    std::optional<Acknowledging> acknowledging;
    if (settings_.engine != config::Engine::binlog) acknowledging.emplace(outbox, source);
    try {
      source.run(start, batcher, stop);
    } catch (const Error&) {
      batcher.finish();
      throw;
    }
  }

  void forget() override { capture::StartMemory{settings_.state_dir, launch_.connector_id}.forget(); }

 private:
  const config::Settings settings_;
  const Launch launch_;
  const std::string default_schema_;
  const config::TableRules tables_;
  const config::ColumnRules columns_;
};

}  // namespace

PipelineFactory capture_pipelines(const Launch& launch) {
  return [launch](const config::Entries& entries) -> std::unique_ptr<Pipeline> {
    return std::make_unique<CapturePipeline>(read_configuration(entries, launch.may_run_commands), launch);
  };
}

}  // namespace cdc::conduit
