#include "connector_hooks.h"

#include <errno.h>
#include <poll.h>
#include <sys/types.h>

#include "cdc/base/error.h"
#include "link.h"

// Exported by the connector for its client plugins, declared in none of its public headers.
extern "C" int ma_pvio_register_callback(my_bool on,
                                         void (*callback)(int mode, MYSQL* handle, const unsigned char* data, std::size_t size));

namespace cdc::mysql {
namespace {

// The hooks carry no pointer of ours; what they serve runs on the same thread.
thread_local LoginObserver* observer_of_thread = nullptr;
thread_local bool thread_says_goodbye = false;

extern "C" int cdc_on_wait(my_socket socket, my_bool is_read, int timeout_ms) {
  if (thread_says_goodbye) return wait_for_socket(socket, is_read != 0, 0);
  if (observer_of_thread != nullptr) return observer_of_thread->wait_for(socket, is_read != 0, timeout_ms);
  return wait_for_socket(socket, is_read != 0, timeout_ms == 0 ? -1 : timeout_ms);
}

extern "C" void cdc_on_traffic(int mode, MYSQL* handle, const unsigned char* data, std::size_t size) {
  constexpr int mode_read = 0;
  const bool failed = static_cast<ssize_t>(size) <= 0;
  if (observer_of_thread == nullptr || mode != mode_read || handle == nullptr || failed) return;
  observer_of_thread->see(handle, std::as_bytes(std::span{data, size}));
}

bool start_once() {
  // Also sets SIGPIPE to ignored where it has no handler: writes through TLS would raise it.
  return mysql_library_init(0, nullptr, nullptr) == 0 && ma_pvio_register_callback(1, cdc_on_traffic) == 0;
}

}  // namespace

ObservedLogin::ObservedLogin(LoginObserver& observer) noexcept { observer_of_thread = &observer; }
ObservedLogin::~ObservedLogin() { observer_of_thread = nullptr; }

void start_library() {
  static const bool started = start_once();
  if (!started) throw Error{ErrorCode::connect_failed, Remedy::fix, "the database connector did not start"};
}

void hook_waits(MYSQL* handle) { mysql_optionsv(handle, MARIADB_OPT_IO_WAIT, cdc_on_wait); }

int wait_for_socket(int socket, bool is_read, int timeout_ms) noexcept {
  pollfd wanted{socket, static_cast<short>(is_read ? POLLIN : POLLOUT), 0};
  int result = 0;
  do result = ::poll(&wanted, 1, timeout_ms);
  while (result < 0 && errno == EINTR);
  if (result == 0) errno = ETIMEDOUT;
  return result;
}

void CloseHandle::operator()(MYSQL* handle) const noexcept {
  // The farewell is five bytes: they fit into the socket's buffer or are not worth waiting for. Through TLS the
  // connector writes without its wait, so the socket itself must not block either.
  const int socket = static_cast<int>(mysql_get_socket(handle));
  if (socket >= 0) ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  thread_says_goodbye = true;
  mysql_close(handle);
  thread_says_goodbye = false;
}

}  // namespace cdc::mysql
