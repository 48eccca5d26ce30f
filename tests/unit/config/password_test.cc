#include "cdc/config/password.h"

#include <doctest/doctest.h>

#include <thread>

#include "command.h"
#include "scratch.h"

namespace cdc::config {
namespace {

Settings with_file(const std::string& path) {
  Settings settings;
  settings.password_file = path;
  return settings;
}
Settings with_command(const std::string& command) {
  Settings settings;
  settings.password_command = command;
  return settings;
}

TEST_CASE("without a setting there is no provider") { CHECK_FALSE(password_provider({})); }

TEST_CASE("a password file") {
  struct Case {
    const char* name;
    std::string content;
    std::string password;  ///< Empty: refused.
  };
  const Case cases[] = {
      {"one line end is cut", "hunter2\n", "hunter2"},
      {"of other systems too", "hunter2\r\n", "hunter2"},
      {"only one", "hunter2\n\n", "hunter2\n"},
      {"blanks stay", " hunter2 ", " hunter2 "},
      {"largest", std::string(4'096, 'x'), std::string(4'096, 'x')},
      {"too large", std::string(4'097, 'x'), ""},
      {"empty", "", ""},
      {"a line end alone", "\n", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const test::TempFile file{c.content};
    const auto provider = password_provider(with_file(file.path()));
    std::string password;
    const auto error = test::caught([&] { password = provider(); });
    CHECK(password == c.password);
    CHECK(error.text.empty() != c.password.empty());
    if (c.password.empty()) CHECK(error.code == ErrorCode::file_unreadable);
  }
}

TEST_CASE("a password file is read at each call, and warned about once when others may read it") {
  const test::CapturedLog log;
  const test::TempFile file{"one", 0644};
  const auto provider = password_provider(with_file(file.path()));
  CHECK(provider() == "one");
  std::ofstream{file.path()} << "two";
  CHECK(provider() == "two");
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0].find("chmod 600") != std::string::npos);
  const test::TempFile closed{"one", 0600};
  password_provider(with_file(closed.path()))();
  CHECK(log.lines.size() == 1);
}

TEST_CASE("what is no password file") {
  for (const char* path : {"/nonexistent/x", "/", "/dev/zero"}) {
    CAPTURE(path);
    const auto error = test::caught([&] { password_provider(with_file(path))(); });
    CHECK(error.code == ErrorCode::file_unreadable);
    CHECK(error.says("url.passwordFile"));
  }
}

TEST_CASE("a password command") {
  const test::TempVariable hidden{"CONDUIT_TEST_X", "hidden"}, seen{"CDC_TEST_X", "seen"};
  struct Case {
    const char* name;
    const char* command;
    const char* password;
  };
  const Case cases[] = {
      {"prints", "printf 'hunter 2\\n'", "hunter 2"},
      {"no shell", "printf %s $HOME", "$HOME"},
      {"environment without the host's", "sh -c 'printf \"%s\" \"$CDC_TEST_X$CONDUIT_TEST_X\"'", "seen"},
      {"stderr goes nowhere", "sh -c 'echo noise >&2; echo ok'", "ok"},
      {"stdin is empty", "sh -c 'cat; echo ok'", "ok"},
      {"a child that stays open does not matter", "sh -c 'sleep 5 & echo ok'", "ok"},
      {"largest", "sh -c 'head -c 4096 /dev/zero | tr \"\\0\" x'", nullptr},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto password = password_provider(with_command(c.command))();
    CHECK(password == (c.password != nullptr ? c.password : std::string(4'096, 'x')));
  }
}

TEST_CASE("a password command that fails shows neither itself nor its output") {
  struct Case {
    const char* name;
    const char* command;
    const char* says;
  };
  const Case cases[] = {
      {"status", "sh -c 'echo hunter2; exit 3'", "status 3"},     {"signal", "sh -c 'echo hunter2; kill -9 $$'", "signal 9"},
      {"not there", "/nonexistent/hunter2", "cannot be started"}, {"prints nothing", "sh -c 'true hunter2'", "printed nothing"},
      {"too much", "sh -c 'yes hunter2'", "more than 4096"},      {"open quote", "sh -c 'hunter2", "quote"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto error = test::caught([&] { password_provider(with_command(c.command))(); });
    CHECK(error.code == ErrorCode::access_denied);
    CHECK(error.says(c.says));
    CHECK(error.says("url.passwordCommand"));
    CHECK_FALSE(error.says("hunter2"));
  }
}

TEST_CASE("a command is killed with its children when its time is over") {
  const test::TempFile pids{""};
  const auto begin = std::chrono::steady_clock::now();
  const auto error = test::caught([&] {
    run_command("x", {"sh", "-c", "sleep 60 & echo $! > " + pids.path() + "; sleep 60"}, {.time = std::chrono::milliseconds{300}}, {});
  });
  CHECK(error.says("still running after 300 ms"));
  CHECK(error.remedy == Remedy::retry);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});
  long pid = 0;
  std::ifstream{pids.path()} >> pid;
  REQUIRE(pid > 1);
  // Its parent is gone, so it may stay a zombie for a moment until it is reaped: state Z or no process.
  const auto runs = [&] {
    std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
    std::string number, name, state;
    return static_cast<bool>(stat >> number >> name >> state) && state != "Z" && state != "X";
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (runs() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK_FALSE(runs());
}

TEST_CASE("a stop ends a running command at once") {
  std::stop_source stop;
  const auto provider = password_provider(with_command("sleep 60"), stop.get_token());
  const std::jthread stopper{[&] { stop.request_stop(); }};
  const auto begin = std::chrono::steady_clock::now();
  CHECK(test::caught([&] { provider(); }).code == ErrorCode::connection_lost);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{2});
}

TEST_CASE("the key of hashed columns has at least 16 bytes") {
  Settings settings;
  const test::TempFile good{"0123456789abcdef\n"}, bad{"0123456789abcde\n"};
  settings.mask_key_file = good.path();
  CHECK(read_mask_key(settings) == "0123456789abcdef");
  settings.mask_key_file = bad.path();
  CHECK(test::caught([&] { read_mask_key(settings); }).says("at least 16 bytes"));
}

}  // namespace
}  // namespace cdc::config
