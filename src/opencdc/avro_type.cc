#include "avro_type.h"

#include <fmt/format.h>

namespace cdc::opencdc {
namespace {

using config::ValueForms;

constexpr unsigned bits_of_long = 64;

AvroType unsigned_bigint(config::BigintUnsignedForm form) {
  switch (form) {
    case config::BigintUnsignedForm::auto_: return {AvroWriter::big_unsigned, AvroBody::long_or_string, Conversion::none, true};
    case config::BigintUnsignedForm::string: return {AvroWriter::converted, AvroBody::string, Conversion::number_text, false};
    case config::BigintUnsignedForm::long_: return {AvroWriter::converted, AvroBody::long_, Conversion::number_long, false};
  }
  return {};
}

AvroType decimal(config::DecimalForm form) {
  switch (form) {
    case config::DecimalForm::string: return {AvroWriter::decimal, AvroBody::string, Conversion::none, false};
    case config::DecimalForm::double_: return {AvroWriter::converted, AvroBody::double_, Conversion::decimal_double, false};
    case config::DecimalForm::avro: return {AvroWriter::converted, AvroBody::decimal, Conversion::decimal_unscaled, false};
  }
  return {};
}

AvroType bits(const Column& column, config::BitsForm form) {
  switch (form) {
    case config::BitsForm::bytes: return {AvroWriter::converted, AvroBody::bytes, Conversion::none, false};
    case config::BitsForm::number: {
      const bool wide = column.precision >= bits_of_long;
      return {AvroWriter::converted, wide ? AvroBody::long_or_string : AvroBody::long_, Conversion::bits_number, wide};
    }
    case config::BitsForm::text: return {AvroWriter::converted, AvroBody::string, Conversion::bits_text, false};
  }
  return {};
}

AvroType binary(config::BinaryForm form) {
  switch (form) {
    case config::BinaryForm::bytes: return {AvroWriter::bytes, AvroBody::bytes, Conversion::none, false};
    case config::BinaryForm::base64: return {AvroWriter::converted, AvroBody::string, Conversion::base64, false};
    case config::BinaryForm::hex: return {AvroWriter::converted, AvroBody::string, Conversion::hex, false};
  }
  return {};
}

AvroType geometry(config::GeometryForm form) {
  switch (form) {
    case config::GeometryForm::ewkb: return {AvroWriter::converted, AvroBody::bytes, Conversion::none, false};
    case config::GeometryForm::wkb: return {AvroWriter::converted, AvroBody::bytes, Conversion::geometry_wkb, false};
    case config::GeometryForm::hex: return {AvroWriter::converted, AvroBody::string, Conversion::geometry_hex, false};
  }
  return {};
}

/// Types with a zero date are nullable where that date becomes null.
AvroType temporal(ColumnType type, const ValueForms& forms) {
  const bool null_dates = type != ColumnType::time && forms.zero_dates == config::ZeroDates::null;
  switch (forms.temporal) {
    case config::TemporalForm::text: return {AvroWriter::temporal, AvroBody::string, Conversion::none, false};
    case config::TemporalForm::iso: return {AvroWriter::converted, AvroBody::string, Conversion::temporal_iso, null_dates};
    case config::TemporalForm::epoch: {
      const AvroBody body = type == ColumnType::date ? AvroBody::int_ : AvroBody::long_;
      return {AvroWriter::converted, body, Conversion::temporal_epoch, null_dates};
    }
  }
  return {};
}

AvroType plain(AvroWriter writer, AvroBody body) { return {writer, body, Conversion::none, false}; }

/// Of a value of its declared type.
AvroType declared_type(const Column& column, const ValueForms& forms) {
  switch (column.type) {
    case ColumnType::tinyint:
    case ColumnType::smallint:
    case ColumnType::mediumint:
    case ColumnType::year: return plain(AvroWriter::integer, AvroBody::int_);
    case ColumnType::integer: return plain(AvroWriter::integer, column.is_unsigned ? AvroBody::long_ : AvroBody::int_);
    case ColumnType::bigint:
      return column.is_unsigned ? unsigned_bigint(forms.bigint_unsigned) : plain(AvroWriter::integer, AvroBody::long_);
    case ColumnType::float_: return plain(AvroWriter::real32, AvroBody::float_);
    case ColumnType::double_: return plain(AvroWriter::real64, AvroBody::double_);
    case ColumnType::decimal: return decimal(forms.decimal);
    case ColumnType::bit: return bits(column, forms.bits);
    case ColumnType::char_:
    case ColumnType::varchar:
    case ColumnType::text:
    case ColumnType::json: return plain(AvroWriter::text, AvroBody::string);
    case ColumnType::binary:
    case ColumnType::varbinary:
    case ColumnType::blob: return binary(forms.binary);
    case ColumnType::date:
    case ColumnType::time:
    case ColumnType::datetime:
    case ColumnType::timestamp: return temporal(column.type, forms);
    case ColumnType::enum_: return column.labels.empty() ? any_type() : plain(AvroWriter::label, AvroBody::string);
    case ColumnType::set: return column.labels.empty() ? any_type() : plain(AvroWriter::labels, AvroBody::string);
    case ColumnType::geometry: return geometry(forms.geometry);
    case ColumnType::vector: return plain(AvroWriter::converted, AvroBody::floats);
    case ColumnType::uuid:
    case ColumnType::inet4:
    case ColumnType::inet6: return plain(AvroWriter::converted, AvroBody::string);
  }
  return any_type();
}

std::string body_json(AvroBody body, const Column& column) {
  switch (body) {
    case AvroBody::int_: return "\"int\"";
    case AvroBody::long_: return "\"long\"";
    case AvroBody::float_: return "\"float\"";
    case AvroBody::double_: return "\"double\"";
    case AvroBody::string: return "\"string\"";
    case AvroBody::bytes: return "\"bytes\"";
    case AvroBody::decimal:
      return fmt::format(R"({{"type":"bytes","logicalType":"decimal","precision":{},"scale":{}}})", column.precision,
                         column.fraction_digits);
    case AvroBody::floats: return R"({"type":"array","items":"float"})";
    case AvroBody::long_or_string: return R"("long","string")";
    case AvroBody::any: return R"("long","double","string","bytes")";
  }
  return {};
}

}  // namespace

AvroType any_type() noexcept { return {AvroWriter::converted, AvroBody::any, Conversion::none, true}; }

AvroType avro_type(const Column& column, const config::ValueForms& forms) {
  AvroType out = column.masked ? plain(AvroWriter::text, AvroBody::string) : declared_type(column, forms);
  out.nullable = out.nullable || column.nullable || column.masked;
  return out;
}

Conversion conversion_of(const Column& column, const config::ValueForms& forms) { return avro_type(column, forms).conversion; }

std::string avro_type_json(const AvroType& type, const Column& column) {
  const std::string body = body_json(type.body, column);
  return type.nullable ? fmt::format(R"(["null",{}])", body) : body;
}

}  // namespace cdc::opencdc
