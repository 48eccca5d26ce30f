#include <condition_variable>
#include <mutex>
#include <thread>

#include "link.h"

namespace cdc::mysql {
namespace {

void start_library() {
  static const int result = mysql_library_init(0, nullptr, nullptr);
  if (result != 0) throw Error{ErrorCode::connect_failed, Remedy::fix, "the database connector did not start"};
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

/// What the caller and the connecting thread share. Held by shared_ptr because a name look-up cannot be
/// interrupted: on stop the caller leaves, and whoever ends last frees it.
struct Attempt {
  Endpoint endpoint;
  std::mutex mutex;
  std::condition_variable_any changed;
  Handle handle;
  bool done = false, connected = false;

  ~Attempt() { wipe(endpoint); }
};

void connect(Attempt& attempt) {
  mysql_thread_init();
  Handle handle{mysql_init(nullptr)};
  const Endpoint& at = attempt.endpoint;
  apply_options(handle.get(), at);
  const char* const host = at.socket.empty() ? at.host.c_str() : "localhost";
  const bool connected = mysql_real_connect(handle.get(), host, at.user.c_str(), at.password.c_str(), or_null(at.database), at.port,
                                            or_null(at.socket), 0) != nullptr;
  const std::lock_guard lock{attempt.mutex};
  attempt.handle = std::move(handle);
  attempt.connected = connected;
  attempt.done = true;
  attempt.changed.notify_all();
}

}  // namespace

Error last_error(MYSQL* handle, const Peer& peer, std::string_view doing) {
  return server_error(mysql_errno(handle), mysql_error(handle), peer, doing);
}

Link dial(const Endpoint& endpoint, const Peer& peer, const std::stop_token& stop) {
  start_library();
  const auto attempt = std::make_shared<Attempt>();
  attempt->endpoint = endpoint;
  if (endpoint.fetch_password) attempt->endpoint.password = endpoint.fetch_password();
  std::thread{[attempt] {
    connect(*attempt);
    mysql_thread_end();
  }}.detach();

  std::unique_lock lock{attempt->mutex};
  if (!attempt->changed.wait_for(lock, stop, endpoint.connect_timeout, [&] { return attempt->done; })) {
    if (stop.stop_requested()) throw Error{ErrorCode::connection_lost, Remedy::retry, "stopped while connecting to " + peer.name};
    throw Error{ErrorCode::connect_failed, Remedy::retry, "connecting to " + peer.name + " took too long", "see connectTimeout"};
  }
  if (!attempt->connected) throw last_error(attempt->handle.get(), peer, "connect");
  Handle handle = std::move(attempt->handle);
  return {WakeDescriptor{static_cast<int>(mysql_get_socket(handle.get()))}, std::move(handle)};
}

}  // namespace cdc::mysql
