#include "socket_folder.h"

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cdc/base/error.h"

namespace cdc::conduit {
namespace {

constexpr std::size_t longest_path_bytes = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void refuse(const std::string& parent, const std::string& why) {
  throw Error{ErrorCode::plugin_launch, Remedy::operate, fmt::format("no socket can be made in {}: {}", parent, why),
              "set TMPDIR of the host to a folder with a short name that it may write to"};
}

}  // namespace

SocketFolder::SocketFolder(const std::string& parent) : folder_{parent + "/mysql-cdc-XXXXXX"} {
  socket_ = folder_ + "/s";
  if (socket_.size() > longest_path_bytes) refuse(parent, fmt::format("its path has more than {} bytes", longest_path_bytes));
  if (::mkdtemp(folder_.data()) == nullptr) refuse(parent, std::generic_category().message(errno));
  socket_ = folder_ + "/s";
}

SocketFolder::~SocketFolder() {
  ::unlink(socket_.c_str());
  ::rmdir(folder_.c_str());
}

}  // namespace cdc::conduit
