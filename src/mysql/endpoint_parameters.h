#pragma once

/// The parts that URLs and Go DSNs share: parameters, host and port, percent-encoding, and refusals
/// that name the part but never repeat what was written (it may be a piece of a password).

#include <string>
#include <string_view>

#include "cdc/mysql/endpoint.h"

namespace cdc::mysql {

[[noreturn]] void refuse_url(std::string_view what);

/// `%41` to `A`; refuses broken escapes and NUL. `part` names the text for the refusal.
std::string decode_percent(std::string_view text, std::string_view part);

/// `host`, `host:port`, `[::1]:port` into host and port; what is missing keeps its value.
void parse_host_port(std::string_view text, Endpoint& out);

enum class UrlKind { url, dsn };
/// `key=value&key=value`, after host and socket are known: without `tls` its default depends on them.
/// Refuses unknown keys with what is allowed.
void parse_parameters(std::string_view text, UrlKind kind, Endpoint& out);

/// Refuses what the connector would understand as something else: no user is the unix user, a host with
/// `=`, `,` or `://` a list of settings or servers.
void check_login(const Endpoint& endpoint);

Endpoint parse_dsn(std::string_view dsn);

}  // namespace cdc::mysql
