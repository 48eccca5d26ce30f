#include "cdc/select/row_decoder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/model/temporal.h"
#include "hex.h"

namespace cdc::select {
namespace {

using namespace std::string_literals;

RowPlan plan_of(const Field& field) { return {"`shop`.`t`", "`c`", {field}, {"c"}}; }

std::string packed(std::initializer_list<std::optional<std::string_view>> fields) {
  std::string out;
  mysql::pack_row(out, {fields.begin(), fields.size()});
  return out;
}

/// Decodes a row of one text, which ends with the block it lies in, and hands the value out.
template <class Use>
void decode(const Field& field, const std::string& text, Use&& use) {
  const ExactBytes exact{packed({text})};
  Arena scratch;
  RowDecoder decoder{scratch};
  Value value;
  const bool marked = decoder.decode(plan_of(field), exact, {&value, 1});
  use(value, marked);
}

bool refused(const Field& field, const std::string& text) {
  try {
    decode(field, text, [](const Value&, bool) {});
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::value_malformed);
    CHECK(std::string{error.message()} == "`shop`.`t` column `c`: what the server sent is no value of its type");
    return true;
  }
  return false;
}

Value number(ValueKind kind, std::uint64_t bits) {
  Value value;
  value.kind = kind;
  value.u64 = bits;
  return value;
}

Value real(ValueKind kind, double number) {
  Value value;
  value.kind = kind;
  value.f64 = number;
  return value;
}

struct NumberCase {
  std::string name;
  Field field;
  std::string text;
  Value value;
};

TEST_CASE("numbers") {
  constexpr Field integer{.op = FieldOp::integer}, big{.op = FieldOp::unsigned_integer}, single{.op = FieldOp::float32},
      wide{.op = FieldOp::float64}, label{.op = FieldOp::ordinal, .kind = ValueKind::enum_index},
      labels{.op = FieldOp::ordinal, .kind = ValueKind::set_bits};
  constexpr auto denormal = std::numeric_limits<float>::denorm_min();
  const std::vector<NumberCase> cases{
      {"zero", integer, "0", number(ValueKind::int64, 0)},
      {"lowest", integer, "-9223372036854775808", number(ValueKind::int64, std::uint64_t{1} << 63)},
      {"zerofill", big, "0000000042", number(ValueKind::uint64, 42)},
      {"highest", big, "18446744073709551615", number(ValueKind::uint64, ~std::uint64_t{0})},
      {"FLOAT", single, "0.10000000149011612", real(ValueKind::float32, 0.1F)},
      {"FLOAT, exact beyond six digits", single, "16777216", real(ValueKind::float32, 16777216)},
      {"FLOAT, negative zero", single, "-0", real(ValueKind::float32, -0.0)},
      {"FLOAT, smallest", single, "1.401298464324817e-45", real(ValueKind::float32, denormal)},
      {"FLOAT, largest", single, "3.4028234663852886e38", real(ValueKind::float32, std::numeric_limits<float>::max())},
      {"DOUBLE", wide, "0.1", real(ValueKind::float64, 0.1)},
      {"DOUBLE, negative zero", wide, "-0", real(ValueKind::float64, -0.0)},
      {"DOUBLE, smallest", wide, "5e-324", real(ValueKind::float64, std::numeric_limits<double>::denorm_min())},
      {"DOUBLE, largest", wide, "-1.7976931348623157e308", real(ValueKind::float64, -std::numeric_limits<double>::max())},
      {"ENUM", label, "65535", number(ValueKind::enum_index, 65535)},
      {"ENUM, the error value", label, "0", number(ValueKind::enum_index, 0)},
      {"SET of 64", labels, "18446744073709551615", number(ValueKind::set_bits, ~std::uint64_t{0})},
      {"BIT(1)", {.op = FieldOp::bit, .precision = 1}, "\x01", number(ValueKind::bits, 1)},
      {"BIT(10)", {.op = FieldOp::bit, .precision = 10}, "\x02\x05", number(ValueKind::bits, 0x205)},
      {"BIT(64)", {.op = FieldOp::bit, .precision = 64}, std::string(8, '\xff'), number(ValueKind::bits, ~std::uint64_t{0})},
  };
  for (const NumberCase& c : cases) {
    CAPTURE(c.name);
    decode(c.field, c.text, [&](const Value& value, bool marked) {
      CHECK(same_value(value, c.value));
      CHECK_FALSE(marked);
    });
    CHECK(refused(c.field, {}));
    CHECK(refused(c.field, c.text + 'x'));
    CHECK(refused(c.field, ' ' + c.text));
  }
}

TEST_CASE("numbers that no server sends") {
  constexpr Field integer{.op = FieldOp::integer}, big{.op = FieldOp::unsigned_integer}, single{.op = FieldOp::float32},
      wide{.op = FieldOp::float64}, bits{.op = FieldOp::bit, .precision = 10};
  CHECK(refused(integer, "9223372036854775808"));
  CHECK(refused(integer, "1.5"));
  CHECK(refused(big, "18446744073709551616"));
  CHECK(refused(big, "-1"));
  CHECK(refused(wide, "1e999"));
  CHECK(refused(wide, "nan"));
  CHECK(refused(wide, "inf"));
  CHECK(refused(single, "-inf"));
  CHECK(refused(single, "1e39"));
  CHECK(refused(bits, "\x04\x01"s + "\x01"));
  CHECK(refused(bits, "\x04\x01"));  // bit 11
  CHECK(refused(bits, "\x01"));
}

struct DataCase {
  std::string name;
  Field field;
  std::string hex;
  ValueKind kind;
  std::string data;
  ValueMark mark = ValueMark::none;
};

TEST_CASE("texts and bytes") {
  constexpr auto latin1 = charset::TextCoding::latin1, utf8mb4 = charset::TextCoding::utf8mb4;
  const auto data = [](ValueKind kind, std::uint32_t size = 0) { return Field{.op = FieldOp::data, .kind = kind, .size_bytes = size}; };
  const std::vector<DataCase> cases{
      {"text", {.op = FieldOp::text, .coding = utf8mb4}, "f09f9880", ValueKind::text, "😀"},
      {"empty text", {.op = FieldOp::text, .coding = utf8mb4}, "", ValueKind::text, ""},
      {"text, converted", {.op = FieldOp::text, .coding = latin1}, "e4", ValueKind::text, "ä"},
      {"text, not of its charset", {.op = FieldOp::text, .coding = utf8mb4}, "e4", ValueKind::bytes, "\xe4", ValueMark::invalid_text},
      {"JSON", {.op = FieldOp::json}, "7b2261223a20312e307d", ValueKind::text, "{\"a\": 1.0}"},
      {"bytes", data(ValueKind::bytes), "00ff", ValueKind::bytes, unhex("00ff")},
      {"no bytes", data(ValueKind::bytes), "", ValueKind::bytes, ""},
      {"BINARY(3)", data(ValueKind::bytes, 3), "610000", ValueKind::bytes, unhex("610000")},
      {"GEOMETRY", data(ValueKind::geometry), "e610000001", ValueKind::geometry, unhex("e610000001")},
      {"VECTOR", data(ValueKind::vector), "0000803f", ValueKind::vector, unhex("0000803f")},
      {"INET4", data(ValueKind::inet, 4), "c0000201", ValueKind::inet, unhex("c0000201")},
      {"DECIMAL", {.op = FieldOp::decimal, .precision = 4, .fraction_digits = 2}, "2d312e3530", ValueKind::decimal, unhex("7ecd")},
  };
  for (const DataCase& c : cases) {
    CAPTURE(c.name);
    decode(c.field, unhex(c.hex), [&](const Value& value, bool marked) {
      CHECK(value.kind == c.kind);
      CHECK(value.text() == c.data);
      CHECK(value.mark == c.mark);
      CHECK(marked == (c.mark != ValueMark::none));
      if (c.kind == ValueKind::decimal) CHECK((value.precision == 4 && value.fraction_digits == 2));
    });
  }
}

TEST_CASE("texts and bytes that no server sends") {
  const auto data = [](ValueKind kind, std::uint32_t size = 0) { return Field{.op = FieldOp::data, .kind = kind, .size_bytes = size}; };
  CHECK(refused({.op = FieldOp::json}, ""));
  CHECK(refused({.op = FieldOp::json}, "\"\xe4\""));
  CHECK(refused(data(ValueKind::bytes, 3), "ab"));
  CHECK(refused(data(ValueKind::geometry), "abc"));
  CHECK(refused(data(ValueKind::vector), "abcde"));
  CHECK(refused(data(ValueKind::uuid, 16), std::string(15, 'a')));
  CHECK(refused(data(ValueKind::inet, 4), std::string(5, 'a')));
  CHECK(refused({.op = FieldOp::decimal, .precision = 4, .fraction_digits = 2}, "1.5"));
  CHECK(refused({.op = FieldOp::date}, "2024-02-3"));
  CHECK(refused({.op = FieldOp::year}, "99"));
  CHECK(refused({.op = FieldOp::time, .fraction_digits = 1}, "00:00:00"));
  CHECK(refused({.op = FieldOp::datetime}, "2024-02-30"));
  CHECK(refused({.op = FieldOp::timestamp}, "2024-02-30 00:00:00"));
}

TEST_CASE("NULL is NULL, whatever the row before had") {
  const RowPlan plan{"`shop`.`t`", "`a`, `b`", {{.op = FieldOp::integer}, {.op = FieldOp::text}}, {"a", "b"}};
  Arena scratch;
  RowDecoder decoder{scratch};
  Value values[2];
  values[0].mark = ValueMark::invalid_text;
  const ExactBytes row{packed({std::nullopt, std::nullopt})};
  CHECK_FALSE(decoder.decode(plan, row, values));
  for (const Value& value : values) {
    CHECK(value.kind == ValueKind::null);
    CHECK(value.mark == ValueMark::none);
  }
}

TEST_CASE("a row of another width, or cut anywhere, is refused") {
  const RowPlan plan{"`shop`.`t`", "`a`, `b`", {{.op = FieldOp::integer}, {.op = FieldOp::text}}, {"a", "b"}};
  Arena scratch;
  RowDecoder decoder{scratch};
  Value values[2];
  const std::string whole = packed({"12", "abc"});
  CHECK_FALSE(decoder.decode(plan, ExactBytes{whole}, values));
  CHECK_THROWS_AS(decoder.decode(plan, ExactBytes{whole}, {values, 1}), Error);
  CHECK_THROWS_WITH_AS(decoder.decode(plan, ExactBytes{packed({"12", "abc", "d"})}, values),
                       doctest::Contains("a row of more than the 2 columns that were asked for"), Error);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_WITH_AS(decoder.decode(plan, ExactBytes{std::string_view{whole}.substr(0, size)}, values),
                         doctest::Contains("the row ends before it or within it"), Error);
  }
}

