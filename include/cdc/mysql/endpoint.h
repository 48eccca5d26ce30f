#pragma once

/// Where a server is and how to log in: parsed from a URL or a Go DSN, used unchanged by the query
/// link and the replication link.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cdc::mysql {

/// Stricter from left to right. `preferred` goes on in clear when the server offers no TLS; the ones behind it
/// send nothing to such a server. `verify_ca` needs `tls_ca`; `verify_identity` also checks the host name.
enum class TlsMode : std::uint8_t { off, preferred, required, verify_ca, verify_identity };

struct Endpoint {
  std::string host = "localhost";
  std::uint16_t port = 3306;
  std::string socket;  ///< Path of a unix socket; then host and port are not used.
  std::string user;
  std::string password;  ///< Secret: never in a message; wiped by `wipe`.
  std::string database;  ///< Default schema; empty = none.
  TlsMode tls = TlsMode::preferred;
  std::string tls_ca, tls_cert, tls_key;              ///< PEM files; empty = the system's roots, no client certificate.
  std::string server_public_key;                      ///< PEM file: RSA key for caching_sha2_password without TLS.
  std::chrono::milliseconds connect_timeout{10'000};  ///< Of look-up, connect, TLS and login together.
  std::chrono::milliseconds read_timeout{30'000};     ///< Longest silence afterwards; rounded up to seconds.
  bool cleartext_password = false;                    ///< Expiring tokens: mysql_clear_password, only over verified TLS.
  /// Called at each connect when set, on the connecting caller's thread and before connect_timeout begins; its
  /// answer replaces `password` (url.passwordFile, url.passwordCommand) and is wiped after the login.
  std::function<std::string()> fetch_password;
};

/// `mysql://user:pass@host:3306/db?tls=required&…`, `mariadb://` the same, or a Go DSN
/// `user:pass@tcp(host:port)/db?tls=true`. Percent-encoding is decoded in URLs; in DSNs not in user and password.
/// The user must be there. Default TLS of both: preferred on loopback and sockets, verify-identity elsewhere.
/// Throws Error(url_invalid) that names the part and what is allowed, and repeats nothing of the text: any piece
/// of it may be one of the password.
Endpoint parse_endpoint(std::string_view url);

/// `mysql://user@host:3306/db` for messages: without password and parameters.
std::string display_name(const Endpoint& endpoint);

/// Overwrites the password in place.
void wipe(Endpoint& endpoint) noexcept;

}  // namespace cdc::mysql
