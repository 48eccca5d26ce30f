#pragma once

/// What a printer printed, of the world in change_scene.h.

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "cdc/cli/output.h"
#include "change_scene.h"

namespace cdc::test {

/// An Output whose bytes can be looked at.
class Captured {
 public:
  Captured() : fd_{::memfd_create("output", 0)}, output_{fd_, ending_} {}
  ~Captured() { ::close(fd_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  cli::Output& output() { return output_; }
  std::string text() {
    output_.flush();
    std::string out(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
    out.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::pread(fd_, out.data(), out.size(), 0))));
    return out;
  }

 private:
  std::stop_source ending_;
  int fd_;
  cli::Output output_;
};

}  // namespace cdc::test
