#include "server_errors.h"

#include <fmt/format.h>

namespace cdc::mysql {
namespace {

struct Rule {
  unsigned number;
  std::string_view needle;  ///< Must occur in the text; empty = any text.
  ErrorCode code;
  Remedy remedy;
  std::string_view cure;
};

constexpr Rule rules[] = {
    {1045, "", ErrorCode::access_denied, Remedy::operate, "check user and password of the url"},
    {2006, "", ErrorCode::connection_lost, Remedy::retry, ""},
    {2013, "", ErrorCode::connection_lost, Remedy::retry, ""},
    {2002, "", ErrorCode::connect_failed, Remedy::retry, "check that the server runs"},
    {2003, "", ErrorCode::connect_failed, Remedy::retry, "check that the server runs"},
    {2005, "", ErrorCode::name_lookup_failed, Remedy::operate, "check the host name in the url"},
    {2026, "", ErrorCode::tls_failed, Remedy::operate, "check tls.ca"},
    {1236, "purged", ErrorCode::binlog_purged, Remedy::operate, ""},
    {1236, "Could not find first log file name", ErrorCode::binlog_file_unknown, Remedy::operate, ""},
};

}  // namespace

Peer::Peer(const Endpoint& endpoint) : name{display_name(endpoint)}, user{endpoint.user}, host{endpoint.host} {}

Error server_error(unsigned number, std::string_view text, const Peer& peer, std::string_view doing) {
  const std::string what = fmt::format("{}: {}: {} (errno {})", peer.name, doing, text, number);
  for (const Rule& rule : rules) {
    if (rule.number != number || text.find(rule.needle) == std::string_view::npos) continue;
    return Error{rule.code, rule.remedy, what, std::string{rule.cure}};
  }
  return Error{ErrorCode::query_failed, Remedy::operate, what};
}

}  // namespace cdc::mysql
