// What people read agrees with what the program does: docs/settings.md and the samples of configs/.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <iterator>

#include "cdc/config/settings.h"
#include "scratch.h"

namespace cdc::config {
namespace {

namespace fs = std::filesystem;

fs::path top_folder() {
  const char* const golden = std::getenv("CDC_GOLDEN_DIR");
  REQUIRE_MESSAGE(golden != nullptr, "CDC_GOLDEN_DIR is not set: run by meson test");
  return fs::path{golden} / ".." / "..";
}

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

constexpr std::string_view begin_mark =
    "<!-- begin: made from the table of settings; CDC_ACCEPT=1 in the environment of the test rewrites it -->\n";
constexpr std::string_view end_mark = "<!-- end -->\n";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string{"\\|"} : std::string{c};
  return out;
}

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", escaped(text)); }

std::string state(const SettingInfo& info) {
  if (!info.available) return "not yet";
  return info.available_values.empty() ? "yes" : fmt::format("{} only", code(info.available_values));
}

std::string table(bool foreign) {
  std::string out = foreign ? "| key | instead |\n|---|---|\n"
                            : "| key | type | default | allowed | in this version | meaning |\n|---|---|---|---|---|---|\n";
  for (const SettingInfo& info : all_settings()) {
    if (info.foreign != foreign) continue;
    out += foreign ? fmt::format("| {} | {} |\n", code(info.key), escaped(info.description))
                   : fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(info.key), info.type, code(info.default_text),
                                 code(info.allowed), state(info), escaped(info.description));
  }
  return out;
}

TEST_CASE("docs/settings.md has every setting") {
  const auto path = top_folder() / "docs" / "settings.md";
  const auto text = read(path);
  const auto begin = text.find(begin_mark), end = text.find(end_mark);
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const auto made = fmt::format("{}\n{}\n## The Go connector's names\n\n{}", begin_mark, table(false), table(true));
  const auto want = text.substr(0, begin) + made + "\n" + text.substr(end);
  if (const char* accept = std::getenv("CDC_ACCEPT"); accept != nullptr && std::string_view{accept} == "1")
    std::ofstream{path, std::ios::binary} << want;
  CHECK(read(path) == want);
}

TEST_CASE("every sample of configs/ is right") {
  const test::TempVariable url{"MYSQL_CDC_URL", "mysql://cdc@localhost/shop"};
  const test::CapturedLog log;
  int count = 0;
  for (const auto& file : fs::directory_iterator{top_folder() / "configs"}) {
    if (file.path().extension() != ".yaml") continue;
    CAPTURE(file.path().filename().string());
    const bool pipeline = read(file.path()).find("\npipelines:") != std::string::npos;
    const auto entries = pipeline ? read_pipeline_file(file.path().string(), "") : read_config_file(file.path().string());
    std::vector<Problem> problems;
    const auto settings = parse_settings(entries, problems);
    require_url(settings, problems);
    CHECK(test::caught([&] { throw_if_any(problems); }).text == "");
    ++count;
  }
  CHECK(count >= 3);
  CHECK(log.lines.empty());
}

}  // namespace
}  // namespace cdc::config
