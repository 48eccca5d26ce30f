#pragma once

/// What `mysql-cdc triggers` prints for people.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/admin/inspect.h"
#include "cdc/cli/output.h"
#include "text_style.h"

namespace cdc::cli {

class TriggersReport {
 public:
  /// `output` is borrowed.
  TriggersReport(Output& output, bool color) : output_{output}, color_{color} {}

  void planned(const admin::Plan& plan);
  void done(const admin::Step& step);
  void unchanged(const admin::Plan& plan);
  void status(const admin::Status& status, const catalog::ChangelogNames& names, const std::vector<admin::Finding>& found);
  /// Returns whether none is an error.
  bool findings(const std::vector<admin::Finding>& found, std::size_t tables);

 private:
  void line(const StyledText& text);
  void field(std::string_view name, std::string_view value);
  void finding(const admin::Finding& finding);

  Output& output_;
  bool color_;
};

/// `45 s`, `3 min`, `2 h`, `5 d`.
std::string rough_duration(std::int64_t seconds);
/// `17 B`, `1.5 KiB`, `2.0 GiB`.
std::string rough_size(std::uint64_t bytes);

}  // namespace cdc::cli
