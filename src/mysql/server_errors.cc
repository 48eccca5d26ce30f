#include "server_errors.h"

#include <errmsg.h>
#include <fmt/format.h>
#include <netdb.h>
#include <string.h>

#include <algorithm>
#include <charconv>

#include "cdc/base/reader.h"
#include "error_rules.h"

namespace cdc::mysql {
namespace {

constexpr std::string_view phase_names[] = {"connecting to", "query on", "binlog stream of"};

/// One line without control characters: texts come from the other side.
std::string one_line(std::string_view text) {
  std::string out{text};
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  return out;
}

/// The connector ends its texts with a system error's number in parentheses: says what it means.
std::string explain_number(unsigned number, std::string_view text) {
  const auto open = text.rfind('(');
  int code = 0;
  if (!text.ends_with(')') || open == std::string_view::npos) return {};
  const auto [end, error] = std::from_chars(text.data() + open + 1, text.data() + text.size() - 1, code);
  if (error != std::errc{} || end != text.data() + text.size() - 1) return {};
  const char* const meaning = number == CR_UNKNOWN_HOST ? ::gai_strerror(code) : ::strerrordesc_np(code);
  return meaning == nullptr ? std::string{} : fmt::format(": {}", meaning);
}

bool has_system_number(unsigned number) { return number >= CR_SOCKET_CREATE_ERROR && number <= CR_UNKNOWN_HOST; }

const ErrorRule* find_rule(unsigned number, std::string_view text, Phase phase) {
  for (const ErrorRule& rule : error_rules()) {
    const bool fits = rule.number == number && (rule.phases & phase_bit(phase)) != 0;
    if (fits && text.find(rule.needle) != std::string_view::npos) return &rule;
  }
  return nullptr;
}

/// Of a link that was cut within the TLS handshake the connector says what it thinks of the certificate, although
/// nobody asked. What the other side has to say of ours is an alert.
bool blames_certificate_in_vain(unsigned number, std::string_view text, const Peer& peer, Phase phase) {
  const bool blames = text.find("certificate") != std::string_view::npos && text.find("alert") == std::string_view::npos;
  return number == CR_SSL_CONNECTION_ERROR && phase == Phase::connect && !peer.verifies_certificate && blames;
}

/// The statement as written, with the user's name in its place.
std::string fill_cure(std::string_view cure, const Peer& peer) {
  constexpr std::string_view mark = "{user}";
  std::string out{cure};
  if (const auto at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), one_line(peer.user));
  return out;
}

}  // namespace

Peer::Peer(const Endpoint& endpoint)
    : name{display_name(endpoint)},
      user{endpoint.user},
      verifies_certificate{endpoint.tls == TlsMode::verify_ca || endpoint.tls == TlsMode::verify_identity} {}

Error server_error(unsigned number, std::string_view text, const Peer& peer, Phase phase) {
  if (blames_certificate_in_vain(number, text, peer, phase)) text = "unexpected eof within the TLS handshake";
  const ErrorRule* const rule = find_rule(number, text, phase);
  std::string_view shown = text;
  if (rule != nullptr && !rule->own_text.empty()) shown = rule->own_text;
  if (rule == nullptr && phase == Phase::query) shown = "the server refused the statement (its text is left out: it may hold row values)";
  const std::string meaning = has_system_number(number) ? explain_number(number, text) : std::string{};
  const std::string what =
      fmt::format("{} {}: {}{} (errno {})", phase_names[static_cast<std::size_t>(phase)], peer.name, one_line(shown), meaning, number);
  if (rule != nullptr) return Error{rule->code, rule->remedy, what, fill_cure(rule->cure, peer)};
  return Error{phase == Phase::connect  ? ErrorCode::connect_failed
               : phase == Phase::stream ? ErrorCode::binlog_read_failed
                                        : ErrorCode::query_failed,
               Remedy::operate, what};
}

/// Errno, `#` and five characters of SQLSTATE, text. Source: MySQL client/server protocol, "ERR_Packet".
Error refusal(std::span<const std::byte> packet, const Peer& peer, Phase phase) {
  constexpr std::size_t state_bytes = 6;
  Reader r{packet.subspan(1)};
  const unsigned number = r.u16();
  std::string_view text = r.text(r.remaining());
  if (text.starts_with('#')) text.remove_prefix(std::min(state_bytes, text.size()));
  return server_error(r.failed() ? unsigned{CR_MALFORMED_PACKET} : number, text, peer, phase);
}

Error tls_missing_error(const Peer& peer) {
  return Error{
      ErrorCode::tls_required, Remedy::operate, fmt::format("connecting to {}: the server offers no TLS", peer.name),
      "set ssl_cert and ssl_key on the server, connect through its unix socket, or, on a network you trust, add tls=off to the url"};
}

}  // namespace cdc::mysql
