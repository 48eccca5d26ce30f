#pragma once

/// YAML documents with errors that name file and line.

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

namespace cdc::config {

/// One file of at most 1 MiB, parsed.
class YamlFile {
 public:
  /// Throws Error(config_file).
  explicit YamlFile(std::string path);

  const std::vector<YAML::Node>& documents() const noexcept { return documents_; }
  /// The text of a scalar; empty for null. Refuses what a missing quote made of it.
  std::string scalar(const YAML::Node& node) const;
  [[noreturn]] void fail(const YAML::Node& at, std::string_view what) const;

 private:
  [[noreturn]] void fail(const YAML::Mark& at, std::string_view what, std::string_view cure) const;

  std::string path_;
  std::vector<YAML::Node> documents_;
};

}  // namespace cdc::config
