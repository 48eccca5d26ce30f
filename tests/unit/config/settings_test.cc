#include "cdc/config/settings.h"

#include <doctest/doctest.h>

#include <set>

#include "scratch.h"
#include "settings_table.h"

namespace cdc::config {
namespace {

using std::chrono::milliseconds;

struct Parsed {
  Settings settings;
  std::vector<Problem> problems;
};
Parsed parse(const Entries& entries) {
  Parsed out;
  out.settings = parse_settings(entries, out.problems);
  return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST_CASE("nothing given is the defaults") {
  const auto parsed = parse({});
  CHECK(parsed.problems.empty());
  CHECK(parsed.settings == Settings{});
}

TEST_CASE("a default given is the default") {
  for (const SettingInfo& info : all_settings()) {
    CAPTURE(info.key);
    const bool has_it = info.available;
    if (!has_it || info.default_text.empty()) continue;
    const auto parsed = parse({{std::string{info.key}, std::string{info.default_text}}});
    CHECK(parsed.problems.empty());
    CHECK(parsed.settings == Settings{});
  }
}

TEST_CASE("an empty value is none, also of what is not available") {
  for (const SettingInfo& info : all_settings()) {
    CAPTURE(info.key);
    const auto parsed = parse({{std::string{info.key}, " \n"}});
    CHECK(parsed.problems.empty());
    CHECK(parsed.settings == Settings{});
  }
}

TEST_CASE("values arrive where they belong") {
  const auto parsed = parse({
      {"url", " mysql://u@h/shop\n"},
      {"url.passwordFile", "/run/secret"},
      {"tables", "a, !b"},
      {"tables.allowNone", "true"},
      {"key.columns.shop.orders", "id, `odd name`"},
      {"key.columns.shop.log", "at"},
      {"columns.exclude", "a.b.c, d.e.f"},
      {"columns.mask", "a.b.d=hash, a.b.e = null,a.b.f=last4"},
      {"columns.maskKeyFile", "/run/key"},
      {"engine", "binlog"},
      {"snapshot.mode", "never"},
      {"snapshot.workers", "64"},
      {"snapshot.chunkRows", "1"},
      {"snapshot.where.shop.orders", "id > 7"},
      {"start", "earliest"},
      {"serverId", "4294967295"},
      {"heartbeat", "1s"},
      {"connectTimeout", "2s"},
      {"readTimeout", "1m"},
      {"metadata", "full"},
      {"decimal", "avro"},
      {"bigintUnsigned", "long"},
      {"temporal", "epoch"},
      {"temporal.zeroDates", "fail"},
      {"bits", "number"},
      {"binary", "hex"},
      {"geometry", "wkb"},
      {"json", "text"},
      {"collection", "table"},
      {"events", "truncate, transactions,ddl"},
      {"onUnsupported.statement", "warn"},
      {"onUnsupported.incident", "warn"},
      {"onUnsupported.truncate", "warn"},
      {"onUnsupported.cascade", "warn"},
      {"onUnsupported.schemaDrift", "warn"},
      {"onUnsupported.xaPending", "warn"},
      {"sdk.batch.size", "0"},
      {"sdk.batch.delay", "50ms"},
  });
  CHECK(parsed.problems.empty());
  Settings want;
  want.url = "mysql://u@h/shop";
  want.password_file = "/run/secret";
  want.tables = "a, !b";
  want.tables_allow_none = true;
  want.key_columns = {{"shop.orders", {"id", "odd name"}}, {"shop.log", {"at"}}};
  want.columns_exclude = {"a.b.c", "d.e.f"};
  want.columns_mask = {{"a.b.d", MaskMethod::hash}, {"a.b.e", MaskMethod::null}, {"a.b.f", MaskMethod::last4}};
  want.mask_key_file = "/run/key";
  want.engine = Engine::binlog;
  want.snapshot_mode = SnapshotMode::never;
  want.snapshot_workers = 64;
  want.snapshot_chunk_rows = 1;
  want.snapshot_where = {{"shop.orders", "id > 7"}};
  want.start = "earliest";
  want.server_id = 4'294'967'295;
  want.heartbeat = milliseconds{1'000};
  want.connect_timeout = milliseconds{2'000};
  want.read_timeout = milliseconds{60'000};
  want.metadata = MetadataLevel::full;
  want.values = {.decimal = DecimalForm::avro,
                 .bigint_unsigned = BigintUnsignedForm::long_,
                 .temporal = TemporalForm::epoch,
                 .zero_dates = ZeroDates::fail,
                 .bits = BitsForm::number,
                 .binary = BinaryForm::hex,
                 .geometry = GeometryForm::wkb};
  want.collection = CollectionForm::table;
  want.events = {.truncate = true, .ddl = true, .transactions = true, .heartbeat = false};
  want.on_unsupported = {Policy::warn, Policy::warn, Policy::warn, Policy::warn, Policy::warn, Policy::warn};
  want.batch_size = 0;
  want.batch_delay = milliseconds{50};
  CHECK(parsed.settings == want);
  CHECK(parse({{"dsn", "u:p@tcp(h)/d"}}).settings.url == "u:p@tcp(h)/d");
  CHECK(parse({{"snapshot.enabled", "false"}}).settings.snapshot_mode == SnapshotMode::never);
  CHECK(parse({{"snapshot.enabled", "true"}}).settings.snapshot_mode == SnapshotMode::initial);
  CHECK(parse({{"snapshot.mode", "only"}}).settings.snapshot_mode == SnapshotMode::only);
  CHECK(parse({{"snapshot.mode", "whenNeeded"}}).settings.snapshot_mode == SnapshotMode::when_needed);
  CHECK(parse({{"url.passwordCommand", "print 'a b'"}}).settings.password_command == "print 'a b'");
}

TEST_CASE("what is refused, and how") {
  struct Case {
    const char* key;
    const char* value;
    ErrorCode code;
    const char* says;
  };
  constexpr auto invalid = ErrorCode::setting_invalid, unknown = ErrorCode::setting_unknown, unavailable = ErrorCode::setting_unavailable;
  const Case cases[] = {
      {"tabels", "*", unknown, "did you mean tables?"},
      {"Tables", "*", unknown, "did you mean tables?"},
      {"nothing.like.it.at.all", "x", unknown, "unknown setting"},
      {"", "x", unknown, "unknown setting"},
      {"tables.", "x", unknown, "unknown setting"},
      {"key.columns.a", "x", unknown, "unknown setting"},
      {"key.columns.a.", "x", unknown, "unknown setting"},
      {"key.columns.a.b.c", "x", unknown, "unknown setting"},
      {"tables", "a b", invalid, "rule \"a b\": "},
      {"tables.allowNone", "maybe", invalid, "\"maybe\" is not true or false"},
      {"key.columns.a.b", "c.d", invalid, "one column"},
      {"key.columns.a.b", "c*", invalid, "one column"},
      {"key.columns.a.b", "c,c", invalid, "twice"},
      {"key.columns.a.b", ",", invalid, "no column"},
      {"columns.exclude", "a.b", invalid, "three parts"},
      {"columns.mask", "a.b.c", invalid, "hash|null|last4"},
      {"columns.mask", "a.b.c=md5", invalid, "hash|null|last4"},
      {"columns.mask", "a.b=null", invalid, "three parts"},
      {"columns.mask", "x.y.z=null, a.b=null, a.b.c=md5", invalid,
       "\"a.b=null\": schema.table.column has three parts: *.users.email is a column in every schema; \"a.b.c=md5\": "},
      {"columns.mask", "a.b.c=hash", invalid, "columns.maskKeyFile"},
      {"engine", "magic", invalid, "\"magic\" is none of auto, binlog, trigger"},
      {"snapshot.mode", "Initial", invalid, "none of initial, never, only, whenNeeded"},
      {"snapshot.workers", "0", invalid, "1..64"},
      {"snapshot.workers", "65", invalid, "1..64"},
      {"snapshot.chunkRows", "0", invalid, "1.."},
      {"trigger.definer", "nobody", invalid, "\"nobody\" is no user@host: both parts, without quotes"},
      {"trigger.images", "key", invalid, "\"key\" is none of full, after"},
      {"events", "ddl, heartbeat", unavailable, "heartbeat is not in this version"},
      {"events", "ddl, commits", invalid, "\"commits\": is none of truncate, ddl, transactions, heartbeat"},
      {"trigger.autoInstall", "true", unavailable, "not in this version"},
      {"trigger.retention", "1s", invalid, "1m"},
      {"trigger.pollInterval", "0", invalid, "1ms"},
      {"trigger.ackGrace", "31d", invalid, "30d"},
      {"trigger.onBypass", "resnapshot", invalid, "none of fail, warn"},
      {"decimal", "float", invalid, "none of string, double, avro"},
      {"bigintUnsigned", "int", invalid, "none of auto, string, long"},
      {"temporal.zeroDates", "zero", invalid, "none of null, fail"},
      {"bits", "int", invalid, "none of bytes, number, text"},
      {"sdk.schema.extract.key.enabled", "perhaps", invalid, "true or false"},
      {"sdk.schema.extract.type", "protobuf", invalid, "none of avro"},
      {"start", "2026-01-02T03:04:05Z", unavailable, "time is not in this version"},
      {"start", "later", invalid, "none of now, earliest"},
      {"start", "binlog.000001", invalid, "file:pos"},
      {"serverId", "0", invalid, "1..4294967295"},
      {"serverId", "4294967296", invalid, "1..4294967295"},
      {"serverId", "-1", invalid, "1..4294967295"},
      {"heartbeat", "10", invalid, "write it like 10s"},
      {"heartbeat", "99ms", invalid, "outside 100ms..1h"},
      {"heartbeat", "61m", invalid, "outside 100ms..1h"},
      {"readTimeout", "10s", invalid, "longer than heartbeat (10s)"},
      {"metadata", "all", invalid, "none of lean, standard, full"},
      {"onUnsupported.truncate", "skip", invalid, "none of fail, warn"},
      {"onUnsupported.other", "warn", unknown, "unknown setting"},
      {"sdk.batch.size", "1000001", invalid, "0..1000000"},
      {"snapshot.enabled", "maybe", invalid, "true or false"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.key);
    CAPTURE(c.value);
    const auto problems = parse({{c.key, c.value}}).problems;
    REQUIRE(problems.size() == 1);
    CAPTURE(problems[0].text);
    CHECK(problems[0].key == c.key);
    CHECK(problems[0].code == c.code);
    CHECK(contains(problems[0].text, c.says));
  }
}

TEST_CASE("the Go connector's settings are taken, each with a line that says what becomes of it") {
  struct Case {
    std::string key, value, says;
  };
  const Case cases[] = {
      {"snapshot.enabled", "false", "is the Go connector's setting; write snapshot.mode"},
      {"snapshot.fetchSize", "100", "has no effect; write snapshot.chunkRows"},
      {"snapshot.unsafe", "true", "has no effect; remove it"},
      {"cdc.disableLogs", "true", "has no effect; remove it"},
      {"tableConfig.users.sortingColumn", "id", "has no effect; write key.columns.SCHEMA.TABLE"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.key);
    CHECK(parse({{c.key, c.value}}).problems.empty());
    const auto notes = notes_on({{c.key, c.value}, {"tables", "*"}});
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].starts_with(c.key + " is"));
    CHECK(contains(notes[0], c.says));
    CHECK(notes_on({{c.key, " "}}).empty());
  }
}

TEST_CASE("starting points that are taken") {
  for (const char* start : {"now", "earliest", "binlog.000001:4", "/var/log/mysql/bin.7:123", "0-1-7", "0-1-7,1-1-3", "2024-01-02",
                            "3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5",
                            "3E11FA47-71CA-11E1-9E33-C80AA9429562:1-3:11:tag:4-5,\n"
                            "3E11FA47-71CA-11E1-9E33-C80AA9429563:1"}) {
    CAPTURE(start);
    const auto parsed = parse({{"start", start}});
    CHECK(parsed.problems.empty());
    CHECK(parsed.settings.start == start);
  }
}

TEST_CASE("everything that is not available is refused by its own name") {
  for (const SettingInfo& info : all_settings()) {
    if (info.available || info.foreign) continue;
    std::string key{info.key};
    for (auto star = key.find('*'); star != std::string::npos; star = key.find('*')) key.replace(star, 1, "x1");
    CAPTURE(key);
    const auto problems = parse({{key, "true"}}).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].key == key);
    CHECK(problems[0].code == ErrorCode::setting_unavailable);
  }
}

TEST_CASE("settings that cannot be together") {
  struct Case {
    const char* name;
    Entries entries;
    const char* key;
  };
  const Case cases[] = {
      {"two urls", {{"url", "a"}, {"dsn", "b"}}, "dsn"},
      {"two snapshot modes", {{"snapshot.enabled", "false"}, {"snapshot.mode", "never"}}, "snapshot.enabled"},
      {"two passwords", {{"url.passwordFile", "a"}, {"url.passwordCommand", "b"}}, "url.passwordCommand"},
      {"hash without key", {{"columns.mask", "a.b.c=hash"}}, "columns.mask"},
      {"read timeout within heartbeat", {{"heartbeat", "5s"}, {"readTimeout", "4s"}}, "readTimeout"},
      {"key column excluded", {{"key.columns.a.b", "c"}, {"columns.exclude", "a.*.C"}}, "key.columns.a.b"},
      {"key column masked", {{"key.columns.a.b", "x,c"}, {"columns.mask", "a.b.c=last4"}}, "key.columns.a.b"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto problems = parse(c.entries).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].key == c.key);
  }
  CHECK(parse({{"key.columns.a.b", "c"}, {"columns.mask", "a.b.c=hash"}, {"columns.maskKeyFile", "k"}}).problems.empty());
  CHECK(parse({{"url", "a"}, {"dsn", ""}}).problems.empty());
}

TEST_CASE("all problems come in one answer") {
  const auto parsed =
      parse({{"tabels", "x"}, {"engine", "magic"}, {"snapshot.lock", "brief"}, {"serverId", "0"}, {"columns.mask", "a.b.c=hash"}});
  std::set<std::string> keys;
  for (const Problem& problem : parsed.problems) keys.insert(problem.key);
  CHECK(keys == std::set<std::string>{"tabels", "engine", "snapshot.lock", "serverId", "columns.mask"});
  const auto error = test::caught([&] { throw_if_any(parsed.problems); });
  CHECK(error.code == ErrorCode::setting_invalid);
  for (const std::string& key : keys) CHECK(error.says("\n  " + key + ": "));
  CHECK(error.says("5 problems"));
}

TEST_CASE("problems that agree give the error their code") {
  CHECK(test::caught([] { throw_if_any({}); }).text.empty());
  CHECK(test::caught([] { throw_if_any(parse({{"tabels", "x"}}).problems); }).code == ErrorCode::setting_unknown);
  CHECK(test::caught([] {
          throw_if_any(parse({{"events", "ddl"}, {"snapshot.lock", "none"}}).problems);
        }).code == ErrorCode::setting_unavailable);
  std::vector<Problem> problems;
  require_url({}, problems);
  CHECK(test::caught([&] { throw_if_any(problems); }).says("url: is required"));
}

TEST_CASE("secrets are in no problem") {
  const Entries cases[] = {
      {{"url", "mysql://u:hunter2@h"}, {"dsn", "u:hunter2@tcp(h)/"}},
      {{"url.passwordCommand", "print hunter2"}, {"url.passwordFile", "x"}},
      {{"mysql://u:hunter2@h/?tls", "off"}},
      {{"ulr", "mysql://u:hunter2@h"}},
      {{"u:hunter2@tcp(h)/d?tls", "true"}},
      {{"trigger.autoInstall", "hunter2"}, {"url", "hunter2"}},
  };
  for (const Entries& entries : cases) {
    CAPTURE(entries.begin()->first);
    const auto problems = parse(entries).problems;
    CHECK_FALSE(problems.empty());
    CHECK_FALSE(test::caught([&] { throw_if_any(problems); }).says("hunter2"));
  }
}

TEST_CASE("the table is sound") {
  std::set<std::string_view> keys;
  const std::set<std::string_view> types{"string", "list", "choice", "bool", "int", "duration"};
  for (const SettingRow& row : setting_rows()) {
    const SettingInfo& info = row.info;
    CAPTURE(info.key);
    CHECK(keys.insert(info.key).second);
    CHECK(types.count(info.type) == 1);
    CHECK_FALSE(info.description.empty());
    CHECK((row.parse != nullptr) == info.available);
    if (info.type == "choice") CHECK(contains("|" + std::string{info.allowed} + "|", "|" + std::string{info.default_text} + "|"));
    for (const char c : info.key) CHECK((std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '*'));
  }
  CHECK(all_settings().size() == setting_rows().size());
}

}  // namespace
}  // namespace cdc::config
