#include <doctest/doctest.h>

#include <thread>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "fake_server.h"

namespace cdc::mysql {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view set_option = "\x1b";
constexpr std::string_view script = "\3A; B";

std::string text_field(std::string_view text) { return static_cast<char>(text.size()) + std::string{text}; }

std::string end_of_rows(bool more) { return {'\xfe', 0, 0, static_cast<char>(more ? 0x0a : 0x02), 0}; }

/// A result of one text column.
void send_column(FakeLink& link, const std::vector<std::string>& rows, bool more) {
  link.send_packet("\1");
  std::string column = text_field("def") + text_field("") + text_field("") + text_field("") + text_field("c") + text_field("") + '\x0c';
  column += std::string{"\x2d\0\xff\0\0\0\xfd\0\0\0\0\0", 12};
  link.send_packet(column);
  link.send_packet(end_of_rows(more));
  for (const std::string& row : rows) link.send_packet(text_field(row));
  link.send_packet(end_of_rows(more));
}

void send_ok(FakeLink& link, bool more) {
  link.send_packet({std::string{'\0', '\0', '\0', static_cast<char>(more ? 0x0a : 0x02), 0, 0, 0}});
}

/// Serves a login and what comes before the script, then `answer`, then the rest, which is returned.
std::string serve(FakeLink& link, const std::function<void()>& answer) {
  if (!link.log_in(make_greeting(false)) || !link.serve_until(set_option)) return "no script";
  link.send_packet(end_of_rows(false));
  if (!link.serve_until(script)) return "no script";
  answer();
  const auto last = link.read_packet();
  link.send_packet(end_of_rows(false));
  return last.value_or("gone");
}

Error failure_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  return Error{ErrorCode::usage, Remedy::fix, "it did not fail"};
}

TEST_CASE("a script gives the rows of every statement, and only while its scope lives") {
  std::string after;
  {
    FakeServer server{[&](FakeLink& link) {
      after = serve(link, [&] {
        send_ok(link, true);
        send_column(link, {"x", "y"}, true);
        send_column(link, {}, false);
      });
    }};
    Connection connection{server.endpoint(), {}};
    const ScriptScope scope{connection};
    connection.send("A; B");
    CHECK(connection.finish() == std::vector<Rows>{{}, {{"x"}, {"y"}}, {}});
  }
  CHECK(after == std::string{"\x1b\1\0", 3});
}

TEST_CASE("an error in the middle of a script is thrown, and the connection goes on") {
  std::string after;
  {
    FakeServer server{[&](FakeLink& link) {
      after = serve(link, [&] {
        send_column(link, {"x"}, true);
        link.send_error(1227, "Access denied");
      });
    }};
    Connection connection{server.endpoint(), {}};
    const ScriptScope scope{connection};
    connection.send("A; B");
    CHECK(failure_of([&] { connection.finish(); }).code() == ErrorCode::privilege_missing);
  }
  CHECK(after == std::string{"\x1b\1\0", 3});
}

TEST_CASE("a connection that cannot be switched back is closed") {
  std::string rest;
  {
    FakeServer server{[&](FakeLink& link) {
      if (!link.log_in(make_greeting(false)) || !link.serve_until(set_option)) return;
      link.send_packet(end_of_rows(false));
      if (!link.serve_until(set_option)) return;
      link.send_error(1047, "Unknown command");
      rest = link.read_rest();
    }};
    Connection connection{server.endpoint(), {}};
    { const ScriptScope scope{connection}; }
    CHECK(failure_of([&] { connection.query("SELECT 1"); }).code() == ErrorCode::connection_lost);
  }
  CHECK(rest.empty());
}

TEST_CASE("a link that is cut while an answer comes is a lost one") {
  FakeServer server{[&](FakeLink& link) {
    if (!link.log_in(make_greeting(false)) || !link.serve_until(set_option)) return;
    link.send_packet(end_of_rows(false));
    if (link.serve_until(script)) send_ok(link, true);
  }};
  Connection connection{server.endpoint(), {}};
  const ScriptScope scope{connection};
  connection.send("A; B");
  CHECK(failure_of([&] { connection.finish(); }).code() == ErrorCode::connection_lost);
}

TEST_CASE("an answer can be waited for in turns, and a stop ends the wait") {
  std::stop_source stop;
  FakeServer server{[&](FakeLink& link) {
    if (link.log_in(make_greeting(false)) && link.serve_until("\3LOCK")) link.read_rest();
  }};
  Connection connection{server.endpoint(), stop.get_token()};
  connection.send("LOCK");
  CHECK_FALSE(connection.answered(milliseconds{1}));
  std::thread stopper{[&] { stop.request_stop(); }};
  CHECK(connection.answered(std::chrono::minutes{1}));
  stopper.join();
  CHECK(std::string{failure_of([&] { connection.finish(); }).message()}.find("stopped on request") != std::string::npos);
}

// A server that waits for a lock looks whether its client is still there: it takes bytes that were not read yet, a goodbye, for one that
// is.
TEST_CASE("a connection that is left while a statement runs just ends, without a goodbye") {
  std::string rest = "not read";
  {
    FakeServer server{[&](FakeLink& link) {
      if (link.log_in(make_greeting(false)) && link.serve_until("\3LOCK")) rest = link.read_rest();
    }};
    Connection connection{server.endpoint(), {}};
    connection.send("LOCK");
  }
  CHECK(rest.empty());
}

TEST_CASE("accounts are quoted part by part") {
  CHECK(quote_account("cdc@%") == "`cdc`@`%`");
  CHECK(quote_account("a`b@c@10.0.0.1") == "`a``b@c`@`10.0.0.1`");
  CHECK(quote_account("@") == "``@``");
  CHECK(quote_account("nobody") == "`nobody`@``");
}

}  // namespace
}  // namespace cdc::mysql
