#include <algorithm>
#include <array>

#include "link.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t max_packet_bytes = (std::size_t{1} << 30) + (1U << 20);  // dumps send up to 1 GiB; the connector compares with >=

unsigned whole_seconds(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  return static_cast<unsigned>(std::clamp<long>(seconds, 1, 1'000'000));
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

void apply_tls(MYSQL* handle, const Endpoint& endpoint) {
  const my_bool wanted = endpoint.tls != TlsMode::off;
  const my_bool verified = endpoint.tls >= TlsMode::verify_ca;
  mysql_optionsv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified);
  if (wanted == 0) return;
  mysql_optionsv(handle, MYSQL_OPT_SSL_ENFORCE, &wanted);
  if (verified != 0) mysql_optionsv(handle, MYSQL_OPT_SSL_CA, or_null(endpoint.tls_ca));
  mysql_optionsv(handle, MYSQL_OPT_SSL_CERT, or_null(endpoint.tls_cert));
  mysql_optionsv(handle, MYSQL_OPT_SSL_KEY, or_null(endpoint.tls_key));
}

}  // namespace

void apply_options(MYSQL* handle, const Endpoint& endpoint) {
  const unsigned connect_s = whole_seconds(endpoint.connect_timeout), read_s = whole_seconds(endpoint.read_timeout);
  const unsigned no = 0;
  const my_bool off = 0;
  mysql_optionsv(handle, MYSQL_OPT_LOCAL_INFILE, &no);
  mysql_optionsv(handle, MYSQL_OPT_RECONNECT, &off);
  mysql_optionsv(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
  mysql_optionsv(handle, MYSQL_OPT_READ_TIMEOUT, &read_s);
  mysql_optionsv(handle, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
  mysql_optionsv(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, &max_packet_bytes);
  mysql_optionsv(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (!endpoint.server_public_key.empty()) mysql_optionsv(handle, MYSQL_SERVER_PUBLIC_KEY, endpoint.server_public_key.c_str());
  apply_tls(handle, endpoint);
}

}  // namespace cdc::mysql
