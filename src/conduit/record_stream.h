#pragma once

/// The Run call as the rest of the module sees it: bytes out, and its end. The gRPC side implements it.

#include <cstddef>
#include <span>
#include <string>

namespace cdc::conduit {

class RecordStream {
 public:
  virtual ~RecordStream() = default;
  /// Begins to send one message. `release(argument)` is called once, on any thread, when the bytes are no longer
  /// needed. One at a time: the next only after the write was reported as done.
  virtual void start_write(std::span<const std::byte> bytes, void (*release)(void*), void* argument) = 0;
  /// Ends the call, with an error when the text is not empty. Afterwards this object may be gone.
  virtual void finish(const std::string& error) = 0;
};

}  // namespace cdc::conduit
