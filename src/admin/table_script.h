#pragma once

/// The scripts of one captured table. Pure text.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "cdc/config/settings.h"
#include "table_facts.h"

namespace cdc::admin {

/// A definition to be made.
struct Definition {
  std::uint32_t tid = 0;
  std::vector<catalog::RegisteredColumn> columns;  ///< With images.
  std::uint32_t follows = 0;                       ///< 0 = none.
  std::string definer;                             ///< user@host; empty: whoever runs the script.
  std::string title;
};

/// Which images the payload keeps of each column: `full` both, `after` the new row and of the old one the key. Without a key the old
/// row is kept whole, as it is the key. `excluded` tells by index.
std::vector<catalog::RegisteredColumn> with_images(const TableFacts& facts, config::TriggerImages images,
                                                   const std::vector<bool>& excluded);

/// MariaDB runs the trigger also for a row that UPDATE IGNORE skipped; the skipped row is still stored with its old values. Empty where no
/// row can be skipped, or where rows cannot be told apart.
std::string update_guard(const TableFacts& facts);

/// Makes scripts for one changelog.
class TableScripts {
 public:
  TableScripts(const catalog::ChangelogNames& names, std::chrono::seconds lock_wait, bool mariadb)
      : names_{names}, lock_wait_{lock_wait}, mariadb_{mariadb} {}

  std::string core() const;
  /// New triggers; the table has none of ours.
  std::string install(const TableFacts& facts, const Definition& made) const;
  /// New triggers for old ones, without a gap: those of `old_triggers` (names).
  std::string replace(const TableFacts& facts, const Definition& made, const std::vector<std::string>& old_triggers) const;
  /// `tid` is complete but for its state; other triggers go.
  std::string finish(const std::string& schema, const std::string& table, std::uint32_t tid,
                     const std::vector<std::string>& old_triggers) const;
  enum class Retire : std::uint8_t { all, changing };
  /// Drops triggers; definitions are retired.
  std::string uninstall(const std::string& title, const std::string& schema, const std::string& table,
                        const std::vector<std::string>& old_triggers, Retire retire) const;
  std::string drop_payload(const std::string& title, std::uint32_t tid) const;
  std::string drop_core() const;

 private:
  std::string lock_wait() const;
  std::string definition(const TableFacts& facts, const Definition& made) const;
  std::string triggers(const TableFacts& facts, const Definition& made) const;
  std::string grants(const TableFacts& facts, const Definition& made) const;

  const catalog::ChangelogNames& names_;
  std::chrono::seconds lock_wait_;
  bool mariadb_;
};

/// `DROP TRIGGER IF EXISTS …;` a line each.
std::string drop_triggers(const std::string& schema, const std::vector<std::string>& triggers);

}  // namespace cdc::admin
