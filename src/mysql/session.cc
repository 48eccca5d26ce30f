#include "session.h"

#include <optional>

namespace cdc::mysql {
namespace {

struct Pin {
  std::string_view assignment;
  std::optional<Flavor> only = std::nullopt;
  std::uint32_t since_major = 0, since_minor = 0, since_patch = 0;
};

constexpr Pin pins[] = {
    // No ANSI_QUOTES, PAD_CHAR_TO_FULL_LENGTH, NO_BACKSLASH_ESCAPES, …; what we write is checked strictly.
    {"sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"},
    {"time_zone='+00:00'"},
    {"autocommit=1"},
    {"sql_select_limit=18446744073709551615"},
    {"sql_big_selects=1"},
    {"sql_safe_updates=0"},
    {"sql_auto_is_null=0"},
    {"sql_buffer_result=0"},
    {"group_concat_max_len=1048576"},
    {"div_precision_increment=4"},
    {"lc_time_names='en_US'"},
    {"lc_messages='en_US'"},     // errors are told apart by their text where the number is the same
    {"wait_timeout=2147483"},    // a view may wait for the end of one that reads a huge table
    {"net_write_timeout=3600"},  // a reader that waits for its consumer is not a dead one
    {"max_execution_time=0", Flavor::mysql, 5, 7, 8},
    {"show_gipk_in_create_table_and_information_schema=1", Flavor::mysql, 8, 0, 30},
    {"max_statement_time=0", Flavor::mariadb, 10, 1, 1},
    {"idle_transaction_timeout=0", Flavor::mariadb, 10, 3},
    {"idle_readonly_transaction_timeout=0", Flavor::mariadb, 10, 3},
    {"system_versioning_asof=DEFAULT", Flavor::mariadb, 10, 3, 4},
};

}  // namespace

std::string session_statement(const ServerVersion& version) {
  std::string out = "SET ";
  for (const Pin& pin : pins) {
    if (pin.only && *pin.only != version.flavor) continue;
    if (!version.at_least(pin.since_major, pin.since_minor, pin.since_patch)) continue;
    if (out.size() > 4) out += ", ";
    out += "SESSION ";
    out += pin.assignment;
  }
  return out;
}

}  // namespace cdc::mysql
