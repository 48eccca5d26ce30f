#include "cdc/snapshot/table_key.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cdc::snapshot {
namespace {

catalog::CatalogTable table_of(std::vector<Column> columns, std::vector<catalog::PrimaryKeyColumn> key) {
  catalog::CatalogTable out;
  out.schema = "shop";
  out.table = "t";
  for (Column& column : columns) {
    catalog::CatalogColumn one;
    one.column = std::move(column);
    one.type_text = "a type";
    out.columns.push_back(std::move(one));
  }
  out.primary_key = std::move(key);
  return out;
}

Column column(std::string name, ColumnType type) {
  Column out;
  out.name = std::move(name);
  out.type = type;
  return out;
}

TableKey key_of(ColumnType type) { return TableKey::of(table_of({column("a`b", type)}, {{0, 0}})).value(); }

std::optional<std::string> pack(const TableKey& key, const std::vector<std::string>& texts) {
  std::vector<std::optional<std::string_view>> views(texts.begin(), texts.end());
  return key.pack_texts(views);
}

Value text_value(ValueKind kind, std::string_view text) {
  Value out;
  out.kind = kind;
  out.data = reinterpret_cast<const std::byte*>(text.data());
  out.size_bytes = static_cast<std::uint32_t>(text.size());
  return out;
}

}  // namespace

TEST_CASE("a key of three columns is compared as a tuple, a beginning of it as what begins so") {
  const TableKey key =
      TableKey::of(table_of({column("c", ColumnType::integer), column("a", ColumnType::bigint), column("b", ColumnType::date)},
                            {{1, 0}, {2, 0}, {0, 0}}))
          .value();
  CHECK(key.order_by() == "`a`,`b`,`c`");
  CHECK(key.first_is_integer());
  const std::string whole = pack(key, {"-5", "2024-02-29", "7"}).value();
  CHECK(key.above(whole) ==
        "`a` >= -5 AND (`a` > -5 OR (`a` = -5 AND `b` >= '2024-02-29' AND (`b` > '2024-02-29' OR (`b` = '2024-02-29' AND `c` > 7))))");
  CHECK(key.up_to(whole) ==
        "`a` <= -5 AND (`a` < -5 OR (`a` = -5 AND `b` <= '2024-02-29' AND (`b` < '2024-02-29' OR (`b` = '2024-02-29' AND `c` <= 7))))");
  const std::string begins = pack(key, {"-5"}).value();
  CHECK(key.above(begins) == "`a` > -5");
  CHECK(key.up_to(begins) == "`a` <= -5");
}

