#pragma once

/// Binlog files that are read one after another: their order, and which of them a place names.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::capture {

/// Last path component: what positions call the file.
std::string file_name(const std::string& path);

/// By their numbers, as `binlog.000041`. Throws Error(usage) when one comes twice or before its predecessor; warns of numbers
/// that are left out. Files without number, or of other logs, may come in any order.
void check_file_order(const std::vector<std::string>& paths);

/// Which of `paths` has this name. Throws Error(binlog_file_unknown); `what` names who asks.
std::size_t index_of_file(const std::vector<std::string>& paths, std::string_view name, std::string_view what);

}  // namespace cdc::capture
