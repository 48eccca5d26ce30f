#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/log.h"
#include "cdc/config/settings.h"
#include "expand_env.h"
#include "text_values.h"
#include "yaml_file.h"

namespace cdc::config {
namespace {

/// A source connector found in the file.
struct Found {
  std::string id, full_id;
  YAML::Node settings;
};

/// The sources of all pipelines of all documents, as the host would set them up.
class PipelineReader {
 public:
  explicit PipelineReader(const std::string& path) : path_{path}, file_{path} {}

  PipelineSource run(std::string_view wanted) {
    for (const YAML::Node& document : file_.documents()) collect(document);
    const Found& found = pick(wanted);
    return {found.full_id, settings_of(found)};
  }

 private:
  void collect(const YAML::Node& document) {
    if (!document.IsMap()) file_.fail(document, "a pipeline file is a map with version and pipelines");
    check_version(document["version"]);
    for_each(document["pipelines"], "pipelines", [&](const YAML::Node& pipeline) {
      const auto id = expanded(pipeline["id"]);
      for_each(pipeline["connectors"], "connectors", [&](const YAML::Node& connector) { collect_source(id, connector); });
    });
  }

  void collect_source(const std::string& pipeline_id, const YAML::Node& connector) {
    if (expanded(connector["type"]) != "source") return;
    const auto id = expanded(connector["id"]);
    found_.push_back({id, fmt::format("{}:{}", pipeline_id, id), connector["settings"]});
  }

  void check_version(const YAML::Node& version) const {
    if (!version) return;
    const auto text = file_.scalar(version);
    if (text == "2" || text.starts_with("2.")) return;
    file_.fail(version, fmt::format("version {} of pipeline files is not read, only 2.x", show(text)));
  }

  template <class Body>
  void for_each(const YAML::Node& list, const char* name, Body&& body) const {
    if (!list || list.IsNull()) return;
    if (!list.IsSequence()) file_.fail(list, fmt::format("{} must be a list", name));
    for (const YAML::Node& item : list) {
      if (!item.IsMap()) file_.fail(item, fmt::format("{} holds maps", name));
      body(item);
    }
  }

  std::string expanded(const YAML::Node& node) const { return node ? expand_env(file_.scalar(node)).text : std::string{}; }

  const Found& pick(std::string_view wanted) const {
    std::vector<std::string> ids;
    std::vector<const Found*> fitting;
    for (const Found& found : found_) {
      ids.push_back(found.full_id);
      if (wanted.empty() || wanted == found.id || wanted == found.full_id) fitting.push_back(&found);
    }
    if (fitting.size() == 1) return *fitting.front();
    const auto what = ids.empty()       ? std::string{"no source connector in it"}
                      : fitting.empty() ? fmt::format("no source connector {} in it, but {}", show(wanted), join(ids, ", "))
                                        : fmt::format("several source connectors fit: {}", join(ids, ", "));
    throw Error{ErrorCode::config_file, Remedy::operate, fmt::format("{}: {}", path_, what),
                ids.empty() ? "give a pipeline file with a connector of type: source"
                            : fmt::format("name one: --pipeline {}:{}", path_, ids.front())};
  }

  Entries settings_of(const Found& found) const {
    Entries out;
    if (!found.settings || found.settings.IsNull()) return out;
    if (!found.settings.IsMap()) file_.fail(found.settings, "settings must be a map");
    for (const auto& item : found.settings) {
      const auto key = expanded(item.first);
      auto value = expand_env(file_.scalar(item.second));
      // Not the name: what follows a dollar may be part of a password.
      if (value.unset)
        log(LogLevel::warning, fmt::format("{}: settings.{}: a $ there names no environment variable and reads as nothing", path_, key));
      if (!out.emplace(key, std::move(value.text)).second) file_.fail(item.second, fmt::format("{} is there twice", show(key)));
    }
    return out;
  }

  std::string path_;
  YamlFile file_;
  std::vector<Found> found_;
};

}  // namespace

PipelineSource read_pipeline_source(const std::string& path, std::string_view connector) { return PipelineReader{path}.run(connector); }

Entries read_pipeline_file(const std::string& path, std::string_view connector) { return read_pipeline_source(path, connector).entries; }

}  // namespace cdc::config
