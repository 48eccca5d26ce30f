#include "table_versions.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "../../support/exact_bytes.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::capture {
namespace {

namespace fs = std::filesystem;

/// A folder that is gone at the end, and the log lines of the time until then.
struct Scene {
  Scene() {
    std::string name = (fs::temp_directory_path() / "cdc-state-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    parent = name;
    fs::create_directory(parent / "state");
    set_log_writer([this](LogLevel, std::string_view line) { said += std::string{line} + '\n'; });
  }
  ~Scene() {
    set_log_writer([](LogLevel, std::string_view) {});
    fs::remove_all(parent);
  }
  TableVersions versions(StateFolder::Use use = StateFolder::Use::write) {
    return TableVersions{StateFolder{parent / "state", "tables", use}};
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator{parent / "state" / "tables"}) out.push_back(entry.path());
    return out;
  }
  bool says(std::string_view part) const { return said.find(part) != std::string::npos; }

  fs::path parent;
  std::string said;
};

binlog::TableMap map_of(std::uint64_t id, std::uint8_t precision = 10) {
  binlog::TableMap map;
  map.table_id = id, map.schema = "shop", map.table = "orders";
  map.columns.resize(2);
  map.columns[0].type = binlog::WireType::long_;
  map.columns[1].type = binlog::WireType::newdecimal;
  map.columns[1].precision = precision;
  return map;
}

catalog::CatalogTable table_of(const std::string& name) {
  catalog::CatalogTable table;
  table.schema = "shop", table.table = "orders", table.created_at_s = 1'700'000'000;
  table.columns.resize(2);
  table.columns[0].column.name = "id";
  table.columns[0].column.is_unsigned = true;
  table.columns[0].column.nullable = false;
  table.columns[1].column = {name, ColumnType::enum_, false, true, false, 5, 2, 77, 255, {"", "ä", "x,y"}};
  table.columns[1].type_text = "enum('','ä','x,y')";
  table.columns[1].hidden = true, table.columns[1].labels_unsure = true;
  table.primary_key = {{0, 0}, {1, 20}};
  return table;
}

bool same(const catalog::CatalogTable& a, const catalog::CatalogTable& b) {
  if (a.columns.size() != b.columns.size() || a.primary_key.size() != b.primary_key.size()) return false;
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    const auto &x = a.columns[i], &y = b.columns[i];
    if (x.column != y.column || x.type_text != y.type_text || x.hidden != y.hidden || x.labels_unsure != y.labels_unsure) return false;
  }
  for (std::size_t i = 0; i < a.primary_key.size(); ++i) {
    const auto &x = a.primary_key[i], &y = b.primary_key[i];
    if (x.column_index != y.column_index || x.prefix_characters != y.prefix_characters) return false;
  }
  return a.schema == b.schema && a.table == b.table && a.created_at_s == b.created_at_s && a.sequence == b.sequence;
}

const std::string server = "a-server", run = "a-server/1/1000";
const LogPlace first{"binlog.000003", 400};

TEST_CASE("a version comes back in the next run as it was kept") {
  Scene scene;
  scene.versions().keep(server, run, map_of(90), first, table_of("state"));
  auto next = scene.versions();
  const auto found = next.find(server, map_of(90), {"binlog.000004", 4});
  REQUIRE(found);
  CHECK(found->process == run);
  CHECK(same(found->table, table_of("state")));
  CHECK(scene.said.empty());
  CHECK(!next.wants(server, run, map_of(90)));
}

TEST_CASE("a version is of its rows alone") {
  Scene scene;
  auto versions = scene.versions();
  versions.keep(server, run, map_of(90), first, table_of("state"));
  auto renamed = map_of(90);
  renamed.table = "Orders";
  const struct {
    std::string name;
    std::string server;
    binlog::TableMap map;
    LogPlace row;
    bool found;
  } cases[] = {
      {"the row itself", server, map_of(90), first, true},
      {"behind it", server, map_of(90), {"binlog.000010", 4}, true},
      {"before it in its file, which one run wrote", server, map_of(90), {"binlog.000003", 200}, true},
      {"in an older file", server, map_of(90), {"binlog.000002", 900}, false},
      {"another id", server, map_of(91), first, false},
      {"another shape", server, map_of(90, 12), first, false},
      {"another table", server, renamed, first, false},
      {"another server", "b-server", map_of(90), first, false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    CHECK(versions.find(c.server, c.map, c.row).has_value() == c.found);
  }
}

TEST_CASE("before a version's first row only files that one run wrote are of its run") {
  CHECK(same_run_reaches({"binlog.000003", 400}, {"binlog.000003", 4}));
  CHECK(!same_run_reaches({"binlog-000003.ibb", 400}, {"binlog-000003.ibb", 4}));
  CHECK(!same_run_reaches({"binlog", 400}, {"binlog", 4}));
  CHECK(same_run_reaches({"binlog-000003.ibb", 400}, {"binlog-000003.ibb", 401}));
}

TEST_CASE("a server's next run begins with nothing, and ids of a run add up, the oldest going first") {
  Scene scene;
  auto versions = scene.versions();
  versions.keep(server, "an older run", map_of(90), first, table_of("old"));
  for (std::uint64_t id = 100; id < 100 + version_count_max + 3; ++id) versions.keep(server, run, map_of(id), first, table_of("state"));
  auto next = scene.versions();
  CHECK(!next.find(server, map_of(90), first));
  CHECK(!next.find(server, map_of(102), first));
  CHECK(next.find(server, map_of(103), first));
  CHECK(next.find(server, map_of(100 + version_count_max + 2), first));
  CHECK(scene.files().size() == 1);
  CHECK(!next.wants(server, "", map_of(7)));
}

TEST_CASE("what is too large is left out, the oldest first") {
  TableVersionFile file{run, {}};
  for (std::uint64_t id = 1; id <= 3; ++id) file.versions.push_back({id, 0, first, table_of(std::string(version_file_bytes_max / 5, 'x'))});
  const std::string bytes = encode(file);
  CHECK(bytes.size() < version_file_bytes_max);
  TableVersionFile back;
  REQUIRE(decode(ExactBytes{bytes}, back) == VersionFileState::good);
  REQUIRE(back.versions.size() == 2);
  CHECK(back.versions[0].table_id == 2);
}

TEST_CASE("every cut, every changed byte and a byte too many of a file are told") {
  const std::string bytes = encode({run, {{90, shape_of(map_of(90)), first, table_of("state")}, {91, 1, first, table_of("x")}}});
  TableVersionFile out;
  REQUIRE(decode(ExactBytes{bytes}, out) == VersionFileState::good);
  REQUIRE(out.versions.size() == 2);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    REQUIRE(decode(ExactBytes{std::string_view{bytes}.substr(0, size)}, out) == VersionFileState::corrupt);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x40);
    REQUIRE(decode(ExactBytes{changed}, out) != VersionFileState::good);
  }
  CHECK(decode(ExactBytes{bytes + "x"}, out) == VersionFileState::corrupt);
}

