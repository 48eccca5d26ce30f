#include "text_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cdc/model/value_text.h"
#include "text_value.h"

namespace cdc::cli {
namespace {

/// Longest value. When the line's length is bounded, values are cut further, but not below the least.
constexpr std::size_t value_columns_most = 120, value_columns_least = 10;
constexpr std::size_t gap_columns = 2;

enum class Part : std::uint8_t { key, value, old_value, difference };

/// One column that is shown, and how.
struct Field {
  std::size_t index;
  Part part;
};

bool in_key(const TableSchema& table, std::size_t index) { return std::find(table.key.begin(), table.key.end(), index) != table.key.end(); }

std::vector<Field> fields_of_image(const Change& change, std::span<const Value> image, Part part) {
  std::vector<Field> out;
  for (const std::size_t index : change.table.key) out.push_back({index, Part::key});
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (image[i].kind != ValueKind::absent && !in_key(change.table, i)) out.push_back({i, part});
  }
  return out;
}

bool differs(const Change& change, std::size_t index) {
  if (index >= change.after.size() || change.after[index].kind == ValueKind::absent) return false;
  return index >= change.before.size() || !same_value(change.before[index], change.after[index]);
}

/// Key and what changed; of a table without key, what did not change follows: it identifies the row.
std::vector<Field> fields_of_update(const Change& change) {
  std::vector<Field> out, same;
  for (const std::size_t index : change.table.key) out.push_back({index, Part::key});
  for (std::size_t i = 0; i < change.table.columns.size(); ++i) {
    if (in_key(change.table, i)) continue;
    if (differs(change, i)) out.push_back({i, Part::difference});
    if (!differs(change, i) && i < change.before.size() && change.before[i].kind != ValueKind::absent) same.push_back({i, Part::old_value});
  }
  if (change.table.key.empty()) out.insert(out.end(), same.begin(), same.end());
  return out;
}

std::vector<Field> fields_of(const Change& change) {
  switch (change.operation) {
    case Operation::update: return fields_of_update(change);
    case Operation::delete_: return fields_of_image(change, change.before, Part::old_value);
    case Operation::create:
    case Operation::snapshot: return fields_of_image(change, change.after, Part::value);
  }
  return {};
}

class FieldPrinter {
 public:
  FieldPrinter(const Change& change, bool color) : change_{change}, color_{color} {}

  StyledText print(const Field& field, std::size_t value_columns) const {
    const Column& column = change_.table.columns[field.index];
    StyledText out{color_};
    const std::string name = show_name(column.name);
    out.add(Style::dim, name, columns_of(name));
    if (field.part == Part::difference) return difference(std::move(out), column, field.index, value_columns);
    const Value value = present_value(first(), second(), field.index);
    const Style style = field.part == Part::key ? Style::key : quiet(field.part, value) ? Style::dim : Style::plain;
    return out.add(Style::dim, "=").add(style, show_value(column, value, value_columns));
  }

 private:
  std::span<const Value> first() const { return change_.operation == Operation::create ? change_.after : change_.before; }
  std::span<const Value> second() const { return change_.operation == Operation::create ? change_.before : change_.after; }
  static bool quiet(Part part, const Value& value) { return part == Part::old_value || value.kind == ValueKind::null; }

  StyledText difference(StyledText out, const Column& column, std::size_t index, std::size_t value_columns) const {
    const Value before = index < change_.before.size() ? change_.before[index] : Value{};
    const Value& after = change_.after[index];
    const std::size_t hidden = common_beginning(before, after, value_columns);
    out.add(Style::dim, ": ").add(Style::dim, show_value(column, before, value_columns, hidden));
    return out.add(Style::dim, " → ", 3).add(Style::plain, show_value(column, after, value_columns, hidden));
  }

  const Change& change_;
  bool color_;
};

std::size_t total_columns(const std::vector<StyledText>& pieces) {
  std::size_t sum = 0;
  for (const StyledText& piece : pieces) sum += piece.columns() + gap_columns;
  return sum == 0 ? 0 : sum - gap_columns;
}

std::string rest_text(std::size_t left_out) { return left_out == 0 ? "" : fmt::format("  … +{} more", left_out); }

StyledText join(const std::vector<StyledText>& pieces, bool color, std::size_t columns_max) {
  StyledText out{color};
  const bool all_fit = columns_max == 0 || total_columns(pieces) <= columns_max;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::size_t rest_columns = columns_of(rest_text(pieces.size() - i - 1));
    if (!all_fit && i != 0 && out.columns() + gap_columns + pieces[i].columns() + rest_columns > columns_max) {
      const std::string rest = rest_text(pieces.size() - i);
      return out.add(Style::dim, rest, columns_of(rest));
    }
    if (i != 0) out.add(Style::plain, "  ");
    out.add(pieces[i]);
  }
  return out;
}

/// The most columns a value may have so that the line fits; the least when nothing helps.
template <class Fits>
std::size_t longest_that(Fits&& fits) {
  std::size_t least = value_columns_least, most = value_columns_most;
  while (least < most) {
    const std::size_t middle = (least + most + 1) / 2;
    if (fits(middle)) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return least;
}

}  // namespace

StyledText show_fields(const Change& change, bool color, std::size_t columns_max) {
  const std::vector<Field> fields = fields_of(change);
  const FieldPrinter printer{change, color};
  std::vector<StyledText> pieces;
  const auto print_all = [&](std::size_t value_columns) {
    pieces.clear();
    for (const Field& field : fields) pieces.push_back(printer.print(field, value_columns));
    if (change.operation == Operation::update &&
        std::none_of(fields.begin(), fields.end(), [](const Field& f) { return f.part == Part::difference; })) {
      pieces.push_back(StyledText{color}.add(Style::dim, "(no captured column changed)"));
    }
    if (change.key_change != KeyChange::none) pieces.push_back(StyledText{color}.add(Style::dim, "(key changed)"));
  };
  const auto fits = [&](std::size_t value_columns) {
    print_all(value_columns);
    return columns_max == 0 || total_columns(pieces) <= columns_max;
  };
  if (!fits(value_columns_most)) print_all(longest_that(fits));
  return join(pieces, color, columns_max);
}

}  // namespace cdc::cli
