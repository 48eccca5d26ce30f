#include "endpoint_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "cdc/base/error.h"

namespace cdc::mysql {
namespace {

using Setter = void (*)(std::string value, Endpoint& out);

struct Parameter {
  std::string_view name;
  Setter set;  ///< nullptr: known to the Go driver and without meaning here.
};

struct TlsName {
  std::string_view name;
  TlsMode mode;
};
constexpr TlsName url_tls[] = {{"off", TlsMode::off},
                               {"preferred", TlsMode::preferred},
                               {"required", TlsMode::required},
                               {"verify-ca", TlsMode::verify_ca},
                               {"verify-identity", TlsMode::verify_identity}};
constexpr TlsName dsn_tls[] = {
    {"true", TlsMode::verify_identity}, {"false", TlsMode::off}, {"skip-verify", TlsMode::required}, {"preferred", TlsMode::preferred}};

bool set_tls(std::string_view value, std::span<const TlsName> names, Endpoint& out) {
  const auto found = std::ranges::find(names, value, &TlsName::name);
  if (found == names.end()) return false;
  out.tls = found->mode;
  return true;
}

void set_url_tls(std::string value, Endpoint& out) {
  if (!set_tls(value, url_tls, out)) refuse_url("tls must be off, preferred, required, verify-ca or verify-identity");
}
void set_dsn_tls(std::string value, Endpoint& out) {
  if (set_tls(value, dsn_tls, out) || set_tls(value, url_tls, out)) return;
  refuse_url("tls of a DSN must be true, false, skip-verify, preferred, required, verify-ca or verify-identity");
}

/// A Go duration: `1m30s`, `500ms`.
std::chrono::milliseconds parse_duration(std::string_view text, std::string_view name) {
  struct Unit {
    std::string_view name;
    double ms;
  };
  constexpr Unit units[] = {{"ms", 1}, {"us", 1e-3}, {"ns", 1e-6}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}};
  const auto refuse = [&] { refuse_url(fmt::format("{} must be a duration such as 10s, 500ms or 1m30s, at most 24h", name)); };
  double total_ms = 0;
  if (text.empty()) refuse();
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || number < 0) refuse();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = std::ranges::find_if(units, [&](const Unit& u) { return text.starts_with(u.name); });
    if (unit == std::end(units)) refuse();
    text.remove_prefix(unit->name.size());
    total_ms += number * unit->ms;
  }
  if (!(total_ms >= 1 && total_ms <= 24 * 3'600'000.0)) refuse();
  return std::chrono::milliseconds{static_cast<std::int64_t>(total_ms)};
}

void set_socket(std::string value, Endpoint& out) {
  if (value.empty()) refuse_url("socket must be the path of a unix socket");
  out.socket = std::move(value);
}
template <std::string Endpoint::*member>
void set_text(std::string value, Endpoint& out) {
  out.*member = std::move(value);
}
void set_cleartext(std::string value, Endpoint& out) { out.cleartext_password = value == "true" || value == "1"; }

constexpr Parameter common_parameters[] = {
    {"socket", set_socket},
    {"tls.ca", set_text<&Endpoint::tls_ca>},
    {"tls.cert", set_text<&Endpoint::tls_cert>},
    {"tls.key", set_text<&Endpoint::tls_key>},
    {"serverPublicKey", set_text<&Endpoint::server_public_key>},
};
constexpr Parameter url_parameters[] = {{"tls", set_url_tls}};
// Of go-sql-driver/mysql. What shapes Go values or the Go session has no meaning here: sessions are pinned.
constexpr Parameter dsn_parameters[] = {
    {"tls", set_dsn_tls},
    {"timeout", [](std::string value, Endpoint& out) { out.connect_timeout = parse_duration(value, "timeout"); }},
    {"readTimeout", [](std::string value, Endpoint& out) { out.read_timeout = parse_duration(value, "readTimeout"); }},
    {"allowCleartextPasswords", set_cleartext},
    {"allowAllFiles", nullptr},
    {"allowFallbackToPlaintext", nullptr},
    {"allowNativePasswords", nullptr},
    {"allowOldPasswords", nullptr},
    {"autocommit", nullptr},
    {"charset", nullptr},
    {"checkConnLiveness", nullptr},
    {"clientFoundRows", nullptr},
    {"collation", nullptr},
    {"columnsWithAlias", nullptr},
    {"compress", nullptr},
    {"connectionAttributes", nullptr},
    {"interpolateParams", nullptr},
    {"loc", nullptr},
    {"maxAllowedPacket", nullptr},
    {"multiStatements", nullptr},
    {"parseTime", nullptr},
    {"rejectReadOnly", nullptr},
    {"sql_mode", nullptr},
    {"time_zone", nullptr},
    {"timeTruncate", nullptr},
    {"transaction_isolation", nullptr},
    {"tx_isolation", nullptr},
    {"writeTimeout", nullptr},
};

