#pragma once

/// A connection to a server: login, queries, and what the server is.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/mysql/endpoint.h"
#include "cdc/mysql/packed_row.h"

namespace cdc::mysql {

enum class Flavor : std::uint8_t { mysql, mariadb };

/// What the server said of itself. Version comparisons are numeric: 26.7 is newer than 9.7.
struct ServerVersion {
  Flavor flavor = Flavor::mysql;
  std::uint32_t major = 0, minor = 0, patch = 0;
  std::string text;  ///< As sent, e.g. `10.11.19-MariaDB-0+deb12u1-log`.

  bool at_least(std::uint32_t want_major, std::uint32_t want_minor, std::uint32_t want_patch = 0) const noexcept;
};
ServerVersion parse_server_version(std::string_view text, bool handshake_says_mariadb);

/// One row of a result: a view of each column, nullopt for NULL. Valid during the callback only.
using RowView = std::span<const std::optional<std::string_view>>;
/// The rows of a small result, kept.
using Rows = std::vector<std::vector<std::optional<std::string>>>;

/// One blocking connection; one thread at a time. Every session pins `sql_mode`, `time_zone='+00:00'`,
/// `utf8mb4` and what else could change results. Closing does not wait for the network.
class Connection {
 public:
  /// Connects and logs in. `stop` stays in force for the connection's life: a request ends whatever waits,
  /// here within 100 ms even in a name look-up, by throwing Error(connection_lost). Throws Error with the
  /// cure: access_denied, name_lookup_failed, connect_failed, tls_failed, tls_required, auth_plugin.
  Connection(const Endpoint& endpoint, std::stop_token stop);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  const ServerVersion& version() const noexcept;
  std::uint32_t thread_id() const noexcept;  ///< The server's connection id.

  /// Runs one statement; `each` sees every row, streamed, not stored, and must not use this connection. When
  /// it throws, the connection is closed rather than the result read to its end. Throws Error; texts that may
  /// hold row values are not in it.
  void query(std::string_view sql, const std::function<void(RowView)>& each = {});
  /// The same, for many rows: those that have come together, as they were sent, at most 64 KiB or one row; valid during the call.
  void query_packed(std::string_view sql, const std::function<void(PackedRows)>& each);
  /// First column of the first row; nullopt for no row or NULL.
  std::optional<std::string> query_value(std::string_view sql);
  /// Sends a statement and does not wait for its answer, so that several connections can be asked at one moment. Then come `answered`,
  /// as often as wanted, and `finish`, and nothing else.
  void send(std::string_view sql);
  /// Whether the answer begins to be there, or the link has ended; waits for that up to `limit`.
  bool answered(std::chrono::milliseconds limit);
  /// The answer: the rows of each statement sent, none for one that has no result. For small results: all are kept. Throws like `query`.
  std::vector<Rows> finish();
  /// The text as a quoted string literal for this session: `'it\'s'`.
  std::string quote(std::string_view text);

 private:
  friend class BinlogChannel;
  friend class RowBlocks;
  friend class ScriptScope;
  struct State;
  std::unique_ptr<State> state_;
};

/// While it lives, `send` takes several statements with `;` between them, which the server runs without a pause. For fixed texts of the
/// program's own: nothing that a person wrote may be sent meanwhile.
class ScriptScope {
 public:
  /// The connection outlives the scope. Throws Error.
  explicit ScriptScope(Connection& connection);
  /// A connection that cannot be switched back is closed.
  ~ScriptScope();
  ScriptScope(const ScriptScope&) = delete;
  ScriptScope& operator=(const ScriptScope&) = delete;

 private:
  Connection::State& state_;
};

/// An identifier between backticks. The one quoting function for names.
std::string quote_name(std::string_view name);
/// `CURRENT_USER()`, which is user@host without quotes, as statements take it; hosts have no @.
std::string quote_account(std::string_view account);

}  // namespace cdc::mysql
