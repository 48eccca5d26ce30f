#include "attempt.h"

#include <errmsg.h>
#include <errno.h>
#include <fmt/format.h>
#include <string.h>

#include <algorithm>

#include "greeting.h"
#include "link_options.h"

namespace cdc::mysql {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t login_answers_bytes_max = 4096;  // a login's packets are small

constexpr milliseconds farewell{40};  // what a thread gets to notice that its socket was shut down

struct StageText {
  std::string_view what, cure;
};
constexpr StageText stage_texts[] = {
    {"the name look-up did not end", "check the name service, or give an address; the limit is connectTimeout"},
    {"the connection was not accepted", "check host, port and firewalls; the limit is connectTimeout"},
    {"the server accepted the connection and sent no greeting",
     "check the port: it must be the server's classic one (3306), not a web server or a TLS-only proxy; the limit is connectTimeout"},
    {"the login did not end", "look at the server's load; the limit is connectTimeout"},
};

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

/// Leaves why in errno, where the connector takes it from for its text.
bool refused(int socket) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) errno = error;
  return error != 0;
}

/// The connector keeps the password for a reconnect that we never ask for.
void wipe_password(MYSQL* handle) noexcept {
  if (handle->passwd != nullptr) ::explicit_bzero(handle->passwd, ::strlen(handle->passwd));
}

}  // namespace

Attempt::Attempt(const Endpoint& endpoint, Peer peer)
    : endpoint_{endpoint}, peer_{std::move(peer)}, key_{endpoint.server_public_key}, deadline_{Clock::now() + endpoint.connect_timeout} {
  check_files(endpoint);
  endpoint_.fetch_password = {};  // the thread may outlive what the function refers to
  if (endpoint.fetch_password) endpoint_.password = endpoint.fetch_password();
}

Attempt::~Attempt() { wipe(endpoint_); }

void Attempt::run() noexcept {
  mysql_thread_init();
  {
    const ObservedLogin observed{*this};
    Handle handle{mysql_init(nullptr)};
    std::optional<Error> failure;
    if (!log_in(handle.get())) failure = failure_of(handle.get());
    finish(std::move(handle), std::move(failure));
  }
  mysql_thread_end();
}

bool Attempt::log_in(MYSQL* handle) {
  apply_options(handle, endpoint_, key_);
  hook_waits(handle);
  const char* const host = endpoint_.socket.empty() ? endpoint_.host.c_str() : "localhost";
  const bool done = mysql_real_connect(handle, host, endpoint_.user.c_str(), endpoint_.password.c_str(), or_null(endpoint_.database),
                                       endpoint_.port, or_null(endpoint_.socket), CLIENT_REMEMBER_OPTIONS) != nullptr;
  wipe_password(handle);
  mysql_optionsv(handle, MYSQL_SERVER_PUBLIC_KEY, nullptr);  // the one option that closing would not free (seen with 3.3.20)
  // The greeting was looked at before; this is for the unix socket and for what we did not think of.
  tls_missing_ = tls_missing_ || (done && endpoint_.tls > TlsMode::preferred && mysql_get_ssl_cipher(handle) == nullptr);
  return done && !tls_missing_;
}

Error Attempt::failure_of(MYSQL* handle) const {
  if (tls_missing_) return tls_missing_error(peer_);
  if (password_unsafe_) return server_error(CR_UNKNOWN_ERROR, "", peer_, Phase::connect);  // as newer connectors say it
  return timed_out_ ? timeout_error() : last_error(handle, peer_, Phase::connect);
}

Error Attempt::timeout_error() const {
  const StageText& text = stage_texts[static_cast<std::size_t>(stage_.load())];
  return Error{ErrorCode::connect_failed, Remedy::retry,
               fmt::format("connecting to {}: {} within {} ms", peer_.name, text.what, endpoint_.connect_timeout.count()),
               std::string{text.cure}};
}

void Attempt::finish(Handle handle, std::optional<Error> failure) {
  const std::lock_guard lock{mutex_};
  done_ = true;
  failure_ = std::move(failure);
  if (!left_ && !failure_) wake_ = WakeDescriptor{static_cast<int>(mysql_get_socket(handle.get()))};
  if (left_) wake_ = {};  // or a thread that is joined only at the exit would keep the socket
  if (!left_) handle_ = std::move(handle);
  changed_.notify_all();
}

