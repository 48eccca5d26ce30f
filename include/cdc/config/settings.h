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

namespace cdc::config {

enum class Engine : std::uint8_t { auto_, binlog, trigger };
enum class SnapshotMode : std::uint8_t { initial, never, only, when_needed };
enum class MetadataLevel : std::uint8_t { lean, standard, full };
enum class CollectionForm : std::uint8_t { schema_table, table };
enum class Policy : std::uint8_t { fail, warn };
enum class MaskMethod : std::uint8_t { hash, null, last4 };

/// A `schema.table.column` glob and what is done to the columns it matches.
struct MaskRule {
  std::string column_glob;
  MaskMethod method;
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
  std::string start = "now";
  std::optional<std::uint32_t> server_id;
  std::chrono::milliseconds heartbeat{10'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::optional<std::chrono::milliseconds> read_timeout;  ///< Default: 3 × heartbeat.
  std::string state_dir;
  MetadataLevel metadata = MetadataLevel::standard;
  CollectionForm collection = CollectionForm::schema_table;
  struct OnUnsupported {
    Policy statement = Policy::fail, incident = Policy::fail, truncate = Policy::fail, cascade = Policy::fail,
           schema_drift = Policy::fail, xa_pending = Policy::fail;
  } on_unsupported;
  std::size_t batch_size = 1000;                  ///< sdk.batch.size
  std::chrono::milliseconds batch_delay{0};       ///< sdk.batch.delay
};

/// One thing wrong with what was given.
struct Problem {
  std::string key;
  std::string text;  ///< What is wrong and what is allowed; never a secret value.
};

using Entries = std::map<std::string, std::string>;

/// Parses every entry, collecting every problem: unknown keys (with the nearest known one), bad
/// values, impossible combinations, settings whose feature this version lacks. The result is
/// usable only when `problems` stays empty.
Settings parse_settings(const Entries& entries, std::vector<Problem>& problems);
/// One Error(setting_invalid) with a line a problem; does nothing when there is none.
void throw_if_any(const std::vector<Problem>& problems);

/// One documented setting, for --help, docs/settings.md and later the plugin's specification.
struct SettingInfo {
  std::string_view key;      ///< `*` stands for one dot-free part.
  std::string_view type;     ///< string, bool, int, duration.
  std::string_view default_text;
  std::string_view allowed;  ///< e.g. `auto|binlog|trigger`; empty = free.
  std::string_view description;
  bool available;            ///< False: known, refused by name until its feature exists.
};
const std::vector<SettingInfo>& all_settings();

/// A flat YAML of the same keys (nested maps are joined by dots). Throws Error(config_file).
Entries read_config_file(const std::string& path);
/// The settings of a source connector of a Conduit pipeline file. `connector` picks one by id when there
/// are several. ${VAR} is replaced from the environment as Conduit does. Throws Error(config_file).
Entries read_pipeline_file(const std::string& path, std::string_view connector);

}  // namespace cdc::config
