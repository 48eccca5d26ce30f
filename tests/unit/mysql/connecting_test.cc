#include <dlfcn.h>
#include <doctest/doctest.h>
#include <netdb.h>
#include <string.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "fake_server.h"

namespace {

/// A name service that can be made to hang.
struct NameService {
  std::mutex mutex;
  std::condition_variable changed;
  bool hangs = false;
  int asked = 0, answered = 0;
};
NameService name_service;

}  // namespace

/// Stands before the C library's, for the connector too.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
  if (name != nullptr && ::strcmp(name, "hangs.test") == 0) {
    std::unique_lock lock{name_service.mutex};
    ++name_service.asked;
    name_service.changed.notify_all();
    name_service.changed.wait(lock, [] { return !name_service.hangs; });
    ++name_service.answered;
    name_service.changed.notify_all();
    return EAI_NONAME;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto next = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(name, service, hints, result);
}

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

TEST_CASE("a server that falls silent while the client logs in") {
  struct Case {
    const char* name;
    TlsMode tls;
    void (*talk)(FakeLink& link);
    const char* says;
  };
  const Case cases[] = {
      {"before its greeting", TlsMode::off, [](FakeLink&) {}, "no greeting within 150 ms"},
      {"within its greeting", TlsMode::off,
       [](FakeLink& link) {
         link.send_bytes({"\x50\0\0\0\x0a", 5});
       },
       "no greeting within 150 ms"},
      {"before it answers the login", TlsMode::off,
       [](FakeLink& link) {
         link.send_packet(make_greeting(false));
         link.read_packet();
       },
       "the login did not end within 150 ms"},
      {"within the TLS handshake", TlsMode::required,
       [](FakeLink& link) {
         link.send_packet(make_greeting(true));
         link.read_packet();
       },
       "the login did not end within 150 ms"},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string{c.name});
    std::atomic<int> silent = 0;
    FakeServer server{[&](FakeLink& link) {
      c.talk(link);
      ++silent;
      silent.notify_all();
      link.read_rest();
    }};
    Endpoint endpoint = server.endpoint();
    endpoint.tls = c.tls;

    std::stop_source stop;
    auto stopped = std::async(std::launch::async, [&] {
      silent.wait(0);
      const auto at = Clock::now();
      stop.request_stop();
      return at;
    });
    CHECK(failure_of(endpoint, stop.get_token()).code() == ErrorCode::connection_lost);
    CHECK(Clock::now() - stopped.get() < at_once);

    endpoint.connect_timeout = milliseconds{150};
    const auto begin = Clock::now();
    const Error error = failure_of(endpoint);
    CAPTURE(std::string{error.what()});
    CHECK(Clock::now() - begin < at_once);
    CHECK(error.code() == ErrorCode::connect_failed);
    CHECK(error.remedy() == Remedy::retry);
    CHECK(error.message().find(c.says) != std::string_view::npos);
  }
}

TEST_CASE("a name look-up that hangs") {
  name_service.hangs = true;
  name_service.asked = name_service.answered = 0;
  Endpoint endpoint;
  endpoint.host = "hangs.test";
  endpoint.user = "u";
  const auto await = [](auto&& condition) {
    std::unique_lock lock{name_service.mutex};
    name_service.changed.wait(lock, condition);
  };
  std::optional<Error> error;
  auto begin = Clock::now();

  SUBCASE("is left on stop") {
    std::stop_source stop;
    auto connecting = std::async(std::launch::async, [&] { error = failure_of(endpoint, stop.get_token()); });
    await([] { return name_service.asked == 1; });
    begin = Clock::now();
    stop.request_stop();
    connecting.get();
    CHECK(error->code() == ErrorCode::connection_lost);
  }
  SUBCASE("is left at the time-out") {
    endpoint.connect_timeout = milliseconds{50};
    error = failure_of(endpoint);
    CHECK(error->code() == ErrorCode::connect_failed);
    CHECK(error->message().find("look-up") != std::string_view::npos);
  }
  CHECK(Clock::now() - begin < at_once);
  {
    const std::lock_guard lock{name_service.mutex};
    name_service.hangs = false;
    name_service.changed.notify_all();
  }
  await([] { return name_service.answered == 1; });  // the thread that was left ends by itself
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
    CAPTURE(std::string{c.name});
    FakeServer server{[&](FakeLink& link) { link.send_bytes(c.bytes); }};
    const Error error = failure_of(server.endpoint());
    CAPTURE(std::string{error.what()});
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
      CAPTURE(std::string{plugin});
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
        CAPTURE(std::string{error.what()});
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
    CAPTURE(std::string{plugin});
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
      CAPTURE(std::string{error.what()});
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
