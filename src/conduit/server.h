#pragma once

/// The gRPC server, on a unix socket. Everything of gRPC's is behind this header.

#include <chrono>
#include <memory>
#include <string>

#include "methods.h"

namespace cdc::conduit {

class Server {
 public:
  /// Listens when it returns. `plugin` is borrowed. Throws Error(plugin_launch).
  Server(const std::string& socket_path, Plugin plugin);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Lets open calls end for as long, then cuts them.
  void stop(std::chrono::milliseconds limit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::conduit
