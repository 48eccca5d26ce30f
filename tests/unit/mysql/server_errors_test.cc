#include "server_errors.h"

#include <doctest/doctest.h>

#include <set>

#include "error_rules.h"

namespace cdc::mysql {
namespace {

Peer peer(TlsMode tls = TlsMode::verify_identity) {
  Endpoint endpoint;
  endpoint.tls = tls;
  endpoint.host = "db.example";
  endpoint.user = "cdc";
  endpoint.password = "secret";
  return Peer{endpoint};
}

}  // namespace

TEST_CASE("a link cut within the TLS handshake is not the certificate's fault when nobody verifies it") {
  constexpr std::string_view in_vain = "TLS/SSL error: self-signed certificate in certificate chain";
  for (const TlsMode tls : {TlsMode::preferred, TlsMode::required}) {
    const Error error = server_error(2026, in_vain, peer(tls), Phase::connect);
    CHECK(error.code() == ErrorCode::connect_failed);
    CHECK(error.remedy() == Remedy::retry);
    CHECK(error.message().find("self-signed") == std::string_view::npos);
    CHECK(server_error(2026, "TLS/SSL error: sslv3 alert bad certificate", peer(tls), Phase::connect).code() == ErrorCode::tls_failed);
  }
  for (const TlsMode tls : {TlsMode::verify_ca, TlsMode::verify_identity})
    CHECK(server_error(2026, in_vain, peer(tls), Phase::connect).code() == ErrorCode::tls_failed);
}

TEST_CASE("errno, text and phase decide code and remedy") {
  struct Case {
    unsigned number;
    const char* text;
    Phase phase;
    ErrorCode code;
    Remedy remedy;
  };
  using enum Phase;
  using enum ErrorCode;
  using enum Remedy;
  const Case cases[] = {
      {2003, "Can't connect", connect, connect_failed, retry},
      {2002, "Can't connect to local server through socket '/run/x.sock' (2)", connect, connect_failed, retry},
      {2002, "Can't connect to local server through socket '/run/x.sock' (13)", connect, connect_failed, operate},
      {2005, "Unknown server host 'x' (-2)", connect, name_lookup_failed, operate},
      {2005, "Unknown server host 'x' (-3)", connect, name_lookup_failed, retry},
      {2013, "Lost connection", connect, connect_failed, retry},
      {2013, "Lost connection", query, connection_lost, retry},
      {2006, "Server has gone away", stream, connection_lost, retry},
      {2026, "TLS/SSL error: certificate has expired", connect, tls_failed, operate},
      {2026, "TLS/SSL error: Connection reset by peer (104)", connect, connect_failed, retry},
      {2026, "TLS/SSL error: unexpected eof while reading", stream, connection_lost, retry},
      {2059, "Plugin gssapi could not be loaded", connect, auth_plugin, operate},
      {5010, "garbage", connect, auth_plugin, operate},
      {1045, "Access denied (using password: YES)", connect, access_denied, operate},
      {1040, "Too many connections", connect, connect_failed, retry},
      {1049, "Unknown database 'x'", connect, connect_failed, operate},
      {1049, "Unknown database 'x'", query, query_failed, operate},
      {1130, "Host is not allowed", connect, access_denied, operate},
      {3159, "--require_secure_transport=ON", connect, tls_required, operate},
      {1142, "SELECT command denied", query, privilege_missing, operate},
      {1227, "you need REPLICATION SLAVE", stream, privilege_missing, operate},
      {1205, "Lock wait timeout exceeded", query, query_failed, retry},
      {1213, "Deadlock found", query, query_failed, retry},
      {3024, "maximum statement execution time exceeded", query, query_failed, retry},
      {4031, "disconnected because of inactivity", query, connection_lost, retry},
      {1927, "Connection was killed", query, connection_lost, retry},
      {1053, "Server shutdown in progress", query, connection_lost, retry},
      {1236, "Cannot replicate because the source purged required binary logs.", stream, binlog_purged, operate},
      {1236, "Replica has more GTIDs than the source has, using the source's SERVER_UUID", stream, gtid_ahead, operate},
      {1236, "A replica with the same server_uuid/server_id as this replica has connected to the source", stream, server_id_conflict,
       operate},
      {4052, "A slave with the same server_uuid/server_id is already connected; the first event 'binlog.000007' at 4", stream,
       server_id_conflict, operate},
      {1045, "Access denied for user 'u'@'%' (using password: YES)", stream, privilege_missing, operate},
      {1236, "bogus data in log event; the first event 'binlog.000007' at 200", stream, position_out_of_range, operate},
      {1236,
       "Error: connecting slave requested to start from GTID 0-5-3, which is not in the master's binlog. Since the master's "
       "binlog contains GTIDs with higher sequence numbers, it probably means that the slave has diverged",
       stream, other_server, operate},
      {1236, "Error: connecting slave requested to start from GTID 0-1-9, which is not in the master's binlog", stream, gtid_ahead,
       operate},
      {1236,
       "Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old and required "
       "binlog files have been purged.",
       stream, binlog_purged, operate},
      {1236, "Could not find first log file name in binary log index file", stream, binlog_file_unknown, operate},
      {1236, "Client requested source to start replication from position > file size", stream, position_out_of_range, operate},
      {1236, "Client requested master to start replication from impossible position; the first event 'b.7' at 2", stream,
       position_out_of_range, operate},
      {1236, "Binary log is not open", stream, binlog_disabled, operate},
      {1236, "something new", stream, binlog_read_failed, operate},
      {9999, "something new", connect, connect_failed, operate},
      {9999, "something new", stream, binlog_read_failed, operate},
      {9999, "something new", query, query_failed, operate},
  };
  for (const Case& c : cases) {
    CAPTURE(c.number);
    CAPTURE(std::string{c.text});
    const Error error = server_error(c.number, c.text, peer(), c.phase);
    CHECK(error.code() == c.code);
    CHECK(error.remedy() == c.remedy);
  }
}

TEST_CASE("texts that may hold row values are left out, others are made one line") {
  const Error duplicate = server_error(1062, "Duplicate entry 'ann@example.org' for key 'mail'", peer(), Phase::query);
  CHECK(duplicate.message().find("ann@") == std::string_view::npos);
  CHECK(duplicate.message().find("1062") != std::string_view::npos);
  const Error lines = server_error(1146, "Table 'a\nb\x1b[31m' doesn't exist", peer(), Phase::query);
  CHECK(lines.message().find('\n') == std::string_view::npos);
  CHECK(lines.message().find('\x1b') == std::string_view::npos);
}

TEST_CASE("messages name server and user, never the password; system errors are spelled out") {
  const Error error = server_error(2002, "Can't connect to server on 'db.example' (111)", peer(), Phase::connect);
  CHECK(std::string{error.what()}.find("mysql://cdc@db.example:3306/") != std::string::npos);
  CHECK(std::string{error.what()}.find("Connection refused") != std::string::npos);
  CHECK(std::string{error.what()}.find("secret") == std::string::npos);
  const Error grant = server_error(1227, "denied", peer(), Phase::stream);
  CHECK(grant.cure().find("TO 'cdc'@'%'") != std::string_view::npos);
}

TEST_CASE("no rule stands behind one that always comes first") {
  std::set<std::pair<unsigned, unsigned>> settled;  // number and phase
  for (const ErrorRule& rule : error_rules()) {
    for (const Phase phase : {Phase::connect, Phase::query, Phase::stream}) {
      if ((rule.phases & phase_bit(phase)) == 0) continue;
      CAPTURE(rule.number);
      CAPTURE(std::string{rule.needle});
      const std::pair key{rule.number, phase_bit(phase)};
      CHECK(!settled.contains(key));
      if (rule.needle.empty()) settled.insert(key);
    }
  }
}

}  // namespace cdc::mysql
