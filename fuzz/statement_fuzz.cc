// Contract under fuzz: no crash, no sanitizer report, no exception; whatever DDL names is also found by `mentions`, and a statement reads
// the same with blanks before it.
// Input: one byte of dialect, then a statement.

#include <cstdint>
#include <string>

#include "cdc/binlog/statement.h"
#include "require.h"

namespace cdc::binlog {
namespace {

void check(std::string_view sql, SqlDialect dialect) {
  const Statement statement = classify(sql, dialect);
  for (const TableName& name : named_tables(sql, dialect, "d")) {
    const auto same = [&](std::string_view schema, std::string_view table) {
      return (schema == name.schema && table == name.table) || (name.table.empty() && table == name.schema);
    };
    require(mentions(sql, dialect, "d", same), "a table that DDL names is mentioned");
  }
  require(classify(" \n" + std::string{sql}, dialect).kind == statement.kind, "blanks before a statement mean nothing");
}

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cdc::binlog::TrailBytes;
  if (size == 0) return 0;
  const unsigned choice = data[0];
  const TrailBytes trail = choice / 4 % 3 == 0   ? TrailBytes::distinct
                           : choice / 4 % 3 == 1 ? TrailBytes::like_ascii
                                                 : TrailBytes::shift_jis;
  cdc::binlog::check({reinterpret_cast<const char*>(data) + 1, size - 1}, {choice % 2 != 0, choice / 2 % 2 != 0, trail});
  return 0;
}
