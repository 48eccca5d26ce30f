#include "cdc/config/password.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "cdc/base/log.h"
#include "command.h"
#include "file_descriptor.h"

namespace cdc::config {
namespace {

constexpr std::size_t most_secret_bytes = 4'096;
constexpr std::size_t least_key_bytes = 16;

[[noreturn]] void file_fails(std::string_view setting, const std::string& path, std::string_view why) {
  throw Error{ErrorCode::file_unreadable, Remedy::operate, fmt::format("{}: {}: {}", setting, path, why),
              "give a regular file of 1 to 4096 bytes that this user may read (chmod 600)"};
}

/// The text without one line end at its end.
std::string without_line_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string read_secret(std::string_view setting, const std::string& path, bool warn) {
  const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) file_fails(setting, path, std::generic_category().message(errno));
  if (!S_ISREG(status.st_mode)) file_fails(setting, path, "not a regular file");
  if (warn && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    log(LogLevel::warning, fmt::format("{}: {} is open to other users; chmod 600 closes it", setting, path));
  }
  std::string text(most_secret_bytes + 1, '\0');
  const auto size = ::read(file.get(), text.data(), text.size());
  if (size < 0) file_fails(setting, path, std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(size));
  if (text.size() > most_secret_bytes) file_fails(setting, path, "larger than 4096 bytes");
  text = without_line_end(std::move(text));
  if (text.empty()) file_fails(setting, path, "is empty");
  return text;
}

}  // namespace

std::function<std::string()> password_provider(const Settings& settings, std::stop_token stop) {
  if (!settings.password_file.empty()) {
    return [path = settings.password_file, warn = true]() mutable {
      const bool first = std::exchange(warn, false);
      return read_secret("url.passwordFile", path, first);
    };
  }
  if (!settings.password_command.empty()) {
    return [words = split_words(settings.password_command), stop = std::move(stop)] {
      return without_line_end(run_command("url.passwordCommand", words, {.most_bytes = most_secret_bytes}, stop));
    };
  }
  return {};
}

std::string read_mask_key(const Settings& settings) {
  constexpr std::string_view setting = "columns.maskKeyFile";
  auto key = read_secret(setting, settings.mask_key_file, true);
  if (key.size() < least_key_bytes) file_fails(setting, settings.mask_key_file, "a key has at least 16 bytes");
  return key;
}

}  // namespace cdc::config
