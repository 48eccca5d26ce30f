#include <array>

#include "cdc/binlog/event.h"

namespace cdc::binlog {
namespace {

constexpr std::size_t names_size = 256;

constexpr std::array<std::string_view, names_size> make_names() {
  std::array<std::string_view, names_size> names{};
  const auto name = [&](EventType type, std::string_view text) { names[static_cast<std::size_t>(type)] = text; };
  using enum EventType;
  name(start_v3, "START_EVENT_V3"), name(query, "QUERY_EVENT"), name(stop, "STOP_EVENT"), name(rotate, "ROTATE_EVENT");
  name(intvar, "INTVAR_EVENT"), name(load, "LOAD_EVENT"), name(slave, "SLAVE_EVENT"), name(create_file, "CREATE_FILE_EVENT");
  name(append_block, "APPEND_BLOCK_EVENT"), name(exec_load, "EXEC_LOAD_EVENT"), name(delete_file, "DELETE_FILE_EVENT");
  name(new_load, "NEW_LOAD_EVENT"), name(rand, "RAND_EVENT"), name(user_var, "USER_VAR_EVENT");
  name(format_description, "FORMAT_DESCRIPTION_EVENT"), name(xid, "XID_EVENT");
  name(begin_load_query, "BEGIN_LOAD_QUERY_EVENT"), name(execute_load_query, "EXECUTE_LOAD_QUERY_EVENT");
  name(table_map, "TABLE_MAP_EVENT"), name(write_rows_v0, "WRITE_ROWS_V0_EVENT");
  name(update_rows_v0, "UPDATE_ROWS_V0_EVENT"), name(delete_rows_v0, "DELETE_ROWS_V0_EVENT");
  name(write_rows_v1, "WRITE_ROWS_V1_EVENT"), name(update_rows_v1, "UPDATE_ROWS_V1_EVENT");
  name(delete_rows_v1, "DELETE_ROWS_V1_EVENT"), name(incident, "INCIDENT_EVENT"), name(heartbeat, "HEARTBEAT_EVENT");
  name(ignorable, "IGNORABLE_EVENT"), name(rows_query, "ROWS_QUERY_EVENT"), name(write_rows, "WRITE_ROWS_EVENT");
  name(update_rows, "UPDATE_ROWS_EVENT"), name(delete_rows, "DELETE_ROWS_EVENT"), name(gtid, "GTID_EVENT");
  name(anonymous_gtid, "ANONYMOUS_GTID_EVENT"), name(previous_gtids, "PREVIOUS_GTIDS_EVENT");
  name(transaction_context, "TRANSACTION_CONTEXT_EVENT"), name(view_change, "VIEW_CHANGE_EVENT");
  name(xa_prepare, "XA_PREPARE_EVENT"), name(partial_update_rows, "PARTIAL_UPDATE_ROWS_EVENT");
  name(transaction_payload, "TRANSACTION_PAYLOAD_EVENT"), name(heartbeat_v2, "HEARTBEAT_EVENT_V2");
  name(gtid_tagged, "GTID_TAGGED_EVENT"), name(large_transaction_header, "LARGE_TRANSACTION_HEADER_EVENT");
  name(aurora_padding, "AURORA_PADDING_EVENT"), name(annotate_rows, "ANNOTATE_ROWS_EVENT");
  name(binlog_checkpoint, "BINLOG_CHECKPOINT_EVENT"), name(mariadb_gtid, "GTID_EVENT"), name(gtid_list, "GTID_LIST_EVENT");
  name(start_encryption, "START_ENCRYPTION_EVENT"), name(query_compressed, "QUERY_COMPRESSED_EVENT");
  name(write_rows_compressed_v1, "WRITE_ROWS_COMPRESSED_EVENT_V1");
  name(update_rows_compressed_v1, "UPDATE_ROWS_COMPRESSED_EVENT_V1");
  name(delete_rows_compressed_v1, "DELETE_ROWS_COMPRESSED_EVENT_V1");
  name(write_rows_compressed, "WRITE_ROWS_COMPRESSED_EVENT"), name(update_rows_compressed, "UPDATE_ROWS_COMPRESSED_EVENT");
  name(delete_rows_compressed, "DELETE_ROWS_COMPRESSED_EVENT"), name(partial_row_data, "PARTIAL_ROW_DATA_EVENT");
  return names;
}

constexpr auto names = make_names();

}  // namespace

std::string_view event_type_name(EventType type) noexcept { return names[static_cast<std::size_t>(type)]; }

}  // namespace cdc::binlog
