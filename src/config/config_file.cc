#include <fmt/format.h>

#include "cdc/config/settings.h"
#include "text_values.h"
#include "yaml_file.h"

namespace cdc::config {
namespace {

constexpr std::size_t deepest = 16;  ///< Aliases can make a map its own part, and small files huge.
constexpr std::size_t most_entries = 1'000;

/// Joins nested maps by dots and lists by commas.
class Flattener {
 public:
  explicit Flattener(const YamlFile& file) : file_{file} {}

  Entries run(const YAML::Node& root) {
    add_map(root, "", 0);
    return std::move(entries_);
  }

 private:
  void add_map(const YAML::Node& map, const std::string& prefix, std::size_t depth) {
    if (depth > deepest || ++maps_ > most_entries) file_.fail(map, "too many maps in each other");
    for (const auto& item : map) add(item.second, prefix + file_.scalar(item.first), depth);
  }

  void add(const YAML::Node& value, const std::string& key, std::size_t depth) {
    if (value.IsMap()) return add_map(value, key + ".", depth + 1);
    const auto text = value.IsSequence() ? joined(value) : file_.scalar(value);
    if (!entries_.emplace(key, text).second) file_.fail(value, fmt::format("{} is there twice", show(key)));
    if (entries_.size() > most_entries) file_.fail(value, "too many entries");
  }

  std::string joined(const YAML::Node& list) const {
    std::string out;
    for (const auto& item : list) out += (out.empty() ? "" : ", ") + file_.scalar(item);
    return out;
  }

  const YamlFile& file_;
  std::size_t maps_ = 0;
  Entries entries_;
};

}  // namespace

Entries read_config_file(const std::string& path) {
  const YamlFile file{path};
  const auto& documents = file.documents();
  if (documents.empty()) return {};
  const YAML::Node& root = documents.front();
  if (documents.size() > 1) file.fail(documents[1], "a second document: settings are one");
  if (root.IsNull()) return {};
  if (!root.IsMap()) file.fail(root, "a map of settings is expected: key: value");
  if (root["pipelines"]) file.fail(root, "a Conduit pipeline file: give it with --pipeline");
  return Flattener{file}.run(root);
}

}  // namespace cdc::config
