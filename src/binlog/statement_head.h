#pragma once

/// The first words of a statement: what it does and to what sort of thing.

#include "cdc/binlog/statement.h"

namespace cdc::binlog {

enum class StatementObject : std::uint8_t { none, table, schema, index, other };

struct StatementHead {
  Statement statement;
  StatementObject object = StatementObject::none;
};

/// Leaves `tokens` behind the last keyword read: before the object's name (or IF EXISTS) in DDL.
StatementHead read_statement_head(SqlTokens& tokens) noexcept;

}  // namespace cdc::binlog
