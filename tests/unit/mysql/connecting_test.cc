#include <doctest/doctest.h>

#include <chrono>
#include <future>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "fake_server.h"

namespace cdc::mysql {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds at_once{1000};  // as opposed to the time-outs of ten seconds and more; sanitizers on a busy machine are slow

/// What connecting and one query end with; `query` empty = connect only.
Error failure_of(const Endpoint& endpoint, std::stop_token stop = {}, std::string_view query = {}) {
  try {
    Connection connection{endpoint, stop};
    if (!query.empty()) connection.query(query);
  } catch (const Error& error) {
    return error;
  }
  return Error{ErrorCode::usage, Remedy::fix, "it did not fail"};
}

/// Requests the stop as soon as a client is there, runs `body`, and tells how long it took from the stop.
template <class Body>
milliseconds time_from_stop(const FakeServer& server, std::stop_source& stop, Body&& body) {
  auto stopped_at = std::async(std::launch::async, [&] {
    server.await_client();
    stop.request_stop();
    return Clock::now();
  });
  body();
  return std::chrono::duration_cast<milliseconds>(Clock::now() - stopped_at.get());
}

}  // namespace

TEST_CASE("a login that succeeds pins the session with one statement") {
  std::string statement;
  {
    FakeServer server{[&](FakeLink& link) {
      if (!link.log_in(make_greeting(false))) return;
      statement = link.serve_until("\3SET").value_or("");
      link.send_ok();
      link.read_rest();
    }};
    Connection connection{server.endpoint(), {}};
    CHECK(connection.version().flavor == Flavor::mysql);
    CHECK(connection.version().at_least(8, 0, 99));
    CHECK(connection.thread_id() == 7);
  }
  CHECK(statement.find("time_zone='+00:00'") != std::string::npos);
  CHECK(statement.find("sql_mode=") != std::string::npos);
}

TEST_CASE("a server that asks for a file gets none") {
  std::string sent_instead;
  FakeServer server{[&](FakeLink& link) {
    if (!link.log_in(make_greeting(false))) return;
    if (!link.serve_until("\3SELECT")) return;
    link.send_packet("\xfb/etc/passwd");
    sent_instead = link.read_packet().value_or("");
    link.send_ok();
    link.read_rest();
  }};
  const Error error = failure_of(server.endpoint(), {}, "SELECT 1");
  CHECK(error.code() == ErrorCode::local_infile_requested);
  CHECK(error.remedy() == Remedy::operate);
  CHECK(sent_instead.empty());
}

TEST_CASE("a server that says nothing") {
  FakeServer server{[](FakeLink& link) { link.read_rest(); }};
  Endpoint endpoint = server.endpoint();

  SUBCASE("a stop ends the wait at once") {
    std::stop_source stop;
    std::optional<Error> error;
    const milliseconds took = time_from_stop(server, stop, [&] { error = failure_of(endpoint, stop.get_token()); });
    CHECK(took < at_once);
    CHECK(error->code() == ErrorCode::connection_lost);
  }
  SUBCASE("the time-out ends it, and says where to look") {
    endpoint.connect_timeout = milliseconds{150};
    const auto begin = Clock::now();
    const Error error = failure_of(endpoint);
    CHECK(Clock::now() - begin < at_once);
    CHECK(error.code() == ErrorCode::connect_failed);
    CHECK(error.remedy() == Remedy::retry);
    CHECK(error.message().find("no greeting within 150 ms") != std::string_view::npos);
  }
}

TEST_CASE("a greeting that drips does not outlive the time-out") {
  FakeServer server{[](FakeLink& link) {
    const std::string greeting = make_greeting(false);
    link.send_bytes(std::string{static_cast<char>(greeting.size()), '\0', '\0', '\0'});
    for (std::size_t i = 0; i + 1 < greeting.size(); ++i) {
      link.send_bytes(greeting.substr(i, 1));
      std::this_thread::sleep_for(milliseconds{20});  // slower than the time-out allows, faster than any single wait
    }
    link.read_rest();
  }};
  Endpoint endpoint = server.endpoint();
  endpoint.connect_timeout = milliseconds{200};
  const auto begin = Clock::now();
  CHECK(failure_of(endpoint).code() == ErrorCode::connect_failed);
  CHECK(Clock::now() - begin < at_once);
}

