#include "avro_schema.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "avro_names.h"
#include "cdc/base/utf8.h"

namespace cdc::opencdc {
namespace {

/// A JSON string with its quotes.
std::string quoted(std::string_view text) {
  std::string out{'"'};
  for (const char c : is_valid_utf8(text) ? std::string{text} : replace_invalid_utf8(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out += '"';
}

/// `,"doc":…` when the name says something else.
std::string doc_of(std::string_view original, std::string_view name) {
  return original == name ? std::string{} : ",\"doc\":" + quoted(original);
}

}  // namespace

std::string avro_schema(const TableSchema& table, std::span<const SchemaField> fields, bool is_key) {
  const std::string name = avro_record_name(table.table), space = avro_record_name(table.schema);
  const bool same = name == table.table && space == table.schema;
  std::vector<std::string_view> originals;
  for (const SchemaField& field : fields) originals.push_back(field.column->name);
  const std::vector<std::string> names = avro_field_names(originals);

  std::string out = fmt::format(R"({{"type":"record","name":"{}{}","namespace":"{}"{},"fields":[)", name, is_key ? "_key" : "", space,
                                same ? std::string{} : doc_of(qualified_name(table), {}));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    out += fmt::format(R"({}{{"name":"{}"{},"type":{}{}}})", i == 0 ? "" : ",", names[i], doc_of(originals[i], names[i]),
                       avro_type_json(fields[i].type, *fields[i].column), fields[i].type.nullable ? R"(,"default":null)" : "");
  }
  return out += "]}";
}

}  // namespace cdc::opencdc
