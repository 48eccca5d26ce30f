#include "struct_record.h"

#include <charconv>
#include <cstring>
#include <string_view>

#include "avro_bytes.h"
#include "cdc/base/numbers.h"
#include "cdc/base/utf8.h"
#include "cdc/opencdc/plain_value.h"

namespace cdc::opencdc {
namespace {

/// Tags: field number and wire type. Of Value's one-of, of a map entry, and of the lists around them.
constexpr char tag_null = 0x08, tag_number = 0x11, tag_string = 0x1a, tag_list = 0x32;
constexpr char tag_entry = 0x0a, tag_key = 0x0a, tag_value = 0x12, tag_item = 0x0a;
constexpr std::size_t number_bytes = 1 + sizeof(double);
/// Tags and lengths around one value.
constexpr std::size_t frame_bytes = 8 * varint_max_bytes;
constexpr std::int64_t exact_max = std::int64_t{1} << 53;

/// A value ready to be sized and written.
struct Leaf {
  enum class Kind { null, number, text, list } kind;
  double number = 0;
};

double shortest_as_double(float value) noexcept {
  char text[float_text_max_bytes];
  double out = value;
  if (value == value && value - value == 0) std::from_chars(text, write_float(text, value), out);  // finite
  return out;
}

/// Turns what has no place in a Struct into text.
Leaf to_leaf(PlainValue& plain) {
  switch (plain.kind) {
    case PlainKind::null: return {Leaf::Kind::null};
    case PlainKind::integer:
      if (plain.integer <= exact_max && plain.integer >= -exact_max) return {Leaf::Kind::number, static_cast<double>(plain.integer)};
      plain.data = {plain.room, static_cast<std::size_t>(write_int(plain.room, plain.integer) - plain.room)};
      return {Leaf::Kind::text};
    case PlainKind::real32: return {Leaf::Kind::number, shortest_as_double(static_cast<float>(plain.real))};
    case PlainKind::real64: return {Leaf::Kind::number, plain.real};
    case PlainKind::text: return {Leaf::Kind::text};
    case PlainKind::bytes: plain.coding = PlainCoding::base64; return {Leaf::Kind::text};
    case PlainKind::floats: return {Leaf::Kind::list};
  }
  return {Leaf::Kind::null};
}

std::size_t list_bytes(const PlainValue& plain) noexcept { return plain.data.size() / sizeof(float) * (2 + number_bytes); }

std::size_t leaf_bytes(const Leaf& leaf, const PlainValue& plain) noexcept {
  const auto framed = [](std::size_t size) { return 1 + varint_size(size) + size; };
  switch (leaf.kind) {
    case Leaf::Kind::null: return 2;
    case Leaf::Kind::number: return number_bytes;
    case Leaf::Kind::text: return framed(plain.size_bytes());
    case Leaf::Kind::list: return framed(list_bytes(plain));
  }
  return 0;
}

char* write_tag(char* out, char tag, std::size_t size) noexcept {
  *out = tag;
  return write_varint(out + 1, size);
}

char* write_number(char* out, double number) noexcept {
  *out = tag_number;
  std::memcpy(out + 1, &number, sizeof number);
  return out + number_bytes;
}

char* write_list(char* out, std::string_view floats) noexcept {
  for (; floats.size() >= sizeof(float); floats.remove_prefix(sizeof(float))) {
    float item;
    std::memcpy(&item, floats.data(), sizeof item);
    out = write_number(write_tag(out, tag_item, number_bytes), shortest_as_double(item));
  }
  return out;
}

char* write_leaf(char* out, const Leaf& leaf, const PlainValue& plain) noexcept {
  switch (leaf.kind) {
    case Leaf::Kind::null: *out++ = tag_null, *out++ = 0; return out;
    case Leaf::Kind::number: return write_number(out, leaf.number);
    case Leaf::Kind::text: return plain.write(write_tag(out, tag_string, plain.size_bytes()));
    case Leaf::Kind::list: return write_list(write_tag(out, tag_list, list_bytes(plain)), plain.data);
  }
  return out;
}

/// A Struct has no bytes, so no digits are lost by staying text.
Conversion without_bytes(Conversion conversion) noexcept {
  return conversion == Conversion::decimal_unscaled ? Conversion::none : conversion;
}

}  // namespace

StructRecord::StructRecord(const TableSchema& table, std::span<const std::size_t> columns, const config::ValueForms& forms)
    : table_{&table}, zero_dates_{forms.zero_dates} {
  for (const std::size_t index : columns) {
    const Column& column = table.columns[index];
    std::string name = is_valid_utf8(column.name) ? column.name : replace_invalid_utf8(column.name);
    fixed_bytes_ += frame_bytes + name.size() + PlainValue::room_bytes;
    for (const std::string& label : column.labels) fixed_bytes_ += label.size() + 1;
    fields_.push_back({index, std::move(name), without_bytes(avro_type(column, forms).conversion)});
  }
}

char* StructRecord::write(char* out, std::span<const Value> values) const {
  for (const Field& field : fields_) {
    const Value& value = values[field.index];
    if (value.kind == ValueKind::absent) continue;
    PlainValue plain;
    to_plain(value, table_->columns[field.index], field.conversion, zero_dates_, plain);
    const Leaf leaf = to_leaf(plain);
    const std::size_t value_bytes = leaf_bytes(leaf, plain), name_bytes = field.name.size();
    out = write_tag(out, tag_entry, 1 + varint_size(name_bytes) + name_bytes + 1 + varint_size(value_bytes) + value_bytes);
    out = write_tag(out, tag_key, name_bytes);
    out = copy_short(out, field.name.data(), name_bytes);
    out = write_leaf(write_tag(out, tag_value, value_bytes), leaf, plain);
  }
  return out;
}

}  // namespace cdc::opencdc
