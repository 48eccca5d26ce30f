#pragma once

/// Comma lists of rules, and globs over dotted names: the syntax shared by table and column rules.

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::config {

/// Splits at commas that stand neither between backticks, nor in a `/regex/` (with or without `!` before
/// it), nor after a backslash. The items are trimmed but else as written; empty ones are dropped.
std::vector<std::string> split_rules(std::string_view text);

/// One part of a dotted name: a glob in which `*` is any text, `?` one character.
struct NamePart {
  std::string regex;       ///< For RE2, to be matched as a whole.
  std::string name;        ///< The name meant, when there is no wildcard.
  bool is_literal = true;  ///< No wildcard.
};
/// `shop.*`, `` `odd.name`.t? ``: the parts between dots outside of backticks. On bad syntax `problem`
/// is set and the result is meaningless.
std::vector<NamePart> parse_name_parts(std::string_view text, std::string& problem);

struct RegexOptions {
  bool ignore_case = false;
};
/// Compiled; on bad syntax `problem` is set and the result is null.
std::unique_ptr<re2::RE2> compile_regex(std::string_view regex, RegexOptions options, std::string& problem);
/// Whether the whole of `text` matches.
bool matches_whole(const re2::RE2& regex, std::string_view text);
/// Whether any part of `text` matches.
bool matches_anywhere(const re2::RE2& regex, std::string_view text);

}  // namespace cdc::config