TEST_CASE("every kind of key column: what is asked for, and the literal it becomes") {
  struct Case {
    ColumnType type;
    std::string asked, text, literal;
  };
  const Case cases[] = {
      {ColumnType::tinyint, "`a``b`+0", "-128", "-128"},
      {ColumnType::bigint, "`a``b`+0", "18446744073709551615", "18446744073709551615"},
      {ColumnType::year, "`a``b`+0", "2155", "2155"},
      {ColumnType::bit, "`a``b`+0", "5", "5"},
      {ColumnType::enum_, "`a``b`+0", "2", "2"},
      {ColumnType::set, "`a``b`+0", "3", "3"},
      {ColumnType::decimal, "CAST(`a``b` AS CHAR)", "-12.50", "-12.50"},
      {ColumnType::float_, "`a``b`+0e0", "0.10000000149011612", "0.10000000149011612e0"},
      {ColumnType::double_, "`a``b`+0e0", "-1e-7", "-1e-7"},
      {ColumnType::varchar, "HEX(CONVERT(`a``b` USING utf8mb4))", "C3A427", "_utf8mb4 x'c3a427'"},
      {ColumnType::char_, "HEX(CONVERT(`a``b` USING utf8mb4))", "", "_utf8mb4 x''"},
      {ColumnType::binary, "HEX(`a``b`)", "00FF", "x'00ff'"},
      {ColumnType::date, "CAST(`a``b` AS CHAR)", "0000-00-00", "'0000-00-00'"},
      {ColumnType::time, "CAST(`a``b` AS CHAR)", "-838:59:59", "'-838:59:59'"},
      {ColumnType::datetime, "CAST(`a``b` AS CHAR)", "2024-02-29 01:02:03.000004", "'2024-02-29 01:02:03.000004'"},
      {ColumnType::uuid, "CAST(`a``b` AS CHAR)", "6ccd780c-baba-1026-9564-5b8c656024db", "'6ccd780c-baba-1026-9564-5b8c656024db'"},
      {ColumnType::inet6, "CAST(`a``b` AS CHAR)", "::ffff:1.2.3.4", "'::ffff:1.2.3.4'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.asked);
    CAPTURE(c.text);
    const TableKey key = key_of(c.type);
    CHECK(key.text_list() == c.asked);
    CHECK(key.above(pack(key, {c.text}).value()) == "`a``b` > " + c.literal);
  }
}

TEST_CASE("a row's values pack to what the server's text packs to") {
  Value number;
  number.kind = ValueKind::int64;
  number.i64 = -7;
  const TableKey integer = key_of(ColumnType::integer), text = key_of(ColumnType::varchar), bytes = key_of(ColumnType::varbinary);
  CHECK(integer.pack(std::vector{number}) == pack(integer, {"-7"}));
  CHECK(text.pack(std::vector{text_value(ValueKind::text, "\xc3\xa4")}) == pack(text, {"C3A4"}));
  CHECK(bytes.pack(std::vector{text_value(ValueKind::bytes, "\x01")}) == pack(bytes, {"01"}));
  CHECK_FALSE(text.pack(std::vector{text_value(ValueKind::bytes, "\xff")}).has_value());
}

TEST_CASE("tables whose rows have no order to go by") {
  CHECK_FALSE(TableKey::of(table_of({column("a", ColumnType::integer)}, {})).has_value());
  CHECK_FALSE(TableKey::of(table_of({column("a", ColumnType::varchar)}, {{0, 10}})).has_value());
  CHECK_FALSE(TableKey::of(table_of({column("a", ColumnType::blob)}, {{0, 0}})).has_value());
}

TEST_CASE("a packed key that is not of this table as it is, or of another hand, is refused") {
  const TableKey key = TableKey::of(table_of({column("a", ColumnType::integer), column("b", ColumnType::date)}, {{0, 0}, {1, 0}})).value();
  const std::string good = pack(key, {"12", "2024-02-29"}).value(), first = pack(key, {"12"}).value();
  CHECK(key.unpack(good) == std::vector<std::string>{"12", "2024-02-29"});
  for (std::size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    const std::string cut = good.substr(0, size);
    CHECK(key.unpack(cut).has_value() == (cut == first));
  }
  CHECK_FALSE(key.unpack(good + '\0').has_value());
  const TableKey altered =
      TableKey::of(table_of({column("a", ColumnType::bigint), column("b", ColumnType::date)}, {{0, 0}, {1, 0}})).value();
  CHECK_FALSE(altered.unpack(good).has_value());
  for (const std::string text : {"1 OR 1=1", "", "-", "1.5", "0x10", "1e3", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(key.unpack(pack(key, {}).value() + static_cast<char>(text.size()) + text).has_value());
    CHECK_FALSE(pack(key, {text}).has_value());
  }
  CHECK_FALSE(pack(key, {"1", "2024' OR '"}).has_value());
}

TEST_CASE("ranks of integers order as the integers do") {
  const std::string is_signed[] = {"-9223372036854775808", "-1", "0", "1", "9223372036854775807"};
  for (std::size_t i = 0; i < std::size(is_signed); ++i) {
    CAPTURE(is_signed[i]);
    CHECK(text_of_rank(rank_of(is_signed[i], false).value(), false) == is_signed[i]);
    if (i != 0) CHECK(rank_of(is_signed[i - 1], false).value() < rank_of(is_signed[i], false).value());
  }
  CHECK(rank_of("18446744073709551615", true) == ~std::uint64_t{0});
  CHECK(text_of_rank(~std::uint64_t{0}, true) == "18446744073709551615");
  for (const std::string text : {"", "x", "1x", "9223372036854775808"}) CHECK_FALSE(rank_of(text, false).has_value());
}

}  // namespace cdc::snapshot
