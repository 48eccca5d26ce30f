#pragma once

/// What the tests of this folder need from outside: files, environment variables, log lines.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::test {

/// A file in the temporary folder, removed at the end.
class TempFile {
 public:
  explicit TempFile(std::string_view content, mode_t mode = 0600) {
    const char* const folder = std::getenv("TMPDIR");
    path_ = std::string{folder != nullptr ? folder : "/tmp"} + "/cdc-test-XXXXXX";
    ::close(::mkstemp(path_.data()));
    std::ofstream{path_, std::ios::binary} << content;
    ::chmod(path_.c_str(), mode);
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { ::unlink(path_.c_str()); }

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

/// An environment variable for the time of a scope.
class TempVariable {
 public:
  TempVariable(const char* name, const char* value) : name_{name} { ::setenv(name, value, 1); }
  TempVariable(const TempVariable&) = delete;
  TempVariable& operator=(const TempVariable&) = delete;
  ~TempVariable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

/// Log lines of a scope, kept instead of written.
class CapturedLog {
 public:
  CapturedLog() {
    set_log_writer([this](LogLevel, std::string_view line) { lines.emplace_back(line); });
  }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  ~CapturedLog() {
    set_log_writer([](LogLevel, std::string_view) {});
  }

  std::vector<std::string> lines;
};

/// The Error that `body` throws; its text is empty when it throws none.
struct Caught {
  ErrorCode code{};
  Remedy remedy{};
  std::string text;

  bool says(std::string_view part) const { return text.find(part) != std::string::npos; }
};
template <class Body>
Caught caught(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return {error.code(), error.remedy(), error.what()};
  }
  return {};
}

}  // namespace cdc::test
