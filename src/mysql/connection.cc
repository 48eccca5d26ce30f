#include "cdc/mysql/connection.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "connector_hooks.h"
#include "link.h"
#include "pending_input.h"
#include "row_blocks.h"
#include "session.h"

namespace cdc::mysql {
namespace {

struct FreeResult {
  void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
};
using Result = std::unique_ptr<MYSQL_RES, FreeResult>;

void read_rows(MYSQL_RES* result, const std::function<void(RowView)>& each) {
  const unsigned column_count = mysql_num_fields(result);
  std::vector<std::optional<std::string_view>> row(column_count);
  while (const MYSQL_ROW texts = mysql_fetch_row(result)) {
    const unsigned long* const sizes = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < column_count; ++i) {
      row[i] = texts[i] == nullptr ? std::nullopt : std::optional{std::string_view{texts[i], sizes[i]}};
    }
    if (each) each(row);
  }
}

Rows all_rows(MYSQL_RES* result) {
  Rows out;
  read_rows(result, [&](RowView row) {
    auto& kept = out.emplace_back();
    for (const auto& field : row) kept.push_back(field ? std::optional{std::string{*field}} : std::nullopt);
  });
  return out;
}

}  // namespace

Connection::State::State(const Endpoint& endpoint, std::stop_token stop_token)
    : peer{endpoint},
      stop{std::move(stop_token)},
      link{dial(endpoint, peer, stop)},
      version{parse_server_version(mysql_get_server_info(link.handle.get()), mariadb_connection(link.handle.get()) != 0)},
      wake_on_stop{stop, ShutDownSocket{&link.wake}} {
  run(session_statement(version));
}

Connection::State::~State() {
  if (unanswered) link.wake.shut_down();
}

void Connection::State::check(Phase phase) const {
  if (mysql_errno(link.handle.get()) == 0) return;
  throw stop.stop_requested() ? stopped_error(peer) : last_error(link.handle.get(), peer, phase);
}

void Connection::State::run(std::string_view sql) {
  if (mysql_real_query(link.handle.get(), sql.data(), sql.size()) != 0) check(Phase::query);
}

Connection::Connection(const Endpoint& endpoint, std::stop_token stop) : state_{std::make_unique<State>(endpoint, std::move(stop))} {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

const ServerVersion& Connection::version() const noexcept { return state_->version; }

std::uint32_t Connection::thread_id() const noexcept { return static_cast<std::uint32_t>(mysql_thread_id(state_->link.handle.get())); }

void Connection::query(std::string_view sql, const std::function<void(RowView)>& each) {
  MYSQL* const handle = state_->link.handle.get();
  state_->run(sql);
  const Result result{mysql_use_result(handle)};
  try {
    if (result) read_rows(result.get(), each);
  } catch (...) {
    state_->link.wake.shut_down();  // else freeing the result would read it to its end
    throw;
  }
  state_->check(Phase::query);
}

void Connection::query_packed(std::string_view sql, const std::function<void(PackedRows)>& each) {
  State& state = *state_;
  state.run(sql);
  const Result result{mysql_use_result(state.link.handle.get())};
  if (!state.rows) state.rows = std::make_unique<RowBlocks>();
  if (result) state.rows->read(state, result.get(), each);
  state.check(Phase::query);
}

std::optional<std::string> Connection::query_value(std::string_view sql) {
  std::optional<std::string> out;
  bool first = true;
  query(sql, [&](RowView row) {
    if (std::exchange(first, false) && !row.empty() && row[0]) out = std::string{*row[0]};
  });
  return out;
}

void Connection::send(std::string_view sql) {
  state_->unanswered = true;
  if (mysql_send_query(state_->link.handle.get(), sql.data(), sql.size()) != 0) state_->check(Phase::query);
}

bool Connection::answered(std::chrono::milliseconds limit) {
  MYSQL* const handle = state_->link.handle.get();
  if (has_pending_input(handle)) return true;
  return wait_for_socket(static_cast<int>(mysql_get_socket(handle)), true, static_cast<int>(limit.count())) != 0;
}

std::vector<Rows> Connection::finish() {
  MYSQL* const handle = state_->link.handle.get();
  std::vector<Rows> out;
  const bool failed = mysql_read_query_result(handle) != 0;
  state_->unanswered = false;
  if (failed) state_->check(Phase::query);
  do {
    const Result result{mysql_use_result(handle)};
    out.push_back(result ? all_rows(result.get()) : Rows{});
    state_->check(Phase::query);
  } while (mysql_next_result(handle) == 0);
  state_->check(Phase::query);
  return out;
}

std::string Connection::quote(std::string_view text) {
  std::string out(text.size() * 2 + 3, '\'');
  const auto size = mysql_real_escape_string(state_->link.handle.get(), out.data() + 1, text.data(), text.size());
  out.resize(size + 1);
  return out += '\'';
}

ScriptScope::ScriptScope(Connection& connection) : state_{*connection.state_} {
  if (mysql_set_server_option(state_.link.handle.get(), MYSQL_OPTION_MULTI_STATEMENTS_ON) != 0) state_.check(Phase::query);
}

ScriptScope::~ScriptScope() {
  if (mysql_set_server_option(state_.link.handle.get(), MYSQL_OPTION_MULTI_STATEMENTS_OFF) != 0) state_.link.wake.shut_down();
}

std::string quote_name(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out += '`';
    out += c;
  }
  return out += '`';
}

std::string quote_account(std::string_view account) {
  const std::size_t at = std::min(account.rfind('@'), account.size());
  return quote_name(account.substr(0, at)) + '@' + quote_name(account.substr(std::min(at + 1, account.size())));
}

}  // namespace cdc::mysql
