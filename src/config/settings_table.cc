#include "settings_table.h"

#include "parsers.h"

namespace cdc::config {
namespace {

using S = Settings;
using U = Settings::OnUnsupported;
using F = ValueForms;
using T = Settings::Trigger;

/// What many rows have in common.
constexpr SettingInfo list(std::string_view key, std::string_view allowed, std::string_view description) {
  return {key, "list", "", allowed, description, true};
}
constexpr SettingInfo fail_or_warn(std::string_view key, std::string_view description) {
  return {key, "choice", "fail", "fail|warn", description, true};
}
constexpr SettingInfo yes_or_no(std::string_view key, std::string_view default_text, std::string_view description) {
  return {key, "bool", default_text, "true|false", description, true};
}
constexpr SettingInfo not_yet(std::string_view key, std::string_view type, std::string_view default_text, std::string_view allowed,
                              std::string_view description) {
  return {key, type, default_text, allowed, description, false};
}
constexpr SettingInfo foreign(std::string_view key, std::string_view description) {
  return {.key = key, .type = "string", .default_text = "", .allowed = "", .description = description, .available = false, .foreign = true};
}
constexpr SettingInfo secret(std::string_view key, std::string_view allowed, std::string_view description) {
  return {
      .key = key, .type = "string", .default_text = "", .allowed = allowed, .description = description, .available = true, .secret = true};
}
constexpr SettingInfo choice_of(std::string_view key, std::string_view default_text, std::string_view allowed,
                                std::string_view description) {
  return {key, "choice", default_text, allowed, description, true};
}
/// A choice of which this version has some values only.
constexpr SettingInfo partly(std::string_view key, std::string_view default_text, std::string_view allowed,
                             std::string_view available_values, std::string_view description) {
  return {key, "choice", default_text, allowed, description, true, available_values};
}

constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

const SettingRow rows[] = {
    {secret("url", "mysql://user:password@host:3306/schema?tls=…",
            "the server, also as mariadb://, or a Go DSN user:password@tcp(host:port)/schema; required"),
     text<&S::url>},
    {secret("dsn", "as url", "another name of url"), text<&S::url>},
    {{"url.passwordFile", "string", "", "path", "a file of at most 4 KiB that holds the password; read at each connect", true},
     text<&S::password_file>},
    {secret("url.passwordCommand", "command line", "a command that prints the password, run without shell at each connect for at most 10s"),
     text<&S::password_command>},

    {{"tables", "list", "*", "table rules", "the tables to capture; a later rule wins", true}, parse_tables},
    {{"tables.allowNone", "bool", "false", "true|false", "whether to go on when no table matches", true}, boolean<&S::tables_allow_none>},
    {list("key.columns.*.*", "column names", "the key of table schema.table when it has no primary key"), parse_key_columns},
    {list("columns.exclude", "schema.table.column globs", "columns that are never sent"), parse_exclude},
    {list("columns.mask", "glob=hash, glob=null, glob=last4",
          "columns sent masked: hash is HMAC-SHA-256 with columns.maskKeyFile; null and last4 not for key columns"),
     parse_mask},
    {{"columns.maskKeyFile", "string", "", "path", "a file with the key of hashed columns, 16 bytes to 4 KiB", true},
     text<&S::mask_key_file>},

    {choice_of("engine", "auto", "auto|binlog|trigger",
               "where changes are read; auto is the binlog when its preconditions hold, else a changelog that triggers write"),
     choice<&S::engine>},
    {choice_of("snapshot.mode", "initial", "initial|never|only|whenNeeded",
               "whether existing rows are sent first; whenNeeded: also after the position was purged"),
     choice<&S::snapshot_mode>},
    {{"snapshot.workers", "int", "2", "1..64", "connections that read the snapshot", true}, integer<&S::snapshot_workers, 1, 64>},
    {{"snapshot.chunkRows", "int", "50000", "1..", "about how many rows of a shared-out table one statement reads", true},
     integer<&S::snapshot_chunk_rows, 1, 1'000'000'000>},
    {not_yet("snapshot.lock", "choice", "none", "none|brief", "none: exact without lock where possible; brief: a bounded table lock")},
    {not_yet("snapshot.lockTimeout", "duration", "5s", "", "how long a brief lock may be waited for")},
    {{"snapshot.where.*.*", "string", "", "SQL condition", "the rows of schema.table that the snapshot reads", true}, parse_snapshot_where},
    {not_yet("snapshot.newTables", "choice", "snapshot", "snapshot|stream|fail", "what becomes of a table that tables newly matches")},

    {{"start", "string", "now", "now, earliest, GTID set, file:pos, time",
      "where the stream begins without snapshot and position; a time is not in this version", true},
     parse_start},
    {{"serverId", "int", "", "1..4294967295", "the replica's server id; derived from connector and host when absent", true},
     integer<&S::server_id, 1, 4'294'967'295>},
    {{"heartbeat", "duration", "10s", "100ms..1h", "how often the server sends a sign of life on a quiet stream", true},
     duration<&S::heartbeat, 100, hour>},
    {{"connectTimeout", "duration", "10s", "100ms..10m", "how long one attempt to connect may take", true},
     duration<&S::connect_timeout, 100, 10 * minute>},
    {{"readTimeout", "duration", "", "200ms..1d", "silence after which the link counts as dead; 3 × heartbeat when absent", true},
     duration<&S::read_timeout, 200, day>},
    {{"stateDir", "string", "", "path",
      "a folder that keeps where start=now began, until a position is stored, and table versions, for logs without column names", true},
     text<&S::state_dir>},

    {choice_of("decimal", "string", "string|double|avro", "how DECIMAL is sent; avro: as Avro's logical type"), value_form<&F::decimal>},
    {choice_of("bigintUnsigned", "auto", "auto|string|long",
               "how BIGINT UNSIGNED is sent; auto: text beyond 2^63-1; long: an error beyond it"),
     value_form<&F::bigint_unsigned>},
    {choice_of("temporal", "text", "text|iso|epoch",
               "how dates and times are sent; text: as SELECT prints them in UTC; iso: RFC 3339; epoch: days or microseconds since 1970"),
     value_form<&F::temporal>},
    {choice_of("temporal.zeroDates", "null", "null|fail", "what iso and epoch do with 0000-00-00 and other dates that no calendar has"),
     value_form<&F::zero_dates>},
    {choice_of("bits", "bytes", "bytes|number|text", "how BIT is sent; number: text beyond 2^63-1; text: its digits 0 and 1"),
     value_form<&F::bits>},
    {choice_of("binary", "bytes", "bytes|base64|hex", "how BINARY, VARBINARY and BLOB are sent; base64 and hex: as text"),
     value_form<&F::binary>},
    {choice_of("geometry", "ewkb", "ewkb|wkb|hex", "how spatial values are sent; wkb: without SRID; hex: EWKB as text"),
     value_form<&F::geometry>},
    {choice_of("json", "text", "text", "how JSON is sent: the text that SELECT prints"), nothing},
    {{"metadata", "choice", "standard", "lean|standard|full", "how much metadata a record has", true}, choice<&S::metadata>},
    {{"collection", "choice", "schema.table", "schema.table|table", "the form of opencdc.collection", true}, choice<&S::collection>},
    {list("events", "truncate, ddl, transactions, heartbeat",
          "extra records about what is no row change, in the collection mysql.events; heartbeat is not in this version"),
     parse_events},

    {fail_or_warn("onUnsupported.statement", "a change of a captured table logged as statement"), policy<&U::statement>},
    {fail_or_warn("onUnsupported.incident", "the server says that its log has a gap"), policy<&U::incident>},
    {fail_or_warn("onUnsupported.truncate", "TRUNCATE, DROP or partition removal of a captured table"), policy<&U::truncate>},
    {fail_or_warn("onUnsupported.cascade", "foreign keys whose cascades the log does not show"), policy<&U::cascade>},
    {fail_or_warn("onUnsupported.schemaDrift", "rows logged under a table definition that is not known"), policy<&U::schema_drift>},
    {fail_or_warn("onUnsupported.xaPending", "an XA COMMIT whose rows cannot be read any more"), policy<&U::xa_pending>},

    {{"trigger.schema", "string", "", "schema name",
      "where the changelog lives; the url's schema or that of all captured tables when absent", true},
     trigger<&T::schema>},
    {{"trigger.prefix", "string", "_cdc_", "1 to 32 of a-z, 0-9, _", "how the names of the changelog's tables and triggers begin", true},
     trigger<&T::prefix>},
    {{"trigger.pollInterval", "duration", "200ms", "1ms..1h", "how often the changelog is looked at while nothing comes", true},
     trigger_duration<&T::poll_interval, 1, hour>},
    {choice_of("trigger.images", "full", "full|after", "what the triggers keep of a row; after: the new row, and of the old one the key"),
     trigger_choice<&T::images>},
    {{"trigger.retention", "duration", "7d", "1m..3650d", "how long changes wait for a reader that is away", true},
     trigger_duration<&T::retention, minute, 3'650 * day>},
    {{"trigger.ackGrace", "duration", "10m", "0..30d", "age of an acknowledgement before its changes may be purged", true},
     trigger_duration<&T::ack_grace, 0, 30 * day>},
    {fail_or_warn("trigger.onBypass", "a change that passed by the triggers, as TRUNCATE does"), trigger_choice<&T::on_bypass>},
    {not_yet("trigger.autoInstall", "bool", "false", "true|false", "whether missing triggers are installed at the start")},
    {{"trigger.definer", "string", "", "user@host", "whose privileges the triggers run with; the installer's when absent", true},
     parse_definer},

    {{"sdk.batch.size", "int", "1000", "0..1000000", "most records sent together; 0 sends each at once", true},
     integer<&S::batch_size, 0, 1'000'000>},
    {{"sdk.batch.delay", "duration", "0", "0..1h", "how long an incomplete batch may wait; 0 sends it when the stream is idle", true},
     duration<&S::batch_delay, 0, hour>},
    {yes_or_no("sdk.schema.context.enabled", "true", "whether schema subjects begin with a context name"), boolean<&S::schema_context>},
    {{"sdk.schema.context.name", "string", "", "", "that context name; the connector's id when absent", true},
     text<&S::schema_context_name>},
    {partly("sdk.schema.extract.type", "avro", "avro", "", "the kind of schema"), nothing},
    {yes_or_no("sdk.schema.extract.payload.enabled", "true", "whether payloads are sent with a schema"), boolean<&S::payload_schema>},
    {{"sdk.schema.extract.payload.subject", "string", "payload", "", "the schema subject of payloads, behind the collection", true},
     text<&S::payload_subject>},
    {yes_or_no("sdk.schema.extract.key.enabled", "true", "whether keys are sent with a schema"), boolean<&S::key_schema>},
    {{"sdk.schema.extract.key.subject", "string", "key", "", "the schema subject of keys, behind the collection", true},
     text<&S::key_subject>},

    {{.key = "snapshot.enabled",
      .type = "bool",
      .default_text = "",
      .allowed = "true|false",
      .description = "write snapshot.mode: never for false, initial for true",
      .available = true,
      .foreign = true},
     parse_snapshot_enabled},
    {foreign("snapshot.fetchSize", "write snapshot.chunkRows")},
    {foreign("snapshot.unsafe", "remove it: tables without primary key are captured without it")},
    {foreign("cdc.disableLogs", "remove it: errors are always logged, and how much else is logged is the host's setting")},
    {foreign("tableConfig.*.sortingColumn", "write key.columns.SCHEMA.TABLE for the records' key; the snapshot orders rows by itself")},
};

}  // namespace

std::span<const SettingRow> setting_rows() { return rows; }

const std::vector<SettingInfo>& all_settings() {
  static const std::vector<SettingInfo> infos = [] {
    std::vector<SettingInfo> out;
    for (const SettingRow& row : rows) out.push_back(row.info);
    return out;
  }();
  return infos;
}

bool key_fits(std::string_view pattern, std::string_view key, std::vector<std::string_view>& stars) {
  stars.clear();
  for (;;) {
    const auto want = pattern.substr(0, pattern.find('.')), have = key.substr(0, key.find('.'));
    if (want == "*" ? have.empty() : want != have) return false;
    if (want == "*") stars.push_back(have);
    if (want.size() == pattern.size() || have.size() == key.size()) return want.size() == pattern.size() && have.size() == key.size();
    pattern.remove_prefix(want.size() + 1), key.remove_prefix(have.size() + 1);
  }
}

}  // namespace cdc::config
