#include "cdc/cli/output.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

#include "cdc/base/error.h"
#include "scene.h"

namespace cdc::cli {
namespace {

TEST_CASE("nothing is written before there is enough, all of it at a flush") {
  test::Captured captured;
  captured.output().buffer().append("line\n");
  captured.output().line_done();
  CHECK_FALSE(captured.output().buffer().empty());
  captured.output().buffer().append(std::string(Output::write_size_bytes, 'x'));
  captured.output().line_done();
  CHECK(captured.output().buffer().empty());
  CHECK(captured.text().size() == 5 + Output::write_size_bytes);
}

TEST_CASE("memory for one huge line is given back") {
  test::Captured captured;
  captured.output().buffer().append(std::string(32U << 20, 'x'));
  captured.output().flush();
  CHECK(captured.output().buffer().capacity() <= 4 * Output::write_size_bytes);
}

TEST_CASE("a pipe takes more than it holds, piece by piece") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::string received;
  std::thread reader{[&] {
    char piece[10'000];
    for (ssize_t size = 0; (size = ::read(ends[0], piece, sizeof piece)) > 0;) received.append(piece, static_cast<std::size_t>(size));
  }};
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);  // so that writes are partial, too
  Output output{ends[1], {}};
  std::string expected;
  for (int i = 0; i < 100'000; ++i) expected += std::to_string(i) + '\n';
  output.buffer().append(expected);
  output.flush();
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  CHECK(received.size() == expected.size());
  const bool same = received == expected;
  CHECK(same);
}

TEST_CASE("a closed pipe requests a stop and is no error") {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  const std::stop_source ending;
  Output output{ends[1], ending};
  output.buffer().append("x");
  output.flush();
  CHECK(output.closed());
  CHECK(ending.stop_requested());
  output.buffer().append("y");
  output.flush();
  CHECK(output.buffer().empty());
  ::close(ends[1]);
}

TEST_CASE("a full device is an error that says so") {
  const int full = ::open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  Output output{full, {}};
  output.buffer().append("x");
  try {
    output.flush();
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::output_failed);
    CHECK(error.message() == "cannot write to the output: No space left on device");
  }
  CHECK_NOTHROW(output.flush());  // what could not be written is gone: the error is told once
  ::close(full);
}

}  // namespace
}  // namespace cdc::cli
