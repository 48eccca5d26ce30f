#include "cdc/binlog/query_event.h"

#include <array>

namespace cdc::binlog {
namespace {

enum class Variable : std::uint8_t { sql_mode = 1, charset = 4, ddl_xid = 17, mariadb_xid = 129 };

/// How long a status variable is.
enum class Form : std::uint8_t {
  unknown,
  fixed,          ///< `size` bytes.
  counted,        ///< A length byte, that many, then `size` more.
  two_counted,    ///< User and host.
  schemas,        ///< A count byte (254: too many to say), then that many names, NUL behind each.
  gtid_flags,     ///< A byte; eight more when it says so.
  collation_map,  ///< A count byte, then four bytes each.
};
struct Layout {
  Form form = Form::unknown;
  std::uint8_t size = 0;
};

/// Index = code. Source: mysql-server libs/mysql/binlog/event/statement_events.h `Query_event_status_vars`;
/// MariaDB sql/log_event.h `Q_…`.
constexpr std::array<Layout, 256> make_layouts() {
  std::array<Layout, 256> t{};
  t[0] = {Form::fixed, 4};         // flags2
  t[1] = {Form::fixed, 8};         // sql_mode
  t[2] = {Form::counted, 1};       // catalog of 5.0.0–5.0.3, with NUL
  t[3] = {Form::fixed, 4};         // auto_increment
  t[4] = {Form::fixed, 6};         // charset: client, connection, server
  t[5] = {Form::counted, 0};       // time zone
  t[6] = {Form::counted, 0};       // catalog
  t[7] = {Form::fixed, 2};         // lc_time_names
  t[8] = {Form::fixed, 2};         // charset of the schema
  t[9] = {Form::fixed, 8};         // table map for update
  t[10] = {Form::fixed, 4};        // master data written
  t[11] = {Form::two_counted, 0};  // invoker
  t[12] = {Form::schemas, 0};      // accessed schemas
  t[13] = {Form::fixed, 3};        // microseconds
  t[14] = {Form::fixed, 8};        // commit time
  t[15] = {Form::fixed, 16};       // commit times of both servers
  t[16] = {Form::fixed, 1};        // explicit_defaults_for_timestamp
  t[17] = {Form::fixed, 8};        // xid of DDL
  t[18] = {Form::fixed, 2};        // default collation of utf8mb4
  t[19] = {Form::fixed, 1};        // sql_require_primary_key
  t[20] = {Form::fixed, 1};        // default_table_encryption
  t[21] = {Form::fixed, 1};        // enable_cascade_triggers
  t[128] = {Form::fixed, 3};       // MariaDB: microseconds
  t[129] = {Form::fixed, 8};       // MariaDB: xid of DDL
  t[130] = {Form::gtid_flags, 0};  // MariaDB: extra GTID flags
  t[131] = {Form::collation_map, 0};
  return t;
}
constexpr auto layouts = make_layouts();

constexpr std::uint8_t schemas_not_told = 254;
constexpr std::uint8_t gtid_flags_with_sequence = 4 | 8;
constexpr std::uint64_t mode_ansi_quotes = 0x4, mode_no_backslash_escapes = 0x100000;

/// Of EXECUTE_LOAD_QUERY: id of the file, where its name stands in the statement, what becomes of duplicates.
constexpr std::uint64_t load_head_bytes = 13;

void skip_names(Reader& r) noexcept {
  const std::uint8_t count = r.u8();
  if (count == schemas_not_told) return;
  for (unsigned left = count; left != 0; --left)
    while (!r.failed() && r.u8() != 0) {
    }
}

void skip(Reader& r, Layout layout) noexcept {
  switch (layout.form) {
    case Form::unknown: return r.fail();
    case Form::fixed: r.take(layout.size); return;
    case Form::counted: r.take(r.u8()), r.take(layout.size); return;
    case Form::two_counted: r.take(r.u8()), r.take(r.u8()); return;
    case Form::schemas: return skip_names(r);
    case Form::gtid_flags: r.take((r.u8() & gtid_flags_with_sequence) != 0 ? 8 : 0); return;
    case Form::collation_map: r.take(r.u8() * std::uint64_t{4}); return;
  }
}

/// `value` spans the variable's bytes and maybe more.
void keep(Variable code, Reader value, QueryStatus& out) noexcept {
  switch (code) {
    case Variable::sql_mode: out.sql_mode = value.u64(); return;
    case Variable::charset: out.client_collation = value.u16(); return;
    case Variable::ddl_xid:
    case Variable::mariadb_xid: out.ddl_xid = value.u64(); return;
    default: return;
  }
}

}  // namespace

SqlDialect QueryStatus::dialect() const noexcept {
  return {(sql_mode & mode_ansi_quotes) != 0, (sql_mode & mode_no_backslash_escapes) != 0, trail_bytes_of(client_collation)};
}

bool QueryEvent::parse(EventType type, Reader body, Inflater& inflater, QueryEvent& out) {
  out.thread_id = body.u32();
  out.execution_s = body.u32();
  const std::uint8_t schema_bytes = body.u8();
  out.error_code = body.u16();
  const std::uint16_t status_bytes = body.u16();
  if (type == EventType::execute_load_query) body.take(load_head_bytes);
  out.status_variables = body.take(status_bytes);
  out.schema = body.text(schema_bytes);
  if (body.u8() != 0 || body.failed()) return false;
  if (type != EventType::query_compressed) return out.sql = body.text(body.remaining()), true;
  const auto plain = inflater.inflate(body.rest());
  if (!plain) return false;
  out.sql = {reinterpret_cast<const char*>(plain->data()), plain->size()};
  return true;
}

QueryStatus QueryEvent::status() const noexcept {
  QueryStatus out;
  Reader r{status_variables};
  while (r.remaining() != 0) {
    const std::uint8_t code = r.u8();
    const Reader value = r;
    skip(r, layouts[code]);
    if (!r.failed()) keep(static_cast<Variable>(code), value, out);
  }
  out.complete = !r.failed();
  return out;
}

}  // namespace cdc::binlog
