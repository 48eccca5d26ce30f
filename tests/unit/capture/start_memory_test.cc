#include "cdc/capture/start_memory.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

/// A folder for the time of a test.
struct Folder {
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{path}) out.push_back(entry.path().filename());
    return out;
  }
  std::string path = (std::filesystem::temp_directory_path() / "cdc-start-XXXXXX").string();
};

const StartMemory::Start place{"binlog.000017:4711", "0a1b2c3d"};
const StartMemory::Start gtids{"0-1-7,1-1-3", "00000001"};

TEST_CASE("a start is remembered until it is forgotten") {
  const Folder folder;
  const StartMemory memory{folder.path, "p1:src"};
  CHECK_FALSE(memory.recall());
  memory.remember(place);
  CHECK(memory.recall() == place);
  CHECK((StartMemory{folder.path, "p1:src"}.recall()) == place);
  memory.remember(gtids);
  CHECK(memory.recall() == gtids);
  CHECK(folder.files().size() == 1);
  memory.forget();
  memory.forget();
  CHECK_FALSE(memory.recall());
  CHECK(folder.files().empty());
}

TEST_CASE("without a folder nothing is remembered, and nothing fails") {
  const StartMemory memory{"", "p1:src"};
  memory.remember(place);
  CHECK_FALSE(memory.recall());
  memory.forget();
}

TEST_CASE("each connector has a file of its own, inside the folder, whatever its id") {
  const Folder folder;
  const std::string ids[] = {"p1:src", "p1_src", "../../p1", "", "a/b", std::string(5'000, 'x'), std::string(5'001, 'x'), "\xff\n"};
  for (const std::string& id : ids) StartMemory{folder.path, id}.remember({id.substr(0, 1) + "x", std::to_string(id.size())});
  CHECK(folder.files().size() == std::size(ids));
  for (const std::string& id : ids)
    if (id != "\xff\n") CHECK((StartMemory{folder.path, id}.recall()->server) == std::to_string(id.size()));
}

TEST_CASE("a file that is none of these is told, not guessed at") {
  const Folder folder;
  const StartMemory memory{folder.path, "p1:src"};
  for (const std::string content : {"", "\n", "binlog.000001:4", "binlog.000001:4\n", "\n0a1b2c3d\n", "a\nb\nc", "a\nb\nc\n"}) {
    CAPTURE(content);
    std::ofstream{memory.path()} << content;
    CHECK(error_of([&] { static_cast<void>(memory.recall()); }).starts_with("MYC1600: stateDir: "));
  }
}

TEST_CASE("what is too long, or no file, is none of these") {
  const Folder folder;
  const StartMemory memory{folder.path, "p1:src"};
  std::ofstream{memory.path()} << std::string(std::size_t{1} << 20, 'x') << "\n0a1b2c3d\n";
  CHECK(error_of([&] { static_cast<void>(memory.recall()); }).starts_with("MYC1600: stateDir: "));
  memory.remember(place);
  CHECK(memory.recall() == place);
  memory.forget();
  std::filesystem::create_directory(memory.path());
  CHECK(error_of([&] { static_cast<void>(memory.recall()); }).starts_with("MYC1600: stateDir: "));
  CHECK(error_of([&] { memory.remember(place); }).starts_with("MYC1604: stateDir: "));
  CHECK(folder.files().size() == 1);  // nothing half written is left
}

TEST_CASE("a snapshot's start is a position") {
  const Folder folder;
  const StartMemory memory{folder.path, "p1:src"};
  const StartMemory::Start start{R"({"v":1,"engine":"binlog","file":"binlog.000001","at":4,"snap":{"id":"0f"},"n":0})", "0a1b2c3d"};
  memory.remember(start);
  CHECK(memory.recall() == start);
}

TEST_CASE("every way to cut the file short is told") {
  const Folder folder;
  const StartMemory memory{folder.path, "p1:src"};
  const std::string whole = place.from + "\n" + place.server + "\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    std::ofstream{memory.path(), std::ios::trunc} << whole.substr(0, size);
    CHECK(error_of([&] { static_cast<void>(memory.recall()); }).starts_with("MYC1600: "));
  }
}

TEST_CASE("a folder that is not there or may not be written is told with the cure") {
  const StartMemory memory{"/nonexistent/folder", "p1:src"};
  CHECK_FALSE(memory.recall());
  const std::string error = error_of([&] { memory.remember(place); });
  CHECK(error.starts_with("MYC1604: stateDir: /nonexistent/folder/"));
  CHECK(error.find("leave stateDir out") != std::string::npos);
}

}  // namespace
}  // namespace cdc::capture
