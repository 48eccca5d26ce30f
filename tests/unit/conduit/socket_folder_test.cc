#include "socket_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "cdc/base/error.h"

namespace cdc::conduit {
namespace {

namespace fs = std::filesystem;

TEST_CASE("the folder is new, for nobody else, and gone with its socket") {
  fs::path path;
  {
    const SocketFolder first{"/tmp"}, second{"/tmp"};
    CHECK(first.socket_path() != second.socket_path());
    path = fs::path{first.socket_path()}.parent_path();
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0700U);
    std::ofstream{first.socket_path()} << "x";
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a folder that cannot be is refused with a cure") {
  const std::string cases[] = {"/nonexistent/folder", "/tmp/" + std::string(100, 'x')};
  for (const std::string& parent : cases) {
    CAPTURE(parent);
    try {
      const SocketFolder folder{parent};
      FAIL("was made");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::plugin_launch);
      CHECK(error.cure().find("TMPDIR") != std::string_view::npos);
    }
  }
}

}  // namespace
}  // namespace cdc::conduit
