#include "foreign_keys.h"

#include <algorithm>
#include <string>

namespace cdc::catalog {
namespace {

/// Takes one quoted name off the front; doubled backticks become one. Empty when there is none.
std::string take_name(std::string_view& text) {
  std::string name;
  if (!text.starts_with('`')) return name;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '`') {
      name += text[i];
    } else if (text.substr(i + 1).starts_with('`')) {
      name += text[++i];
    } else {
      text.remove_prefix(i + 1);
      return name;
    }
  }
  return {};
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// `(`a`, `b`)`; names may hold parentheses.
bool take_name_list(std::string_view& text) {
  if (!take_word(text, "(")) return false;
  do {
    if (take_name(text).empty()) return false;
  } while (take_word(text, ", "));
  return take_word(text, ")");
}

std::string_view take_action(std::string_view& text, std::string_view introduction) {
  if (!take_word(text, introduction)) return "RESTRICT";
  for (const std::string_view action : {"CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"}) {
    if (take_word(text, action)) return action;
  }
  return "RESTRICT";
}

/// Between its quotes. Up to MariaDB 10.11.18 a backtick in it is not doubled, so its end is where the next words begin.
bool take_constraint(std::string_view& text, std::string& out) {
  constexpr std::string_view next_words = "` FOREIGN KEY ";
  if (!take_word(text, "  CONSTRAINT `")) return false;
  const auto end = text.find(next_words);
  if (end == std::string_view::npos) return false;
  for (std::string_view name = text.substr(0, end); !name.empty();) {
    out += name[0];
    name.remove_prefix(name.starts_with("``") ? 2 : 1);
  }
  text.remove_prefix(end + next_words.size());
  return true;
}

/// Of names that are not quoted as they should be, nothing.
void take_parent(std::string_view text, Cascade& out) {
  if (!take_name_list(text) || !take_word(text, " REFERENCES ")) return;
  out.parent_schema = out.child_schema;
  out.parent_table = take_name(text);
  if (take_word(text, ".")) {
    out.parent_schema = std::move(out.parent_table);
    out.parent_table = take_name(text);
  }
}

/// A line such as ``CONSTRAINT `c` FOREIGN KEY (`a`) REFERENCES `s`.`p` (`b`) ON DELETE CASCADE ON UPDATE SET NULL``. The actions
/// stand behind the last parenthesis, whatever the names are: no cascade is missed for the sake of a name.
bool parse_line(std::string_view line, Cascade& out) {
  if (!take_constraint(line, out.constraint)) return false;
  take_parent(line, out);
  line.remove_prefix(std::min(line.rfind(')') + 1, line.size()));  // npos + 1 = 0
  out.on_delete = take_action(line, " ON DELETE ");
  out.on_update = take_action(line, " ON UPDATE ");
  return true;
}

}  // namespace

bool changes_child(std::string_view action) noexcept { return action == "CASCADE" || action.starts_with("SET "); }

std::vector<Cascade> parse_cascades(std::string_view create_table, std::string_view schema, std::string_view table) {
  std::vector<Cascade> out;
  while (!create_table.empty()) {
    const std::size_t end = std::min(create_table.find('\n'), create_table.size());
    Cascade cascade{std::string{schema}, std::string{table}, {}, {}, {}, {}, {}};
    if (parse_line(create_table.substr(0, end), cascade) && (changes_child(cascade.on_delete) || changes_child(cascade.on_update))) {
      out.push_back(std::move(cascade));
    }
    create_table.remove_prefix(std::min(end + 1, create_table.size()));
  }
  return out;
}

}  // namespace cdc::catalog
