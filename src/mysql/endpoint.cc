#include "cdc/mysql/endpoint.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>

#include "endpoint_parameters.h"

namespace cdc::mysql {
namespace {

constexpr std::string_view schemes[] = {"mysql://", "mariadb://"};

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && ::strncasecmp(text.data(), prefix.data(), prefix.size()) == 0;
}

/// Cuts off and returns what stands before the first of `delimiters`.
std::string_view cut(std::string_view& text, std::string_view delimiters) {
  const std::string_view head = text.substr(0, text.find_first_of(delimiters));
  text.remove_prefix(head.size());
  return head;
}

void parse_login(std::string_view text, Endpoint& out) {
  const auto colon = text.find(':');
  out.user = decode_percent(text.substr(0, colon), "user");
  if (colon != std::string_view::npos) out.password = decode_percent(text.substr(colon + 1), "password");
}

/// Everything behind `mysql://`.
Endpoint parse_url(std::string_view rest) {
  Endpoint out;
  if (rest.find('#') != std::string_view::npos) refuse_url("a # must be written as %23");
  std::string_view authority = cut(rest, "/?");
  if (rest.find('@') != std::string_view::npos) refuse_url("the characters / ? @ in user, password or parameters must be percent-encoded");
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) parse_login(authority.substr(0, at), out);
  parse_host_port(at == std::string_view::npos ? authority : authority.substr(at + 1), out);
  std::string_view path = cut(rest, "?");
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.find('/') != std::string_view::npos) refuse_url("behind the host only one database name may follow");
  out.database = decode_percent(path, "database");
  if (rest.starts_with('?')) rest.remove_prefix(1);
  parse_parameters(rest, UrlKind::url, out);
  check_login(out);
  return out;
}

/// For messages: what could break a line or mislead is percent-encoded.
std::string encode_percent(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = static_cast<unsigned char>(c) > ' ' && c != 0x7f && std::string_view{"%/?#@:"}.find(c) == std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

void wipe_text(std::string& text) noexcept {
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace

Endpoint parse_endpoint(std::string_view url) {
  if (url.empty()) refuse_url("is empty");
  for (const std::string_view scheme : schemes) {
    if (starts_with_ignoring_case(url, scheme)) return parse_url(url.substr(scheme.size()));
  }
  return parse_dsn(url);
}

std::string display_name(const Endpoint& endpoint) {
  std::string where;
  if (!endpoint.socket.empty()) {
    where = fmt::format("({})", endpoint.socket);
  } else if (endpoint.host.find(':') != std::string::npos) {
    where = fmt::format("[{}]:{}", endpoint.host, endpoint.port);
  } else {
    where = fmt::format("{}:{}", encode_percent(endpoint.host), endpoint.port);
  }
  return fmt::format("mysql://{}{}{}/{}", encode_percent(endpoint.user), endpoint.user.empty() ? "" : "@", where,
                     encode_percent(endpoint.database));
}

void wipe(Endpoint& endpoint) noexcept { wipe_text(endpoint.password); }

}  // namespace cdc::mysql
