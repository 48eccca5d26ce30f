#include "link_options.h"

#include <algorithm>

#include "cdc/base/error.h"

namespace cdc::mysql {
namespace {

/// Dumps send packets of up to 1 GiB; the connector refuses what equals its limit.
constexpr std::size_t packet_bytes_max = (std::size_t{1} << 30) + (std::size_t{1} << 20);

// Plugins that show the password to nobody, or only through TLS or to the owner of an RSA key we know.
constexpr const char* safe_plugins = "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password";
constexpr const char* safe_plugins_without_key = "mysql_native_password,client_ed25519";
constexpr const char* plugins_in_verified_tls =
    "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password,mysql_clear_password";

unsigned whole_seconds(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  return static_cast<unsigned>(std::clamp<std::int64_t>(seconds, 1, 1'000'000));
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

template <class Value>
void set(MYSQL* handle, mysql_option option, const Value& value) {
  mysql_optionsv(handle, option, &value);
}

bool is_verified(const Endpoint& endpoint) { return endpoint.tls == TlsMode::verify_ca || endpoint.tls == TlsMode::verify_identity; }

/// What each mode means to the connector: `enforce` = use TLS if offered; a CA = verify the chain; `verify` =
/// verify chain and name, and refuse a server without TLS. That `required` and `verify_ca` refuse one too is
/// done when the greeting is seen (dial.cc).
void apply_tls(MYSQL* handle, const Endpoint& endpoint) {
  // A unix socket needs no TLS to be private: `preferred` leaves it alone.
  const bool wanted = endpoint.tls > TlsMode::preferred || (endpoint.tls == TlsMode::preferred && endpoint.socket.empty());
  set(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, my_bool{endpoint.tls == TlsMode::verify_identity});
  set(handle, MYSQL_OPT_SSL_ENFORCE, my_bool{wanted});
  if (!wanted) return;
  if (is_verified(endpoint)) mysql_optionsv(handle, MYSQL_OPT_SSL_CA, or_null(endpoint.tls_ca));
  mysql_optionsv(handle, MYSQL_OPT_SSL_CERT, or_null(endpoint.tls_cert));
  mysql_optionsv(handle, MYSQL_OPT_SSL_KEY, or_null(endpoint.tls_key));
}

void apply_login(MYSQL* handle, const Endpoint& endpoint, const KeyFile& key) {
  const bool cleartext = endpoint.cleartext_password && is_verified(endpoint);
  mysql_optionsv(handle, MARIADB_OPT_RESTRICTED_AUTH, cleartext ? plugins_in_verified_tls : safe_plugins);
  set(handle, MYSQL_ENABLE_CLEARTEXT_PLUGIN, my_bool{cleartext});
  mysql_optionsv(handle, MYSQL_SERVER_PUBLIC_KEY, or_null(key.path()));
  mysql_optionsv(handle, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "mysql-cdc");
}

}  // namespace

void check_files(const Endpoint& endpoint) {
  if (endpoint.tls == TlsMode::verify_ca && endpoint.tls_ca.empty()) {
    throw Error{ErrorCode::tls_failed, Remedy::operate, "tls=verify-ca needs tls.ca: the system's roots vouch for anybody's certificate",
                "add tls.ca=/path/ca.pem, or use tls=verify-identity"};
  }
  if (endpoint.tls == TlsMode::off) return;
  if (is_verified(endpoint) && !endpoint.tls_ca.empty()) read_pem_file(endpoint.tls_ca, "tls.ca");
  if (!endpoint.tls_cert.empty()) read_pem_file(endpoint.tls_cert, "tls.cert");
  if (!endpoint.tls_key.empty()) read_pem_file(endpoint.tls_key, "tls.key");
}

void apply_options(MYSQL* handle, const Endpoint& endpoint, const KeyFile& key) {
  set(handle, MYSQL_OPT_PROTOCOL, unsigned{endpoint.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET});
  set(handle, MYSQL_OPT_LOCAL_INFILE, unsigned{0});
  set(handle, MYSQL_OPT_RECONNECT, my_bool{0});
  set(handle, MYSQL_OPT_CONNECT_TIMEOUT, whole_seconds(endpoint.connect_timeout));
  set(handle, MYSQL_OPT_READ_TIMEOUT, whole_seconds(endpoint.read_timeout));
  set(handle, MYSQL_OPT_WRITE_TIMEOUT, whole_seconds(endpoint.read_timeout));
  set(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, packet_bytes_max);
  mysql_optionsv(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  apply_login(handle, endpoint, key);
  apply_tls(handle, endpoint);
}

void withdraw_tls(MYSQL* handle, const KeyFile& key) {
  mysql_ssl_set(handle, nullptr, nullptr, nullptr, nullptr, nullptr);
  set(handle, MYSQL_OPT_SSL_ENFORCE, my_bool{0});
  if (key.path().empty()) mysql_optionsv(handle, MARIADB_OPT_RESTRICTED_AUTH, safe_plugins_without_key);
}

}  // namespace cdc::mysql
