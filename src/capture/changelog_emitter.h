#pragma once

/// Entries of a changelog to changes in the sink, each with a position that is never ahead of what was delivered.
///
/// An entry is a transaction of its own: its number, with the installation's epoch, is `mysql.txn`, and its records are 1, and 2 of a key
/// change, which is a delete of the old key and a create of the new one. A resume reads the entry of its position again and drops as many
/// records as the position says. So the same entry must give the same records: when the settings that decide that have changed
/// since, none is dropped.
///
/// An update that left every value as it was, byte for byte, fires triggers and is in no binlog: nothing is sent.

#include <cstdint>
#include <vector>

#include "cdc/base/arena.h"
#include "cdc/model/change.h"
#include "cdc/select/row_decoder.h"
#include "changelog_batch.h"
#include "mask.h"

namespace cdc::capture {

class ChangelogEmitter {
 public:
  /// `sink` is borrowed. `first`: see ChangelogPosition; everything up to it is delivered. `rules`: fingerprint of the settings now.
  ChangelogEmitter(const config::Settings& settings, ChangelogPosition first, std::string rules, ChangeSink& sink);

  /// `row`: the old values, then the new ones.
  void emit(const ChangelogEntry& entry, const ChangelogTable& table, mysql::PackedRow row);
  /// Everything up to this number is read, whether it gave records or not.
  void pass(std::uint64_t seq) noexcept { read_seq_ = seq; }

  /// What is read on from: everything up to this number is delivered whole.
  std::uint64_t read_seq() const noexcept { return read_seq_; }
  const ChangelogPosition& position() const noexcept { return position_; }
  std::uint64_t changes() const noexcept { return changes_; }

 private:
  /// The images of one row.
  struct Images {
    mysql::PackedRow before, after;
  };
  void decode(const ChangelogTable& table, const Images& images, char op);
  void decode_image(const ChangelogTable& table, const select::RowPlan& plan, mysql::PackedRow image, std::vector<Value>& out);
  static Images split(const ChangelogTable& table, mysql::PackedRow row);
  void send(Operation operation, KeyChange key_change, const ChangelogTable& table, bool with_before, bool with_after);
  bool key_differs(const TableSchema& schema) const noexcept;
  bool skips() const noexcept { return position_.seq == skip_seq_ && position_.n <= skip_; }

  ChangelogPosition position_;
  std::uint64_t read_seq_;
  std::uint64_t skip_seq_ = 0, skip_ = 0;  ///< Records of that entry that are delivered already.
  ChangeSink& sink_;
  Masker masker_;
  Arena scratch_;
  select::RowDecoder decoder_{scratch_};
  std::vector<Value> before_, after_;
  bool marked_ = false;
  Transaction transaction_;
  std::uint64_t changes_ = 0;
};

}  // namespace cdc::capture