Link Attempt::wait(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  const auto is_done = [this] { return done_; };
  if (!changed_.wait_until(lock, stop, deadline_ + milliseconds{5}, is_done)) {
    left_ = true;
    wake_.shut_down();
    if (wake_.get() >= 0) changed_.wait_for(lock, farewell, is_done);  // else it looks a name up, which nothing ends
    throw stop.stop_requested() ? stopped_error(peer_) : timeout_error();
  }
  if (failure_) throw stop.stop_requested() ? stopped_error(peer_) : *failure_;
  return {std::move(wake_), std::move(handle_)};
}

Attempt::Thread Attempt::thread() {
  const std::lock_guard lock{mutex_};
  if (done_) return Thread::ended;
  return wake_.get() >= 0 ? Thread::ends_soon : Thread::looks_up;
}

/// Remembers the socket as the one to shut down; false when the caller has left.
bool Attempt::adopt(int socket) noexcept {
  const std::lock_guard lock{mutex_};
  if (left_) return false;
  wake_ = WakeDescriptor{socket};
  return true;
}

int Attempt::wait_for(int socket, bool is_read, int timeout_ms) noexcept {
  stage_ = met_ ? Stage::login : is_read ? Stage::greeting : Stage::connect;
  const auto left_ms = std::chrono::ceil<milliseconds>(deadline_ - Clock::now()).count();
  errno = ETIMEDOUT;
  timed_out_ = left_ms <= 0;
  if (timed_out_ || !adopt(socket)) return -1;
  const auto wait_ms = static_cast<int>(std::min<std::int64_t>(left_ms, timeout_ms > 0 ? timeout_ms : left_ms));
  const int result = wait_for_socket(socket, is_read, wait_ms);
  timed_out_ = result == 0 && Clock::now() >= deadline_;
  return result > 0 && stage_ == Stage::connect && refused(socket) ? -1 : result;
}

/// Whether the last packet is the wish for the whole password: size 2, any number, AuthMoreData "perform full authentication".
/// Source: MySQL client/server protocol, "caching_sha2_password".
bool Attempt::asks_for_password() const noexcept {
  constexpr std::size_t packet_bytes = 6;
  if (answers_.size() < packet_bytes) return false;
  const auto* const packet = answers_.data() + answers_.size() - packet_bytes;
  const auto is = [&](std::size_t at, unsigned char byte) { return packet[at] == std::byte{byte}; };
  return is(0, 2) && is(1, 0) && is(2, 0) && is(4, 1) && is(5, 4);
}

/// Older connectors (seen: 3.3.19) answer that wish, without TLS and without a key of ours, by asking the other side for one and sending
/// the password for whoever made it. So the link is shut down before they answer.
void Attempt::see(MYSQL* handle, std::span<const std::byte> data) noexcept {
  if (met_) {
    const bool in_the_open = endpoint_.socket.empty() && endpoint_.server_public_key.empty() && mysql_get_ssl_cipher(handle) == nullptr;
    if (!in_the_open || password_unsafe_ || answers_.size() > login_answers_bytes_max) return;
    answers_.insert(answers_.end(), data.begin(), data.end());
    password_unsafe_ = asks_for_password();
    if (password_unsafe_) ::shutdown(static_cast<int>(mysql_get_socket(handle)), SHUT_RDWR);
    return;
  }
  greeting_.insert(greeting_.end(), data.begin(), data.end());
  if (read_greeting(greeting_) != Greeting::incomplete) meet(handle);
}

/// The greeting is whole and nothing has been sent yet: the moment to decide about TLS.
void Attempt::meet(MYSQL* handle) noexcept {
  met_ = true;
  stage_ = Stage::login;
  const int socket = static_cast<int>(mysql_get_socket(handle));
  const Greeting greeting = read_greeting(greeting_);
  const bool may_go_plain = endpoint_.tls <= TlsMode::preferred;
  if (greeting != Greeting::offers_tls && may_go_plain) withdraw_tls(handle, key_);
  tls_missing_ = greeting == Greeting::plain && !may_go_plain;
  const bool go_on = adopt(socket) && (greeting == Greeting::offers_tls || may_go_plain);
  if (!go_on) ::shutdown(socket, SHUT_RDWR);  // so that no answer is sent
}

}  // namespace cdc::mysql