TEST_CASE("copies in widened columns come back as what the column holds") {
  constexpr Field second{.op = FieldOp::datetime, .surplus_digits = 6},
      milli{.op = FieldOp::datetime, .fraction_digits = 3, .surplus_digits = 3}, all{.op = FieldOp::datetime, .fraction_digits = 6},
      span{.op = FieldOp::time, .fraction_digits = 1, .surplus_digits = 5};
  const auto text_of = [](const Value& value) {
    char out[temporal_text_max_bytes];
    return std::string{out, write_temporal(out, value)};
  };
  const auto shown = [&](const Field& field, const std::string& text) {
    std::string out;
    decode(field, text, [&](const Value& value, bool) { out = text_of(value); });
    return out;
  };
  CHECK(shown(second, "2024-02-29 12:00:01.000000") == "2024-02-29 12:00:01");
  CHECK(shown(milli, "2024-02-29 12:00:01.123000") == "2024-02-29 12:00:01.123");
  CHECK(shown(all, "0000-00-00 00:00:00.000001") == "0000-00-00 00:00:00.000001");
  CHECK(shown(span, "-838:59:58.900000") == "-838:59:58.9");
  CHECK(refused(second, "2024-02-29 12:00:01.000001"));
  CHECK(refused(milli, "2024-02-29 12:00:01.123"));
  CHECK(refused(second, "000000"));
  constexpr Field bits{.op = FieldOp::bit_number, .precision = 10};
  decode(bits, "1023", [](const Value& value, bool) { CHECK(same_value(value, number(ValueKind::bits, 1023))); });
  CHECK(refused(bits, "1024"));
  CHECK(refused(bits, "-1"));
  CHECK(refused(bits, ""));
}

