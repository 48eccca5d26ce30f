#include <fmt/format.h>

#include <optional>
#include <utility>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/gtid_events.h"
#include "malformed_event.h"
#include "stream_decoder.h"

namespace cdc::capture {
namespace {

using binlog::EventHeader;
using binlog::StatementKind;

constexpr std::uint64_t us_per_second = 1'000'000;

bool changes_schema(StatementKind kind) noexcept {
  switch (kind) {
    case StatementKind::drop_table:
    case StatementKind::drop_schema:
    case StatementKind::alter_table:
    case StatementKind::rename_table:
    case StatementKind::create_table:
    case StatementKind::other_ddl: return true;
    default: return false;
  }
}

/// What a statement that names captured tables is called in extra records; none for statements that are not told of.
std::optional<ExtraKind> extra_kind(const binlog::Statement& statement) noexcept {
  switch (statement.kind) {
    case StatementKind::truncate: return ExtraKind::truncate;
    case StatementKind::drop_table:
    case StatementKind::drop_schema: return ExtraKind::drop;
    case StatementKind::alter_table: return statement.moves_rows ? ExtraKind::partition : ExtraKind::ddl;
    case StatementKind::create_table: return statement.replaces ? ExtraKind::drop : ExtraKind::ddl;
    case StatementKind::rename_table:
    case StatementKind::other_ddl: return ExtraKind::ddl;
    default: return std::nullopt;
  }
}

}  // namespace

/// A GTID event opens a group; what follows decides whether it is one statement or a transaction.
void StreamDecoder::announce(const EventHeader& header, std::uint64_t committed_at_us, std::uint32_t thread_id) {
  forbid_open_end();
  transaction_at_ = event_at_;
  committed_at_us_ = committed_at_us != 0 ? committed_at_us : std::uint64_t{header.created_at_s} * us_per_second;
  prepared_xa_ = undecided_alter_ = false;
  group_ = Group::announced;
  if (!prepared_.empty()) prepared_.warn_of_old(header.created_at_s);
  tables_.end_statement();
  emitter_.open({transaction_at_, committed_at_us_, header.server_id, thread_id}, place_.file, gtids_);
  passed_over_ = resume_pending_ && passes_over();
  if (resume_pending_ && !passed_over_) join();
}

/// What was read is committed only when its end is in the log: a server that crashed leaves none.
void StreamDecoder::forbid_open_end() const {
  if (!in_transaction() || emitter_.emitted_in_transaction() == 0) return;
  const LogPlace begin = {emitter_.position().file, transaction_at_};
  throw Error{ErrorCode::event_truncated, Remedy::operate,
              fmt::format("the log goes on without the end of the transaction at {}:{}: its {} records may never have been committed",
                          begin.file, begin.at, emitter_.emitted_in_transaction()),
              "read whole files in order, none left out; if the server crashed here, compare the tables and go on behind it with --from"};
}

bool StreamDecoder::passes_over() const {
  return (!resume_.place.file.empty() && before({place_.file, transaction_at_}, resume_.place)) || gtids_.pending_in(resume_.gtids);
}

/// The first transaction behind the resume point.
void StreamDecoder::join() {
  resume_pending_ = false;
  if (resume_.exact && LogPlace{place_.file, transaction_at_} != resume_.place)
    throw Error{ErrorCode::other_server, Remedy::operate,
                fmt::format("the position's transaction began at {}:{}, here the next one begins at {}:{}", resume_.place.file,
                            resume_.place.at, place_.file, transaction_at_),
                "the log was reset or belongs to another server: start anew with --from"};
  emitter_.skip_next(resume_.delivered);
}

/// A start inside a transaction would drop the part before it without a word.
void StreamDecoder::forbid_start_inside() const {
  if (!passed_over_ || !resume_pending_ || resume_.exact || resume_.place.file.empty() || !before(resume_.place, place_)) return;
  throw Error{ErrorCode::position_out_of_range, Remedy::operate,
              fmt::format("the start {}:{} lies inside a transaction", resume_.place.file, resume_.place.at),
              fmt::format("start with the transaction, --from {0}:{1}, or behind it, --from {2}:{3}", resume_.place.file, transaction_at_,
                          place_.file, place_.at)};
}

/// While nothing behind the last resume point came, that one holds. Of a transaction that is coming again, more may have
/// been delivered before than came this time.
ResumePoint StreamDecoder::rejoin() const {
  if (resume_pending_) return resume_;
  ResumePoint out;
  out.place = transaction_place();
  out.delivered = in_transaction() ? emitter_.delivered_in_transaction() : 0;
  out.exact = out.delivered != 0;
  return out;
}

void StreamDecoder::on_mysql_gtid(const EventHeader& header, Reader& body) {
  binlog::MysqlGtidEvent event;
  if (!binlog::MysqlGtidEvent::parse(header.type, body, event)) throw_malformed("GTID");
  gtids_.begin(event);
  announce(header, event.immediate_commit_us, 0);
}

void StreamDecoder::on_mariadb_gtid(const EventHeader& header, Reader& body) {
  binlog::MariadbGtidEvent event;
  if (!binlog::MariadbGtidEvent::parse(header, body, event)) throw_malformed("GTID");
  gtids_.begin(event.gtid);
  announce(header, 0, event.thread_id);
  if (event.has(binlog::MariadbGtidEvent::prepared_xa)) begin_xa();
  undecided_alter_ = event.has_extra(binlog::MariadbGtidEvent::start_alter) || event.has_extra(binlog::MariadbGtidEvent::rollback_alter);
  if (!event.has(binlog::MariadbGtidEvent::standalone)) group_ = Group::open;
}

/// Servers without GTIDs: the group begins with its first event.
void StreamDecoder::open_group(const EventHeader& header, Group group) {
  if (group_ == Group::none) {
    gtids_.begin_anonymous();
    announce(header, 0, 0);
  }
  group_ = group;
}

void StreamDecoder::end_group() {
  tables_.end_statement();
  if (group_ == Group::none) return;
  forbid_start_inside();
  group_ = Group::none;
  prepared_xa_ = false;
  emitter_.close();
  gtids_.commit();
  if (!ending_xa_.empty()) prepared_.erase(std::exchange(ending_xa_, {}));
}

void StreamDecoder::on_query(const EventHeader& header, Reader& body) {
  binlog::QueryEvent query;
  if (!binlog::QueryEvent::parse(header.type, body, query_inflater_, query)) throw_malformed("query");
  if (group_ == Group::none) open_group(header, Group::announced);  // servers without GTIDs: every statement opens its group
  binlog::Statement statement;
  if (query.sql == "BEGIN" || query.sql == "COMMIT") {
    statement = binlog::classify(query.sql);
  } else {
    const binlog::SqlDialect dialect = query.status().dialect();
    statement = binlog::classify(query.sql, dialect);
    if (!passed_over_ && !undecided_alter_) on_statement(query, statement, dialect);
  }
  if (statement.kind == StatementKind::xa_commit || statement.kind == StatementKind::xa_rollback) {
    emitter_.set_thread(query.thread_id);
    on_xa_end(query.sql, statement.kind == StatementKind::xa_commit);
  }
  on_group_statement(header, statement);
  if (group_ == Group::open) emitter_.set_thread(query.thread_id);
}

/// LOAD DATA in statement format; what cannot be read may be of any table.
void StreamDecoder::on_load(const EventHeader& header, Reader& body) {
  if (lies_before_start()) return;
  binlog::QueryEvent query;
  if (!binlog::QueryEvent::parse(header.type, body, query_inflater_, query)) return guard_.check_load();
  guard_.check({binlog::StatementKind::dml, false, false, false}, query.sql, query.status().dialect(), query.schema);
}

/// What a statement means for rows and schemas, whatever group it stands in. DDL that failed half-way is logged with
/// its error code and may have had effect: it counts.
void StreamDecoder::on_statement(const binlog::QueryEvent& query, const binlog::Statement& statement, binlog::SqlDialect dialect) {
  guard_.check(statement, query.sql, dialect, query.schema);
  tell_of(query, statement, dialect);
  if (!changes_schema(statement.kind)) return;
  schemas_.on_statement({query.sql, query.schema, dialect, query.execution_s}, now());
  tables_.on_ddl();
}

/// A record for each captured table that loses rows; one for other DDL.
void StreamDecoder::tell_of(const binlog::QueryEvent& query, const binlog::Statement& statement, binlog::SqlDialect dialect) {
  const config::Settings::Events& wanted = options_.settings.events;
  const auto kind = wanted.ddl || wanted.truncate ? extra_kind(statement) : std::nullopt;
  if (!kind || (*kind == ExtraKind::ddl && !wanted.ddl)) return;
  for (const binlog::TableName& name : guard_.captured_names(query.sql, dialect, query.schema)) {
    emitter_.on_extra({.kind = *kind, .schema = name.schema, .table = name.table, .sql = query.sql});
    if (*kind == ExtraKind::ddl) return;
  }
}

void StreamDecoder::forbid_rollback(std::string_view statement) const {
  const bool has_rows = emitter_.emitted_in_transaction() != 0 || (prepared_xa_ && held_captured_);
  if (!has_rows || passed_over_) return;
  throw Error{ErrorCode::rolled_back, Remedy::operate,
              fmt::format("{} after rows of captured tables: which of them stayed is not told by the log", statement),
              "do not mix transactional and non-transactional tables in one transaction; go on behind it with --from"};
}

void StreamDecoder::on_group_statement(const EventHeader& header, const binlog::Statement& statement) {
  switch (statement.kind) {
    case StatementKind::begin: forbid_open_end(); return open_group(header, Group::open);
    case StatementKind::xa_start: open_group(header, Group::open), begin_xa(); return;
    case StatementKind::commit: return end_group();
    case StatementKind::rollback: forbid_rollback("ROLLBACK"); return end_group();
    case StatementKind::rollback_to: return forbid_rollback("ROLLBACK TO SAVEPOINT");
    case StatementKind::savepoint:
    case StatementKind::xa_end: return;
    default: break;
  }
  if (group_ == Group::announced) end_group();  // one statement that is its own group
}

}  // namespace cdc::capture
