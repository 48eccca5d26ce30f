#include "session.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <functional>
#include <optional>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::conduit {
namespace {

using std::chrono::milliseconds;

constexpr SessionLimits quick{.run_to_come = milliseconds{1}, .acknowledged = milliseconds{1}, .capture_to_end = milliseconds{10'000}};
constexpr std::string_view good_position =
    R"({"v":1,"engine":"binlog","gtid":"0-1-6","server":"00000001","file":"binlog.000001","at":1544,"n":1,"rules":"b73fc399"})";

/// The host's side of Run: remembers how it ended.
class Stream final : public RecordStream {
 public:
  void start_write(std::span<const std::byte>, void (*release)(void*), void* argument) override { release(argument); }
  void finish(const std::string& error) override {
    const std::lock_guard lock{mutex_};
    end_ = error;
    ended_.notify_all();
  }
  std::string await_end() {
    std::unique_lock lock{mutex_};
    REQUIRE(ended_.wait_for(lock, std::chrono::seconds{20}, [this] { return end_.has_value(); }));
    return *end_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<std::string> end_;
};

/// Does what a test wants.
class Scripted final : public Pipeline {
 public:
  using Body = std::function<void(const Position&, const std::stop_token&)>;
  explicit Scripted(Body body) : body_{std::move(body)} {}
  void run(const Position& start, Outbox&, std::stop_token stop) override { body_(start, stop); }

 private:
  Body body_;
};

void wait_for_stop(const Position&, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  never.wait(lock, stop, [] { return false; });
}

PipelineFactory pipelines(Scripted::Body body = wait_for_stop) {
  return [body](const config::Entries& entries) -> std::unique_ptr<Pipeline> {
    if (entries.contains("bad")) throw Error{ErrorCode::setting_unknown, Remedy::operate, "bad is unknown"};
    return std::make_unique<Scripted>(body);
  };
}

std::string message_of(const std::function<void()>& body) {
  try {
    body();
    return {};
  } catch (const Error& error) {
    return std::string{error.message()};
  }
}

/// Calls by letter, in order: what the last one said.
std::string after(std::string_view calls) {
  Stream stream;
  Session session{pipelines(), quick};
  std::string last;
  bool ran = false;
  for (const char call : calls) {
    last = message_of([&] {
      switch (call) {
        case 'C': return session.configure({});
        case 'B': return session.configure({{"bad", "1"}});
        case 'O': return session.open("");
        case 'R': return session.run(stream), ran = true, void();
        case 'S': CHECK(session.stop({}).empty()); return;
        case 'T': return session.teardown();
        default: FAIL("no such call");
      }
    });
  }
  session.teardown();
  if (ran) CHECK(stream.await_end().empty());
  return last;
}

TEST_CASE("calls in every order: what cannot be says so, what must be possible is") {
  struct Case {
    std::string calls, said;
  };
  const auto expected = [](std::string_view wanted, std::string_view actual) {
    return std::string{"expected connector state [\""}
        .append(wanted)
        .append("\"], actual connector state is \"")
        .append(actual)
        .append("\"");
  };
  const Case cases[] = {
      {"C", ""},
      {"CO", ""},
      {"COR", ""},
      {"CORS", ""},
      {"CORSS", ""},
      {"CORST", ""},
      {"CORT", ""},
      {"CORTT", ""},
      {"CORTS", ""},
      {"T", ""},
      {"TT", ""},
      {"CT", ""},
      {"COT", ""},
      {"BT", ""},
      {"S", ""},
      {"CS", ""},
      {"COS", ""},
      {"COSR", ""},
      {"COST", ""},
      {"B", "bad is unknown"},
      {"BC", ""},
      {"CC", expected("Initial", "Configured")},
      {"O", expected("Configured", "Initial")},
      {"BO", expected("Configured", "Initial")},
      {"R", expected("Opened", "Initial")},
      {"CR", expected("Opened", "Configured")},
      {"COO", expected("Configured", "Opened")},
      {"COC", expected("Initial", "Opened")},
      {"CORO", expected("Configured", "Running")},
      {"TC", expected("Initial", "TornDown")},
      {"COTR", expected("Opened", "TornDown")},
  };
  for (const Case& c : cases) {
    CAPTURE(c.calls);
    CHECK(after(c.calls) == c.said);
  }
}

TEST_CASE("a second Run is refused and leaves the first alone") {
  Stream first, second;
  Session session{pipelines(), quick};
  session.configure({});
  session.open("");
  session.run(first);
  CHECK_THROWS_AS(session.run(second), Error);
  session.teardown();
  CHECK(first.await_end().empty());
}

TEST_CASE("the capture starts where the host says") {
  struct Case {
    std::string name, position;
    bool good;
  };
  const Case cases[] = {{"the first time", "", true},
                        {"of a record", std::string{good_position}, true},
                        {"garbage", "\xFF garbage", false},
                        {"cut", std::string{good_position.substr(0, 40)}, false},
                        {"of another engine", R"({"v":1,"engine":"postgres","n":1})", false},
                        {"a base64 text", "eyJ2IjoxfQ==", false}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Position begun;
    Session session{pipelines([&](const Position& start, const std::stop_token& stop) { begun = start, wait_for_stop(start, stop); }),
                    quick};
    session.configure({});
    if (!c.good) {
      CHECK_THROWS_AS(session.open(c.position), Error);
      continue;
    }
    session.open(c.position);
    Stream stream;
    session.run(stream);
    session.teardown();
    CHECK(stream.await_end().empty());
    CHECK(to_text(begun) == c.position);
  }
}

TEST_CASE("an error ends Run with its text") {
  struct Case {
    std::string name, text;
    std::function<void()> fail;
  };
  const Case cases[] = {{"ours", "MYC1203: purged (cure: a snapshot)",
                         [] {
                           throw Error{ErrorCode::binlog_purged, Remedy::operate, "purged", "a snapshot"};
                         }},
                        {"another", "mysql-cdc: no memory", [] { throw std::runtime_error{"no memory"}; }}};
  set_log_writer([](LogLevel, std::string_view) {});
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Stream stream;
    Session session{pipelines([&](const Position&, const std::stop_token&) { c.fail(); }), quick};
    session.configure({});
    session.open("");
    session.run(stream);
    CHECK(stream.await_end() == c.text);
    CHECK(session.stop({}).empty());
    session.teardown();
  }
}

TEST_CASE("after Stop the call stays open until the host leaves it") {
  Stream stream;
  Session session{pipelines(), quick};
  session.configure({});
  session.open("");
  session.run(stream);
  CHECK(session.stop({}).empty());
  session.abandon();
  CHECK(stream.await_end().empty());
}

TEST_CASE("an error that comes of the stop is none") {
  Stream stream;
  Session session{pipelines([](const Position& start, const std::stop_token& stop) {
                    wait_for_stop(start, stop);
                    throw Error{ErrorCode::connection_lost, Remedy::retry, "cut"};
                  }),
                  quick};
  session.configure({});
  session.open("");
  session.run(stream);
  session.teardown();
  CHECK(stream.await_end().empty());
}

TEST_CASE("Stop does not outwait whoever called it") {
  Session session{pipelines(), {.run_to_come = milliseconds{3'600'000}, .acknowledged = {}, .capture_to_end = {}}};
  session.configure({});
  session.open("");
  std::stop_source cancelled;
  cancelled.request_stop();
  CHECK(session.stop(cancelled.get_token()).empty());
}

}  // namespace
}  // namespace cdc::conduit
