#pragma once

/// How far a snapshot has come, as its records' positions say it: small, whatever the number of tables and rows.
///
/// The captured tables are read in the byte order of (schema, table). Everything of the tables up to and including
/// `done` is delivered but for the rows of the ranges in `open`; nothing of the tables behind it is. There are at most
/// two ranges a worker.
///
/// Text form: `{"id":"0f3a…","done":["shop","orders"],"cur":[["shop","orders","<next>","<high>"],…]}`: `done` is left out
/// before the first table, `cur` without a range; keys are base64, null where there is none. Schema and table
/// stand apart since names may hold dots.

#include <string>
#include <utility>
#include <vector>

namespace cdc {

/// Rows of one table with next < key <= high that are still to be delivered, in the server's order of its primary key.
struct SnapshotRange {
  std::string schema, table;
  std::string next, high;  ///< Keys as the snapshot packs them, opaque here; empty = no bound.

  bool operator==(const SnapshotRange&) const = default;
};

struct SnapshotProgress {
  std::string id;                            ///< Lower-case hex digits; with the record number unique for every record ever sent.
  std::pair<std::string, std::string> done;  ///< (schema, table); empty before the first.
  std::vector<SnapshotRange> open;

  bool operator==(const SnapshotProgress&) const = default;
};

}  // namespace cdc