TEST_CASE("what is no MySQL server") {
  struct Case {
    const char* name;
    std::string bytes;
  };
  const Case cases[] = {
      {"a web server", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"},
      {"a TLS alert", {"\x15\x03\x01\x00\x02\x02\x46", 7}},
      {"a packet of zeros", std::string(64, '\0')},
      {"protocol 9",
       {"\x10\x00\x00\x00\x09"
        "3.20.0\0xxxxxxx\0",
        20}},
      {"closed without a byte", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    FakeServer server{[&](FakeLink& link) { link.send_bytes(c.bytes); }};
    const Error error = failure_of(server.endpoint());
    CAPTURE(error.what());
    CHECK(error.code() == ErrorCode::connect_failed);
    CHECK(!error.cure().empty());
  }
}

TEST_CASE("every truncation of a greeting is an error") {
  const std::string payload = make_greeting(false);
  const std::string whole = std::string{static_cast<char>(payload.size()), '\0', '\0', '\0'} + payload;
  for (std::size_t size = 1; size < whole.size(); size += 5) {
    CAPTURE(size);
    FakeServer server{[&](FakeLink& link) { link.send_bytes(std::string_view{whole}.substr(0, size)); }};
    CHECK(failure_of(server.endpoint()).code() == ErrorCode::connect_failed);
  }
}

TEST_CASE("where TLS is demanded, a server without it is told nothing") {
  for (const TlsMode mode : {TlsMode::required, TlsMode::verify_identity}) {
    CAPTURE(static_cast<int>(mode));
    std::string told;
    {
      FakeServer server{[&](FakeLink& link) {
        link.send_packet(make_greeting(false));
        told = link.read_rest();
      }};
      Endpoint endpoint = server.endpoint();
      endpoint.tls = mode;
      CHECK(failure_of(endpoint).code() == ErrorCode::tls_required);
    }
    CHECK(told.empty());
  }
}

TEST_CASE("without TLS and key the password is neither sent nor a key asked for") {
  for (const TlsMode mode : {TlsMode::off, TlsMode::preferred}) {
    for (const std::string plugin : {"caching_sha2_password", "sha256_password"}) {
      CAPTURE(static_cast<int>(mode));
      CAPTURE(plugin);
      std::string answer, told;
      {
        FakeServer server{[&](FakeLink& link) {
          link.send_packet(make_greeting(false, plugin));
          answer = link.read_packet().value_or("");
          link.send_packet({"\1\4", 2});  // full authentication, please
          told = link.read_rest();
        }};
        Endpoint endpoint = server.endpoint();
        endpoint.tls = mode;
        endpoint.tls_ca = endpoint.tls_cert = "";
        const Error error = failure_of(endpoint);
        CAPTURE(error.what());
        CHECK(error.code() == ErrorCode::auth_plugin);
        CHECK(error.cure().find("serverPublicKey") != std::string_view::npos);
      }
      CHECK(answer.find("secret") == std::string::npos);
      CHECK(told.empty());
    }
  }
}

TEST_CASE("plugins that show the password are refused") {
  for (const char* plugin : {"mysql_clear_password", "dialog", "mysql_old_password"}) {
    CAPTURE(plugin);
    std::string told = "nothing read";
    {
      FakeServer server{[&](FakeLink& link) {
        link.send_packet(make_greeting(false));
        if (!link.read_packet()) return;
        link.send_packet('\xfe' + std::string{plugin} + '\0' + "12345678abcdefghijkl" + '\0');
        told = link.read_rest();
      }};
      Endpoint endpoint = server.endpoint();
      endpoint.cleartext_password = true;  // means: over verified TLS
      const Error error = failure_of(endpoint);
      CAPTURE(error.what());
      CHECK(error.code() == ErrorCode::auth_plugin);
    }
    CHECK(told.find("secret") == std::string::npos);
  }
}

TEST_CASE("a query that is not answered") {
  FakeServer server{[](FakeLink& link) {
    if (link.log_in(make_greeting(false)) && link.serve_until("\3SELECT")) link.read_rest();
  }};
  Endpoint endpoint = server.endpoint();

  SUBCASE("ends on stop") {
    std::stop_source stop;
    Connection connection{endpoint, stop.get_token()};
    auto query = std::async(std::launch::async, [&] { CHECK_THROWS_AS(connection.query("SELECT 1"), const Error&); });
    const auto begin = Clock::now();
    stop.request_stop();
    query.get();
    CHECK(Clock::now() - begin < at_once);
  }
  SUBCASE("ends with the read time-out, to be tried again") {
    endpoint.read_timeout = milliseconds{1000};
    const Error error = failure_of(endpoint, {}, "SELECT 1");
    CHECK(error.code() == ErrorCode::connection_lost);
    CHECK(error.remedy() == Remedy::retry);
  }
}

TEST_CASE("a callback that throws ends the connection, not the program") {
  FakeServer server{[](FakeLink& link) {
    if (!link.log_in(make_greeting(false)) || !link.serve_until("\3SELECT")) return;
    link.send_packet("\1");                                                        // one column
    link.send_packet({"\3def\0\0\0\1a\0\x0c\x2d\0\x04\0\0\0\xfd\0\0\0\0\0", 23});  // of text
    link.send_packet({"\xfe\0\0\2\0", 5});
    link.send_packet("\1x");
    link.read_rest();  // no end of the result: who waits for it waits for ever
  }};
  Connection connection{server.endpoint(), {}};
  CHECK_THROWS_AS(connection.query("SELECT a", [](RowView) { throw Error{ErrorCode::usage, Remedy::fix, "enough"}; }), const Error&);
  CHECK_THROWS_AS(connection.query("SELECT 1"), const Error&);
}

}  // namespace cdc::mysql
