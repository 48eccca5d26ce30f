#pragma once

/// The unix socket's own folder: nobody else may enter it.

#include <string>

namespace cdc::conduit {

/// A fresh folder of mode 0700 under `parent`; gone with this object, with the socket in it.
class SocketFolder {
 public:
  /// Throws Error(plugin_launch) when it cannot be made or its path would not fit into a socket address.
  explicit SocketFolder(const std::string& parent);
  ~SocketFolder();
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;

  const std::string& socket_path() const noexcept { return socket_; }

 private:
  std::string folder_, socket_;
};

}  // namespace cdc::conduit
