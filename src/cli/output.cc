#include "cdc/cli/output.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cdc/base/error.h"

namespace cdc::cli {
namespace {

/// Memory kept between writes; one huge row must not stay.
constexpr std::size_t kept_bytes = 4 * Output::write_size_bytes;

void wait_until_writable(int fd) noexcept {
  pollfd request{fd, POLLOUT, 0};
  ::poll(&request, 1, 1000);
}

}  // namespace

void Output::flush() {
  if (!closed_) write_all(buffer_.view());
  buffer_.clear();
  if (buffer_.capacity() > kept_bytes) buffer_.shrink(kept_bytes);
}

void Output::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // someone else made the shared descriptor non-blocking
      wait_until_writable(fd_);
    } else if (errno == EPIPE || (errno == EINTR && ending_.stop_requested())) {  // Ctrl-C while nobody reads
      closed_ = true;
      ending_.request_stop();
      return;
    } else if (errno != EINTR) {
      const int reason = errno;
      buffer_.clear();
      throw Error{ErrorCode::output_failed, Remedy::operate, fmt::format("cannot write to the output: {}", std::strerror(reason)),
                  "free space on the device, or send the output elsewhere"};
    }
  }
}

}  // namespace cdc::cli
