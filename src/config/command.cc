#include "command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>
#include <system_error>

#include "cdc/base/error.h"
#include "file_descriptor.h"

namespace cdc::config {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds look_around{20};  ///< How often the end and a stop are looked for.
constexpr std::string_view hidden_prefix = "CONDUIT_";

[[noreturn]] void fails(std::string_view setting, Remedy remedy, std::string_view why) {
  throw Error{ErrorCode::access_denied, remedy, fmt::format("{}: {}", setting, why),
              "run the command by hand as this user: it must print the password and end with 0 within 10 s"};
}

std::vector<char*> visible_environment() {
  std::vector<char*> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view{*entry}.starts_with(hidden_prefix)) out.push_back(*entry);
  }
  out.push_back(nullptr);
  return out;
}

/// How the child starts: stdout into the pipe, nothing else open, own process group, default signals.
class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none), sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// A running child; killed with its group, and reaped, unless it ended before.
class Child {
 public:
  explicit Child(pid_t pid) noexcept : pid_{pid} {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (ended_) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// Whether it has ended; then `status` is what waitpid says.
  bool ended() noexcept {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) != 0;
    return ended_;
  }
  int status() const noexcept { return status_; }

 private:
  pid_t pid_;
  int status_ = -1;
  bool ended_ = false;
};

pid_t spawn(std::string_view setting, const std::vector<std::string>& words, int output) {
  const SpawnPlan plan{output};
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));  // Only read there.
  arguments.push_back(nullptr);
  auto environment = visible_environment();
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments.front(), plan.actions(), plan.attributes(), arguments.data(), environment.data());
  if (error != 0) fails(setting, Remedy::operate, fmt::format("cannot be started: {}", std::generic_category().message(error)));
  return pid;
}

/// Appends what the pipe has; false at its end.
bool drain(int pipe, std::string& out, std::size_t most_bytes) {
  std::array<char, 1'024> chunk{};
  while (out.size() <= most_bytes) {
    const auto size = ::read(pipe, chunk.data(), chunk.size());
    if (size <= 0) return size < 0 && (errno == EAGAIN || errno == EINTR);
    out.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return true;
}

/// Collects output until the child has ended.
std::string collect(std::string_view setting, Child& child, int pipe, const CommandLimits& limits, const std::stop_token& stop) {
  const auto deadline = Clock::now() + limits.time;
  std::string out;
  bool open = true;
  for (bool ended = false; !ended;) {
    pollfd wait{open ? pipe : -1, POLLIN, 0};
    ::poll(&wait, 1, static_cast<int>(look_around.count()));
    ended = child.ended();  // Before the last read: what it printed is in the pipe by then.
    open = open && drain(pipe, out, limits.most_bytes);
    if (out.size() > limits.most_bytes) fails(setting, Remedy::operate, fmt::format("printed more than {} bytes", limits.most_bytes));
    if (stop.stop_requested()) throw Error{ErrorCode::connection_lost, Remedy::retry, fmt::format("{}: stopped", setting)};
    if (!ended && Clock::now() >= deadline) fails(setting, Remedy::retry, fmt::format("still running after {} ms", limits.time.count()));
  }
  return out;
}

void check_status(std::string_view setting, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status)) fails(setting, Remedy::retry, fmt::format("ended with status {}", WEXITSTATUS(status)));
  fails(setting, Remedy::retry, WIFSIGNALED(status) ? fmt::format("ended by signal {}", WTERMSIG(status)) : "ended unseen");
}

}  // namespace

std::string run_command(std::string_view setting, const std::vector<std::string>& words, const CommandLimits& limits,
                        const std::stop_token& stop) {
  if (words.empty()) fails(setting, Remedy::operate, "no command, or a quote is not closed");
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) fails(setting, Remedy::retry, std::generic_category().message(errno));
  const FileDescriptor read_end{ends[0]};
  FileDescriptor write_end{ends[1]};
  ::fcntl(write_end.get(), F_SETFL, 0);  // The child's end blocks, as programs expect.
  Child child{spawn(setting, words, write_end.get())};
  write_end.close();
  auto out = collect(setting, child, read_end.get(), limits, stop);
  check_status(setting, child.status());
  if (out.empty()) fails(setting, Remedy::retry, "printed nothing");
  return out;
}

}  // namespace cdc::config