TEST_CASE("files that are not used are told of; those of others stay as they are") {
  const std::string good = encode({run, {}});
  std::string newer = good;
  newer[8] = 2;
  const struct {
    std::string name, content, told;
    bool replaced;
  } cases[] = {
      {"damaged", good.substr(0, good.size() - 1), "is damaged", true},
      {"newer", newer, "is of a later version of this program", false},
      {"foreign", "[client]\n", "is not of this program", false},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    Scene scene;
    scene.versions().keep(server, run, map_of(90), first, table_of("state"));
    const fs::path file = scene.files().at(0);
    std::ofstream{file, std::ios::binary | std::ios::trunc} << c.content;
    auto versions = scene.versions();
    CHECK(!versions.find(server, map_of(90), first));
    CHECK(scene.says(file.string() + ' ' + c.told));
    CHECK(versions.wants(server, run, map_of(90)) == c.replaced);
    versions.keep(server, run, map_of(90), first, table_of("state"));
    std::ifstream now{file, std::ios::binary};
    CHECK((std::string{std::istreambuf_iterator<char>{now}, {}} != c.content) == c.replaced);
    CHECK(scene.files().size() == 1);
  }
}

TEST_CASE("who only reads makes and changes nothing") {
  Scene scene;
  auto versions = scene.versions(StateFolder::Use::read);
  CHECK(!versions.wants(server, run, map_of(90)));
  versions.keep(server, run, map_of(90), first, table_of("state"));
  CHECK(!versions.find(server, map_of(90), first));
  CHECK(fs::is_empty(scene.parent / "state"));
  CHECK(scene.said.empty());
}

TEST_CASE("files are for one user, and a folder that cannot be used is refused with a cure") {
  Scene scene;
  scene.versions().keep(server, run, map_of(90), first, table_of("state"));
  struct ::stat found {};
  REQUIRE(::stat((scene.parent / "state" / "tables").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0700);
  REQUIRE(::stat(scene.files().at(0).c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);

  std::ofstream{scene.parent / "plain"} << "x";
  for (const std::string path : {"plain", "missing"}) {
    CAPTURE(path);
    try {
      StateFolder{(scene.parent / path).string(), "tables", StateFolder::Use::write};
      FAIL("was taken");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::output_failed);
      CHECK(error.message().find((scene.parent / path).string()) != std::string::npos);
      CHECK(error.cure().find("chown") != std::string::npos);
    }
  }
}

TEST_CASE("a write that fails keeps what was there and is not tried again") {
  Scene scene;
  auto versions = scene.versions();
  versions.keep(server, run, map_of(90), first, table_of("state"));
  const fs::path file = scene.files().at(0);
  fs::remove_all(scene.parent / "state");
  versions.keep(server, run, map_of(91), first, table_of("state"));
  CHECK(scene.says("was not written: No such file or directory"));
  CHECK(versions.find(server, map_of(91), first));  // in this run it is known
  CHECK(!versions.wants(server, run, map_of(92)));
}

TEST_CASE("of too many files the longest unwritten go") {
  Scene scene;
  const fs::path folder = scene.parent / "state" / "tables";
  fs::create_directory(folder);
  for (std::size_t i = 0; i < StateFolder::file_count_max + 2; ++i) std::ofstream{folder / std::to_string(i)} << "x";
  fs::last_write_time(folder / "5", fs::file_time_type::clock::now() - std::chrono::hours{48});
  fs::last_write_time(folder / "7", fs::file_time_type::clock::now() - std::chrono::hours{24});
  static_cast<void>(scene.versions());
  CHECK(scene.files().size() == StateFolder::file_count_max);
  CHECK(!fs::exists(folder / "5"));
  CHECK(!fs::exists(folder / "7"));
}

}  // namespace
}  // namespace cdc::capture
