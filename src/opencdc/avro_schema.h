#pragma once

/// The JSON text of an Avro schema. Text is identity for a registry, so the same table gives the same bytes in every version of
/// the program.

#include <span>
#include <string>

#include "avro_type.h"
#include "cdc/model/table_schema.h"

namespace cdc::opencdc {

struct SchemaField {
  const Column* column;
  AvroType type;
};

/// A record named after the table, in a namespace named after its schema; a key's has `_key` behind its name. What a name
/// was before avro_name stands in `doc`, only where it was another.
std::string avro_schema(const TableSchema& table, std::span<const SchemaField> fields, bool is_key);

}  // namespace cdc::opencdc
