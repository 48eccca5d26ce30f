#include "cdc/cli/command_line.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace cdc::cli {
namespace {

/// Where a standard stream goes meanwhile.
class Redirected {
 public:
  explicit Redirected(std::FILE* stream) : stream_{stream}, fd_{::memfd_create("stream", 0)} {
    std::fflush(stream_);
    saved_ = ::dup(::fileno(stream_));
    ::dup2(fd_, ::fileno(stream_));
  }
  ~Redirected() {
    ::close(fd_);
    ::close(saved_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

  std::string restore() {
    std::fflush(stream_);
    ::dup2(saved_, ::fileno(stream_));
    std::string out(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
    out.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::pread(fd_, out.data(), out.size(), 0))));
    return out;
  }

 private:
  std::FILE* stream_;
  int fd_, saved_ = -1;
};

struct Result {
  int status;
  std::string out, err;
};

Result run(std::vector<std::string> words, std::stop_token interrupted = {}) {
  words.insert(words.begin(), "mysql-cdc");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::unsetenv("MYSQL_CDC_URL");
  Redirected out{stdout}, err{stderr};
  const int status = run_command_line(static_cast<int>(words.size()), argv.data(), std::move(interrupted));
  std::string err_text = err.restore();
  return {status, out.restore(), std::move(err_text)};
}

TEST_CASE("exit statuses and what stands where") {
  struct Case {
    const char* name;
    std::vector<std::string> words;
    int status;
    std::string out, err;  ///< Beginnings.
  };
  const Case cases[] = {
      {"help", {"--help"}, 0, "mysql-cdc: committed row changes", ""},
      {"version", {"version"}, 0, "mysql-cdc 0.", ""},
      {"no such command", {"foo"}, 1, "", "error MYC1000: unknown command foo\n  cure: mysql-cdc --help\n"},
      {"no URL", {"dry-run"}, 1, "", "error MYC1001: url: "},
      {"a URL that is none", {"dry-run", "ftp://h"}, 1, "", "error MYC1"},
      {"an unknown setting", {"dry-run", "mysql://u@h", "--set", "tabels=x"}, 1, "", "error MYC1002: tabels"},
      {"a configuration that is not there", {"dry-run", "--config", "/nonexistent.yaml"}, 1, "", "error MYC1005: "},
      {"a position that is none", {"dry-run", "--binlog", "/dev/null", "--from", "yesterday"}, 1, "", "error MYC1007: "},
      {"nobody listens", {"dry-run", "mysql://u@127.0.0.1:1/"}, 2, "", "error MYC1100: "},
      {"no such file", {"dry-run", "--binlog", "/nonexistent"}, 2, "", "error MYC1600: "},
      {"not a binlog", {"dry-run", "--binlog", "/etc/passwd"}, 2, "", "error MYC1601: "},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Result result = run(c.words);
    CHECK(result.status == c.status);
    CHECK(result.out.substr(0, c.out.size()) == c.out);
    CHECK(result.err.substr(0, c.err.size()) == c.err);
    CHECK(result.out.empty() == c.out.empty());
    CHECK(result.err.empty() == c.err.empty());
  }
}

TEST_CASE("a password is neither printed nor left in argv, and is warned about once") {
  const Result result = run({"dry-run", "mysql://u:hunter2@127.0.0.1:1/"});
  CHECK(result.status == 2);
  CHECK(result.err.starts_with("warning: a password among the arguments"));
  CHECK(result.err.find("hunter2") == std::string::npos);
  CHECK(run({"dry-run", "mysql://u:hunter2@h", "--nonsense"}).err.find("hunter2") == std::string::npos);
}

TEST_CASE("an interrupt ends with 130") {
  std::stop_source interrupted;
  interrupted.request_stop();
  CHECK(run({"dry-run", "mysql://u@127.0.0.1:1/"}, interrupted.get_token()).status == 130);
}

}  // namespace
}  // namespace cdc::cli
