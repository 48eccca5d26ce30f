#include "yaml_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "cdc/base/error.h"
#include "text_values.h"

namespace cdc::config {
namespace {

constexpr std::size_t most_bytes = 1 << 20;

[[noreturn]] void unreadable(const std::string& path, std::string_view why) {
  throw Error{ErrorCode::config_file, Remedy::operate, fmt::format("{}: {}", path, why), "give the path of a readable YAML file"};
}

std::string read_all(const std::string& path) {
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rbe")};
  if (!file) unreadable(path, std::generic_category().message(errno));
  std::string out(most_bytes + 1, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  if (std::ferror(file.get()) != 0) unreadable(path, std::generic_category().message(errno));
  if (out.size() > most_bytes) unreadable(path, "larger than 1 MiB");
  return out;
}

/// `tables: !shop.tmp_*` is a tag without a value, and `tables: *` an alias: YAML takes them silently or cryptically.
bool is_plain_tag(std::string_view tag) noexcept {
  return tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:");
}

}  // namespace

YamlFile::YamlFile(std::string path) : path_{std::move(path)} {
  try {
    documents_ = YAML::LoadAll(read_all(path_));
  } catch (const YAML::Exception& error) {
    fail(error.mark, error.msg, "check the YAML there; values that begin with * ! & @ % or contain \": \" stand in quotes");
  }
}

std::string YamlFile::scalar(const YAML::Node& node) const {
  if (!is_plain_tag(node.Tag())) fail(node, fmt::format("{} is a tag to YAML: put the value in quotes", show(node.Tag())));
  if (node.IsNull()) return {};
  if (!node.IsScalar()) fail(node, "one value is expected here");
  return node.Scalar();
}

void YamlFile::fail(const YAML::Node& at, std::string_view what) const { fail(at.Mark(), what, "docs/settings.md shows the form"); }

void YamlFile::fail(const YAML::Mark& at, std::string_view what, std::string_view cure) const {
  const auto place = at.is_null() ? path_ : fmt::format("{}:{}", path_, at.line + 1);
  throw Error{ErrorCode::config_file, Remedy::operate, fmt::format("{}: {}", place, what), std::string{cure}};
}

}  // namespace cdc::config
