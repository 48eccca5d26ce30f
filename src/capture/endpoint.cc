#include "cdc/capture/endpoint.h"

#include "cdc/config/password.h"

namespace cdc::capture {

mysql::Endpoint endpoint_of(const config::Settings& settings, const std::stop_token& stop) {
  mysql::Endpoint out = mysql::parse_endpoint(settings.url);
  const config::Settings defaults;
  const mysql::Endpoint plain;  // a DSN may have limits of its own: they stand unless a setting says otherwise
  if (settings.connect_timeout != defaults.connect_timeout) out.connect_timeout = settings.connect_timeout;
  if (settings.read_timeout || out.read_timeout == plain.read_timeout)
    out.read_timeout = settings.read_timeout.value_or(3 * settings.heartbeat);
  out.fetch_password = config::password_provider(settings, stop);
  if (out.fetch_password)
    out.cleartext_password = true;  // such passwords may be tokens, which servers want in clear; only over verified TLS
  return out;
}

}  // namespace cdc::capture
