#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace cdc {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The project's folder.
std::filesystem::path top_folder() {
  const char* const golden = std::getenv("CDC_GOLDEN_DIR");
  REQUIRE_MESSAGE(golden != nullptr, "CDC_GOLDEN_DIR is not set: run by meson test");
  return std::filesystem::path{golden} / ".." / "..";
}

using Codes = std::map<std::string, std::string>;  ///< "1000": "usage".

/// Lines `name = 1234,` of the header.
Codes codes_of_header() {
  std::istringstream text{read(top_folder() / "include/cdc/base/error.h")};
  Codes out;
  for (std::string name, equals, number; text >> name;) {
    if (!(text >> std::ws) || text.peek() != '=') continue;
    text >> equals >> number;
    if (equals == "=" && number.size() == 5 && number.back() == ',') out[number.substr(0, 4)] = name;
  }
  return out;
}

/// Rows of the document: its five cells each.
std::vector<std::vector<std::string>> rows_of_document() {
  std::istringstream text{read(top_folder() / "docs/errors.md")};
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with("| `MYC")) continue;
    std::istringstream cells{line.substr(1)};
    out.emplace_back();
    for (std::string cell; std::getline(cells, cell, '|');) out.back().push_back(cell.size() > 2 ? cell.substr(1, cell.size() - 2) : "");
  }
  return out;
}

TEST_CASE("docs/errors.md has every code, in order, with its name, and nothing else") {
  const Codes known = codes_of_header();
  CHECK(known.size() > 50);
  Codes documented;
  std::string last;
  for (const auto& cells : rows_of_document()) {
    CAPTURE(cells.front());
    REQUIRE(cells.size() == 5);
    const std::string code = cells[0].substr(4, 4);
    CHECK(cells[0] == "`MYC" + code + "`");
    CHECK(last < code);
    last = code;
    documented[code] = cells[1];
    CHECK(!cells[2].empty());
    CHECK(!cells[3].empty());
    CHECK(std::string{"123"}.find(cells[4].front()) != std::string::npos);
  }
  CHECK(documented == known);
}

}  // namespace
}  // namespace cdc
