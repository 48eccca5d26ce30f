// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error; what is written keeps to the room that was
// promised, an Avro body has what its schema says and nothing behind it, and a batch is a message of as many records.
// Input: a byte of settings, the columns (count, then type, flags, digits and labels of each), then rows: the kinds of their values and
// 8 bytes or some data each. Text is ASCII.

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "avro_record.h"
#include "avro_walk.h"
#include "cdc/base/error.h"
#include "cdc/base/reader.h"
#include "cdc/model/json_documents.h"
#include "cdc/opencdc/record_encoder.h"
#include "require.h"
#include "struct_record.h"
#include "wire_message.h"

namespace cdc {
namespace {

class Registry final : public opencdc::SchemaRegistry {
 public:
  opencdc::SchemaId resolve(std::string_view subject, std::string_view json) override {
    require(json.front() == '{' && json.back() == '}', "a schema is an object");
    return {std::string{subject}, ++count_};
  }

 private:
  std::int32_t count_ = 0;
};

config::ValueForms read_forms(Reader& in) {
  const std::uint8_t byte = in.u8(), more = in.u8();
  return {.decimal = static_cast<config::DecimalForm>(byte % 3),
          .bigint_unsigned = static_cast<config::BigintUnsignedForm>(byte / 3 % 3),
          .temporal = static_cast<config::TemporalForm>(byte / 9 % 3),
          .zero_dates = static_cast<config::ZeroDates>(byte / 27 % 2),
          .bits = static_cast<config::BitsForm>(more % 3),
          .binary = static_cast<config::BinaryForm>(more / 3 % 3),
          .geometry = static_cast<config::GeometryForm>(more / 9 % 3)};
}

Column read_column(Reader& in, std::size_t number) {
  Column out;
  out.type = static_cast<ColumnType>(in.u8() % (static_cast<unsigned>(ColumnType::inet6) + 1));
  const std::uint8_t flags = in.u8();
  out.name = (flags & 8) != 0 ? "a-b" : fmt::format("c{}", number);
  out.is_unsigned = (flags & 1) != 0, out.nullable = (flags & 2) != 0, out.masked = (flags & 4) != 0;
  out.precision = in.u8(), out.fraction_digits = in.u8();
  for (unsigned label = 0; label < (flags >> 4); ++label) out.labels.push_back(std::string(label * 7, 'l'));
  return out;
}

TableSchema read_table(Reader& in) {
  TableSchema out;
  out.schema.assign(1, 's'), out.table.assign(1, 't');
  const std::size_t count = in.u8() % 9;
  for (std::size_t i = 0; i < count; ++i) out.columns.push_back(read_column(in, i));
  if (count != 0 && in.u8() % 2 == 0) out.key = {0}, out.key_kind = KeyKind::primary;
  return out;
}

/// A value as a decoder may give it: what it promises of text, digits and sizes is kept.
Value read_value(Reader& in) {
  Value out;
  out.kind = static_cast<ValueKind>(in.u8() % (static_cast<unsigned>(ValueKind::inet) + 1));
  out.precision = in.u8() % 10;
  out.fraction_digits = in.u8() % 7;
  if (!holds_data(out.kind)) {
    out.u64 = in.uint_le(8);
    if (out.kind == ValueKind::timestamp) out.i64 = static_cast<std::int64_t>(out.u64 % 253'402'300'800'000'000U);
    if (out.kind == ValueKind::time) out.i64 %= 3'020'400'000'000;
    if (out.kind == ValueKind::float32) out.f64 = static_cast<double>(static_cast<float>(out.f64));
    return out;
  }
  const std::span<const std::byte> data = in.take(std::min<std::size_t>(in.u8(), in.remaining()));
  out.data = data.data();
  out.size_bytes = static_cast<std::uint32_t>(data.size());
  if (out.kind == ValueKind::vector) out.size_bytes -= out.size_bytes % 4;
  return out;
}

std::vector<Value> read_row(Reader& in, const TableSchema& table) {
  std::vector<Value> out(table.columns.size());
  for (Value& value : out) value = read_value(in);
  return out;
}

/// In a block of exactly the promised size.
template <class Record>
std::string written(const Record& record, std::span<const Value> values, bool& fits) {
  const std::size_t size_max = record.size_max(opencdc::data_bytes(values));
  const auto room = std::make_unique<char[]>(size_max);
  const char* const end = record.write(room.get(), values);
  fits = end != nullptr;
  if (!fits) return {};
  require(static_cast<std::size_t>(end - room.get()) <= size_max, "a record keeps to its room");
  return std::string(static_cast<const char*>(room.get()), end);
}

void check_bodies(const TableSchema& table, std::span<const Value> values, const config::ValueForms& forms) {
  std::vector<std::size_t> columns(table.columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = i;
  bool fits = false;
  const std::string body = written(opencdc::AvroRecord{table, {columns, {}, false}, forms}, values, fits);
  if (fits) {
    opencdc::AvroWalk walk{body};
    for (const Column& column : table.columns) walk.field(opencdc::avro_type(column, forms));
    require(walk.done(), "an Avro body is what its schema says");
  }
  const auto fields = test::parse_message(written(opencdc::StructRecord{table, columns, forms}, values, fits));
  require(fields.has_value() && fields->size() <= columns.size(), "a Struct is a message");
}

void check(Reader& in) {
  opencdc::RecordForm form;
  form.values = read_forms(in);
  form.payload_schema = in.u8() % 4 != 0;
  const TableSchema table = read_table(in);
  Registry registry;
  opencdc::RecordEncoder encoder{form, registry};
  const Transaction transaction{.ordinal = 1, .id = "0-1-2", .file = "binlog.000001", .sql = {}};
  BinlogPosition position{"0-1-1", "0a1b2c3d", "binlog.000001", 4, 1, "89abcdef"};
  JsonDocuments documents;
  while (in.remaining() != 0 && position.n < 20) {
    const std::vector<Value> before = read_row(in, table), after = read_row(in, table);
    const auto operation = static_cast<Operation>(in.u8() % 4);
    const bool has_before = operation == Operation::update || operation == Operation::delete_;
    bool partial = false;
    for (const auto& row : {before, after})
      for (const Value& value : row) partial = partial || value.kind == ValueKind::absent;
    const Change change{operation,
                        KeyChange::none,
                        false,
                        partial,
                        table,
                        has_before ? std::span<const Value>{before} : std::span<const Value>{},
                        operation == Operation::delete_ ? std::span<const Value>{} : std::span<const Value>{after},
                        transaction,
                        position};
    const std::size_t size_before = encoder.batch().size_bytes();
    try {
      check_bodies(table, documents.as_text(table, after), form.values);
      encoder.append(change);
      ++position.n;
    } catch (const Error&) {
      require(encoder.batch().size_bytes() == size_before, "a refused record leaves the batch as it was");
    }
  }
  const auto records = test::parse_message(encoder.batch().bytes());
  require(records.has_value() && records->size() == encoder.batch().record_count(), "a batch is a message of its records");
  for (const test::WireField& record : *records) require(test::parse_message(record.bytes).has_value(), "a record is a message");
  if (!records->empty()) require(encoder.batch().last_position().starts_with("{\"v\":1"), "the last position is one");
}

}  // namespace
}  // namespace cdc

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::Reader in{std::as_bytes(std::span{data, size})};
  cdc::check(in);
  return 0;
}