std::string allowed_names(std::span<const Parameter> own) {
  std::string out;
  for (const auto list : {own, std::span<const Parameter>{common_parameters}}) {
    for (const Parameter& parameter : list) {
      if (parameter.set != nullptr) out += fmt::format("{}{}", out.empty() ? "" : ", ", parameter.name);
    }
  }
  return out;
}

const Parameter* find_parameter(std::string_view name, std::span<const Parameter> own) {
  for (const auto list : {own, std::span<const Parameter>{common_parameters}}) {
    const auto found = std::ranges::find(list, name, &Parameter::name);
    if (found != list.end()) return &*found;
  }
  return nullptr;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_loopback(std::string_view host) {
  std::string lower{host};
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower == "localhost" || lower.ends_with(".localhost") || lower == "localhost.localdomain") return true;
  if (lower == "::1" || lower == "ip6-localhost" || lower == "ip6-loopback") return true;
  const bool numeric = lower.find_first_not_of("0123456789.") == std::string::npos;
  return numeric && lower.starts_with("127.");
}

/// Preferred for this machine, verify_identity for others.
TlsMode default_tls(const Endpoint& endpoint) {
  return !endpoint.socket.empty() || is_loopback(endpoint.host) ? TlsMode::preferred : TlsMode::verify_identity;
}

}  // namespace

void refuse_url(std::string_view what) {
  throw Error{ErrorCode::url_invalid, Remedy::operate, fmt::format("url: {}", what),
              "write mysql://user:password@host:3306/database?tls=…, with special characters percent-encoded"};
}

std::string decode_percent(std::string_view text, std::string_view part) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1, low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) refuse_url(fmt::format("a % in the {} must be followed by two hex digits (% itself is %25)", part));
      c = static_cast<char>(high << 4 | low);
      i += 2;
    }
    if (c == '\0') refuse_url(fmt::format("the {} must not contain a NUL", part));
    out += c;
  }
  return out;
}

void parse_host_port(std::string_view text, Endpoint& out) {
  std::string_view host = text, port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) refuse_url("an IPv6 address must stand between [ and ]");
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (host.find(':') == std::string_view::npos) refuse_url("only an IPv6 address stands between [ and ]");
    if (!port.empty() && !port.starts_with(':')) refuse_url("behind [address] only :port may follow");
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
    if (port.find(':', 1) != std::string_view::npos) refuse_url("an IPv6 address must stand between [ and ]");
  }
  if (!host.empty()) out.host = decode_percent(host, "host");
  if (port.size() <= 1) return;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size() || out.port == 0) refuse_url("the port must be a number from 1 to 65535");
}

void parse_parameters(std::string_view text, UrlKind kind, Endpoint& out) {
  const auto own = kind == UrlKind::url ? std::span<const Parameter>{url_parameters} : std::span<const Parameter>{dsn_parameters};
  bool tls_given = false;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const Parameter* const parameter = find_parameter(pair.substr(0, equals), own);
    if (parameter == nullptr) refuse_url(fmt::format("unknown parameter; allowed are {}", allowed_names(own)));
    if (equals == std::string_view::npos) refuse_url(fmt::format("the parameter {} needs a value", parameter->name));
    tls_given = tls_given || parameter->name == "tls";
    if (parameter->set != nullptr) parameter->set(decode_percent(pair.substr(equals + 1), parameter->name), out);
  }
  if (!tls_given) out.tls = default_tls(out);
}

void check_login(const Endpoint& endpoint) {
  if (endpoint.user.empty()) refuse_url("the user is missing");
  const auto is_part_of_name = [](char c) {
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter_or_digit || c == '.' || c == '-' || c == '_' || c == ':' || c == '%';  // the last two: IPv6 with a zone
  };
  if (!std::ranges::all_of(endpoint.host, is_part_of_name)) refuse_url("the host must be one name or address");
}

}  // namespace cdc::mysql
