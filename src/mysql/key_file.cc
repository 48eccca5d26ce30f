#include "key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cdc/base/error.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t file_bytes_max = 4 << 20;

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string read_pem_file(const std::string& path, const char* setting) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorCode::tls_failed, Remedy::operate, fmt::format("{}: cannot read {}: {}", setting, path, why),
                 fmt::format("give {} a PEM file that this process may read", setting)};
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) throw refuse(::strerrordesc_np(errno));
  std::string out(file_bytes_max, '\0');
  const ssize_t size = ::read(fd, out.data(), out.size());
  const int error = errno;
  ::close(fd);
  if (size < 0) throw refuse(::strerrordesc_np(error));
  out.resize(static_cast<std::size_t>(size));
  if (out.size() == file_bytes_max) throw refuse("it is larger than 4 MiB");
  if (out.find("-----BEGIN ") == std::string::npos) throw refuse("it holds no PEM block");
  return out;
}

KeyFile::KeyFile(const std::string& source) {
  const std::string content = source.empty() ? "no key\n" : read_pem_file(source, "serverPublicKey");
  if (!source.empty() && content.find("-----BEGIN PUBLIC KEY-----") == std::string::npos) {
    throw Error{ErrorCode::auth_plugin, Remedy::operate, fmt::format("serverPublicKey: {} holds no public key", source),
                "copy public_key.pem from the server's data folder, or run SHOW STATUS LIKE 'Caching_sha2_password_rsa_public_key'"};
  }
  fd_ = ::memfd_create("server-public-key", MFD_CLOEXEC);
  if (fd_ < 0 || !write_all(fd_, content)) return;
  path_ = fmt::format("/proc/self/fd/{}", fd_);
  if (::access(path_.c_str(), R_OK) != 0) path_.clear();
}

KeyFile::~KeyFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace cdc::mysql