/// Of an ENUM or SET in latin1 with these labels; nothing when it is refused.
std::optional<Value> labelled(FieldOp op, const std::vector<std::string>& labels, const std::string& text) {
  RowPlan plan = plan_of({.op = op, .coding = charset::TextCoding::latin1});
  plan.labels = {labels};
  Arena scratch;
  RowDecoder decoder{scratch};
  const ExactBytes row{packed({text})};
  Value value;
  try {
    decoder.decode(plan, row, {&value, 1});
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::value_malformed);
    return std::nullopt;
  }
  return value;
}

TEST_CASE("labels come back as their numbers") {
  struct Case {
    std::string name;
    FieldOp op;
    std::vector<std::string> labels;
    std::string text;
    std::optional<Value> value;
  };
  std::vector<std::string> many;
  for (int i = 0; i < 64; ++i) many.push_back("l" + std::to_string(i));
  const Case cases[] = {
      {"first", FieldOp::label, {"a", "b"}, "a", number(ValueKind::enum_index, 1)},
      {"in another charset", FieldOp::label, {"a", "\xc3\xa9"}, "\xe9", number(ValueKind::enum_index, 2)},
      {"the error value", FieldOp::label, {"a", "b"}, "", number(ValueKind::enum_index, 0)},
      {"an empty label", FieldOp::label, {"a", ""}, "", number(ValueKind::enum_index, 2)},
      {"none of them", FieldOp::label, {"a", "b"}, "A", std::nullopt},
      {"an empty set", FieldOp::labels, {"a", "b"}, "", number(ValueKind::set_bits, 0)},
      {"some", FieldOp::labels, {"a", "b", "c"}, "a,c", number(ValueKind::set_bits, 5)},
      {"the 64th", FieldOp::labels, many, "l63", number(ValueKind::set_bits, std::uint64_t{1} << 63)},
      {"none in a set", FieldOp::labels, {"a", "b"}, "a,x", std::nullopt},
      {"nothing between commas", FieldOp::labels, {"a", "b"}, "a,,b", std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto value = labelled(c.op, c.labels, c.text);
    REQUIRE(value.has_value() == c.value.has_value());
    if (value) CHECK(same_value(*value, *c.value));
  }
}

}  // namespace
}  // namespace cdc::select
