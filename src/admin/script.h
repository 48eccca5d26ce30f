#pragma once

/// Scripts of sql/: filled in for one changelog, and taken apart into statements as the stock client does it. Pure text.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/catalog/changelog.h"

namespace cdc::admin {

/// What stands for `{{name}}`.
struct Word {
  std::string_view name;
  std::string value;
};

/// `text` with its words filled in and `` `_cdc_log` `` and the like as the changelog names them. A line that is nothing but an empty
/// word goes away; the lines of a word that has several are indented like the first. What a word holds is not looked at again.
std::string fill(std::string_view text, std::span<const Word> words, const catalog::ChangelogNames& names);

/// The statements of a script, without comments around them and without the delimiter, by the rules of the stock client: quotes of the
/// three kinds, `--` and `#` comments to the end of the line, DELIMITER lines.
std::vector<std::string> split_statements(std::string_view script);

/// A delimiter for trigger bodies that occurs in none of the texts.
std::string choose_delimiter(std::span<const std::string> texts);

/// Whether the stock client carries this name unharmed: it reads lines, so no control characters.
bool carries_name(std::string_view name) noexcept;

/// A string literal under sql_mode ''.
std::string quote_text(std::string_view text);

}  // namespace cdc::admin
