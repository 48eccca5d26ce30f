#pragma once

/// The rows of a streamed result as they lie in the read buffer, a block at a time: what has come together, up to a limit.
///
/// The connector copies every row twice and asks the kernel for at most 16 KiB at a time; here a row is a view into the buffer of a
/// PacketStream. Where that cannot read (TLS), the connector does and rows are packed again, so that callers see one form.

#include <mysql.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cdc/mysql/packed_row.h"
#include "link.h"
#include "packet_stream.h"

namespace cdc::mysql {

/// Of one connection; keeps its buffers between results.
class RowBlocks {
 public:
  static constexpr std::size_t rows_max = 1024, bytes_max = std::size_t{64} << 10;  ///< A larger row is a block of its own.
  static constexpr std::size_t buffer_bytes = std::size_t{128} << 10;

  using Sink = std::function<void(PackedRows)>;

  /// Reads the result that the handle has begun to its end. Throws Error, and what `each` throws; then the link is shut down, but for
  /// an error that the server told.
  void read(const Connection::State& state, MYSQL_RES* result, const Sink& each);

 private:
  void read_packets(const Connection::State& state, const Sink& each);
  void read_connector(MYSQL_RES* result, const Sink& each);
  bool end_of_result(const Connection::State& state, std::span<const std::byte> packet) const;
  void deliver(const Sink& each);

  std::optional<PacketStream> packets_;
  std::vector<PackedRow> rows_;
  std::string packed_;             ///< Rows that the connector read.
  std::vector<std::size_t> ends_;  ///< Of each in `packed_`.
};

}  // namespace cdc::mysql
