#pragma once

/// All settings of the product, once: used by the command line and by the plugin.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/config/value_forms.h"

namespace cdc::config {

enum class Engine : std::uint8_t { auto_, binlog, trigger };
enum class SnapshotMode : std::uint8_t { initial, never, only, when_needed };
enum class MetadataLevel : std::uint8_t { lean, standard, full };
enum class CollectionForm : std::uint8_t { schema_table, table };
enum class Policy : std::uint8_t { fail, warn };
enum class TriggerImages : std::uint8_t { full, after };
enum class MaskMethod : std::uint8_t { hash, null, last4 };

/// A `schema.table.column` glob and what is done to the columns it matches.
struct MaskRule {
  std::string column_glob;
  MaskMethod method;

  bool operator==(const MaskRule&) const = default;
};

/// Parsed and checked; passed by const&. Defaults are the product's.
struct Settings {
  std::string url;               ///< Secret inside: not for messages.
  std::string password_file;     ///< url.passwordFile
  std::string password_command;  ///< url.passwordCommand
  std::string tables = "*";
  std::map<std::string, std::vector<std::string>> key_columns;  ///< "schema.table" -> column names.
  std::vector<std::string> columns_exclude;                     ///< Globs on schema.table.column.
  std::vector<MaskRule> columns_mask;
  std::string mask_key_file;
  bool tables_allow_none = false;
  Engine engine = Engine::auto_;
  SnapshotMode snapshot_mode = SnapshotMode::initial;
  std::size_t snapshot_workers = 2;
  std::uint64_t snapshot_chunk_rows = 50'000;
  std::map<std::string, std::string> snapshot_where;  ///< "schema.table" -> SQL condition.
  std::string start = "now";
  std::optional<std::uint32_t> server_id;
  std::chrono::milliseconds heartbeat{10'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::optional<std::chrono::milliseconds> read_timeout;  ///< Default: 3 × heartbeat.
  std::string state_dir;                                  ///< Empty: none.
  ValueForms values;
  MetadataLevel metadata = MetadataLevel::standard;
  CollectionForm collection = CollectionForm::schema_table;
  /// Kinds of extra records, beside rows: cdc/model/event_record.h.
  struct Events {
    bool truncate = false, ddl = false, transactions = false, heartbeat = false;

    bool operator==(const Events&) const = default;
  } events;
  struct OnUnsupported {
    Policy statement = Policy::fail, incident = Policy::fail, truncate = Policy::fail, cascade = Policy::fail, schema_drift = Policy::fail,
           xa_pending = Policy::fail;

    bool operator==(const OnUnsupported&) const = default;
  } on_unsupported;
  struct Trigger {
    std::string schema;  ///< Empty: the URL's, or that of all captured tables.
    std::string prefix = "_cdc_";
    TriggerImages images = TriggerImages::full;
    std::string definer;  ///< user@host; empty: the installer.
    std::chrono::milliseconds poll_interval{200};
    std::chrono::milliseconds retention{std::chrono::hours{24 * 7}};
    std::chrono::milliseconds ack_grace{std::chrono::minutes{10}};
    Policy on_bypass = Policy::fail;

    bool operator==(const Trigger&) const = default;
  } trigger;
  std::size_t batch_size = 1000;             ///< sdk.batch.size
  std::chrono::milliseconds batch_delay{0};  ///< sdk.batch.delay
  // sdk.schema.*
  bool schema_context = true;       ///< Subjects begin with a context name.
  std::string schema_context_name;  ///< Empty: the connector's id.
  bool payload_schema = true;       ///< Payloads are sent with a schema.
  std::string payload_subject = "payload";
  bool key_schema = true;  ///< Keys too.
  std::string key_subject = "key";

  bool operator==(const Settings&) const = default;
};

/// One thing wrong with what was given.
struct Problem {
  std::string key;
  std::string text;  ///< What is wrong and what is allowed; never a secret value.
  ErrorCode code = ErrorCode::setting_invalid;
};

using Entries = std::map<std::string, std::string>;

/// Parses every entry, collecting every problem: unknown keys (with the nearest known one), bad
/// values, impossible combinations, settings whose feature this version lacks. Those that only the Go
/// connector has are passed over: see notes_on. An empty value is the same as none, as hosts do it. The URL may be absent: see require_url.
/// The result is usable only when `problems` stays empty.
Settings parse_settings(const Entries& entries, std::vector<Problem>& problems);
/// A line for each setting given that is the Go connector's: what is done about it.
std::vector<std::string> notes_on(const Entries& entries);
/// Adds a problem when there is no URL: for all uses but reading files.
void require_url(const Settings& settings, std::vector<Problem>& problems);
/// One Error with a line a problem, its code theirs when all agree, else setting_invalid; does
/// nothing when there is none.
void throw_if_any(const std::vector<Problem>& problems);
/// 8 hex digits over the settings that decide which records there are: stored in positions. The
/// same for the same meaning, in every version. `default_schema` as for TableRules.
std::string rules_fingerprint(const Settings& settings, std::string_view default_schema);

/// One documented setting, for --help, docs/settings.md and later the plugin's specification.
struct SettingInfo {
  std::string_view key;   ///< `*` stands for one dot-free part.
  std::string_view type;  ///< string, list, choice, bool, int, duration.
  std::string_view default_text;
  std::string_view allowed;  ///< A choice's values between `|`; else for people, empty = free.
  std::string_view description;
  bool available;  ///< False: known, refused by name until its feature exists, or without effect when `foreign`.
  /// The values of a choice that this version has, between `|`; empty = all.
  std::string_view available_values = {};
  bool secret = false;   ///< Its value appears in no message.
  bool foreign = false;  ///< The Go connector's name; the description tells what to write instead.
};
const std::vector<SettingInfo>& all_settings();

/// A YAML map of the same keys (nested maps are joined by dots, lists by commas). Nothing is
/// replaced from the environment. Throws Error(config_file) with file and line.
Entries read_config_file(const std::string& path);

/// A source connector of a Conduit pipeline file.
struct PipelineSource {
  std::string connector_id;  ///< `pipeline:connector`, as the host names it.
  Entries entries;           ///< Its settings.
};
/// `connector` picks one by id, `connector` or `pipeline:connector`, when there are several; may be
/// empty. $VAR and ${VAR} are replaced from the environment as Conduit does. Throws Error(config_file).
PipelineSource read_pipeline_source(const std::string& path, std::string_view connector);
/// Its settings alone.
Entries read_pipeline_file(const std::string& path, std::string_view connector);

}  // namespace cdc::config
