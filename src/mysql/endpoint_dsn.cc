/// The DSN of go-sql-driver/mysql: `[user[:password]@][net[(address)]]/database[?parameters]`.
/// User and password stand as they are and may contain any of the delimiters.

#include <string_view>

#include "endpoint_parameters.h"

namespace cdc::mysql {
namespace {

constexpr std::string_view networks[] = {"tcp", "tcp4", "tcp6", "unix"};

/// Where `net(address)` begins: behind the last `@` that a network and `(` follow; npos when there is none.
std::size_t find_address(std::string_view dsn) {
  for (std::size_t open = dsn.rfind('('); open != std::string_view::npos && open != 0; open = dsn.rfind('(', open - 1)) {
    for (const std::string_view network : networks) {
      if (open < network.size() || dsn.substr(open - network.size(), network.size()) != network) continue;
      const std::size_t begin = open - network.size();
      if (begin == 0 || dsn[begin - 1] == '@') return begin;
    }
  }
  return std::string_view::npos;
}

struct Parts {
  std::string_view login, network, address, rest;  ///< `rest` begins with the slash.
};

Parts split(std::string_view dsn) {
  Parts out;
  if (const std::size_t begin = find_address(dsn); begin != std::string_view::npos) {
    const std::size_t open = dsn.find('(', begin), close = dsn.find(')', open);
    if (close == std::string_view::npos) refuse_url("the address of a DSN must end with )");
    out.login = dsn.substr(0, begin);
    out.network = dsn.substr(begin, open - begin);
    out.address = dsn.substr(open + 1, close - open - 1);
    out.rest = dsn.substr(close + 1);
    if (!out.rest.starts_with('/')) refuse_url("behind the address of a DSN must follow /database");
    return out;
  }
  const std::size_t slash = dsn.rfind('/');
  if (slash == std::string_view::npos)
    refuse_url("must begin with mysql:// or mariadb://, or be a DSN user:password@tcp(host:port)/database");
  const std::size_t at = dsn.rfind('@', slash);
  out.login = at == std::string_view::npos ? std::string_view{} : dsn.substr(0, at + 1);
  out.network = dsn.substr(out.login.size(), slash - out.login.size());
  out.rest = dsn.substr(slash);
  return out;
}

void parse_address(const Parts& parts, Endpoint& out) {
  if (parts.network == "unix") {
    out.socket = parts.address.empty() ? "/tmp/mysql.sock" : std::string{parts.address};
  } else if (parts.network.empty() || parts.network.starts_with("tcp")) {
    out.host = "127.0.0.1";
    parse_host_port(parts.address, out);
  } else {
    refuse_url("must begin with mysql:// or mariadb://, or be a DSN with tcp(host:port) or unix(/path)");
  }
}

}  // namespace

Endpoint parse_dsn(std::string_view dsn) {
  Endpoint out;
  Parts parts = split(dsn);
  if (parts.login.ends_with('@')) parts.login.remove_suffix(1);
  const auto colon = parts.login.find(':');
  out.user = parts.login.substr(0, colon);
  if (colon != std::string_view::npos) out.password = parts.login.substr(colon + 1);
  parse_address(parts, out);
  const auto question = parts.rest.find('?');
  out.database = decode_percent(parts.rest.substr(1, question == std::string_view::npos ? question : question - 1), "database");
  parse_parameters(question == std::string_view::npos ? std::string_view{} : parts.rest.substr(question + 1), UrlKind::dsn, out);
  check_login(out);
  return out;
}

}  // namespace cdc::mysql
