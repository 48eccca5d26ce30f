#pragma once

/// Where a stream without a position began, kept in `stateDir`: a run that ends before its host has stored the first position is followed
/// by one that begins at the same place, not at its own now.
///
/// So with the stream behind a snapshot: what was deleted between the two beginnings must be in it.
///
/// Format: two lines, the place as the setting `start` takes it (FILE:POS or a GTID set; of a snapshot a position) and the server's
/// fingerprint.

#include <optional>
#include <string>
#include <string_view>

namespace cdc::capture {

/// One file a connector. Used by one process at a time, as a connector is.
class StartMemory {
 public:
  struct Start {
    std::string from;    ///< FILE:POS, a GTID set or a position's text.
    std::string server;  ///< ServerFacts::fingerprint.

    bool operator==(const Start&) const = default;
  };

  /// `folder` empty: nothing is ever remembered. Nothing is touched yet.
  StartMemory(std::string_view folder, std::string_view connector_id);

  /// Throws Error(file_unreadable) when the file cannot be read, or is none of these.
  std::optional<Start> recall() const;
  /// It is on the disk when this returns. Throws Error(output_failed).
  void remember(const Start& start) const;
  /// For when a position is stored elsewhere, or the connector is gone.
  void forget() const noexcept;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace cdc::capture
