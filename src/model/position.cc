#include "cdc/model/position.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "json_string.h"

namespace cdc {
namespace {

constexpr std::string_view engine_binlog = "binlog";
constexpr std::uint64_t version_known = 1;

[[noreturn]] void refuse(std::string why) {
  throw Error{ErrorCode::position_invalid, Remedy::operate, "position: " + std::move(why),
              "pass a position as it was printed, unchanged; or none, to start anew"};
}

/// What the text said, fit for a message: in quotes, short, without control characters.
std::string quoted(std::string_view text) {
  constexpr std::size_t shown_bytes = 40;
  std::string out{'"'};
  for (const char c : text.substr(0, shown_bytes)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out += text.size() > shown_bytes ? "…\"" : "\"";
}

void append_uint(std::string& out, std::uint64_t value) {
  char text[integer_text_max_bytes];
  out.append(text, write_uint(text, value));
}

bool is_plain(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; });
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  if (is_plain(text)) {
    out += text;
  } else {
    std::string escaped(json_escaped_room_bytes(text.size()), '\0');
    out.append(escaped.data(), write_json_escaped(escaped.data(), text).end);
  }
  out += '"';
}

/// `name` up to the opening quote, `,"gtid":"`. `plain` needs no escape: hex digits, a GTID set. Nothing for an empty text.
void append_plain_field(std::string& out, std::string_view name, std::string_view plain) {
  if (plain.empty()) return;
  out += name;
  out += plain;
  out += '"';
}

/// A flat JSON object of strings and unsigned integers, read field by field.
class FlatObject {
 public:
  explicit FlatObject(std::string_view text) : rest_{text} { expect('{'); }

  /// The next field's name; nothing after the last one.
  std::optional<std::string> next() {
    if (take('}')) {
      skip_space();
      if (!rest_.empty()) refuse("text after the closing brace");
      return std::nullopt;
    }
    if (!first_) expect(',');
    first_ = false;
    std::string name = string();
    expect(':');
    return name;
  }
  std::string string() {
    expect('"');
    std::string out;
    while (!rest_.empty() && rest_[0] != '"') {
      const char c = take_char();
      if (static_cast<unsigned char>(c) < 0x20) refuse("not JSON: a control character in a string");
      if (c == '\\') {
        escape(out);
      } else {
        out += c;
      }
    }
    if (rest_.empty()) refuse("not JSON: a string without its end");
    rest_.remove_prefix(1);
    return out;
  }
  std::uint64_t number(std::string_view name) {
    skip_space();
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    const auto size = static_cast<std::size_t>(end - rest_.data());
    const bool padded = size > 1 && rest_[0] == '0';
    if (error != std::errc{} || padded) refuse(std::string{name}.append(" is not a whole number in 0..18446744073709551615"));
    rest_.remove_prefix(size);
    return out;
  }

 private:
  void skip_space() noexcept {
    const auto at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  bool take(char wanted) noexcept {
    skip_space();
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) refuse(std::string{"not JSON: no "}.append(1, wanted).append(" where one must be"));
  }
  char take_char() noexcept {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }
  void escape(std::string& out) {
    constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    const char c = rest_.empty() ? '\0' : take_char();
    if (const auto at = names.find(c); c != '\0' && at != std::string_view::npos) {
      out += values[at];
      return;
    }
    unsigned code = 0;
    if (c != 'u' || rest_.size() < 4) refuse("not JSON: an unknown escape");
    const auto end = std::from_chars(rest_.data(), rest_.data() + 4, code, 16).ptr;
    if (end != rest_.data() + 4 || code > 0x7f) refuse("an escape beyond ASCII: write the character itself");
    rest_.remove_prefix(4);
    out += static_cast<char>(code);
  }

  std::string_view rest_;
  bool first_ = true;
};

/// The fields in the order seen; each at most once.
struct Fields {
  std::optional<std::uint64_t> v, at, n;
  std::optional<std::string> engine, gtid, server, file, rules;
};

template <class T>
void set_once(std::optional<T>& field, std::string_view name, T value) {
  if (field) refuse(std::string{name}.append(" is there twice"));
  field = std::move(value);
}

struct NumberField {
  std::string_view name;
  std::optional<std::uint64_t> Fields::*field;
};
constexpr NumberField number_fields[] = {{"v", &Fields::v}, {"at", &Fields::at}, {"n", &Fields::n}};

struct StringField {
  std::string_view name;
  std::optional<std::string> Fields::*field;
};
constexpr StringField string_fields[] = {
    {"engine", &Fields::engine}, {"gtid", &Fields::gtid}, {"server", &Fields::server}, {"file", &Fields::file}, {"rules", &Fields::rules}};

bool read_field(FlatObject& object, std::string_view name, Fields& out) {
  for (const auto& f : number_fields) {
    if (f.name == name) return set_once(out.*f.field, name, object.number(name)), true;
  }
  for (const auto& f : string_fields) {
    if (f.name == name) return set_once(out.*f.field, name, object.string()), true;
  }
  return false;
}

Fields read_fields(std::string_view text) {
  Fields out;
  FlatObject object{text};
  while (const auto name = object.next()) {
    if (!read_field(object, *name, out)) refuse("unknown field " + quoted(*name) + "; a newer version may have written it");
    if (out.v && *out.v != version_known) refuse("version " + std::to_string(*out.v) + " is not known; this program knows 1");
    if (out.engine && *out.engine != engine_binlog)
      refuse("engine " + quoted(*out.engine) + " is not known; this program knows \"binlog\"");
  }
  return out;
}

void check_hash(const std::optional<std::string>& text, std::string_view name) {
  if (!text) return;
  if (text->size() != 8 || text->find_first_not_of("0123456789abcdef") != std::string::npos) {
    refuse(std::string{name}.append(" is not 8 lower-case hex digits"));
  }
}

/// Of either product, as it is written here.
bool is_gtid_text(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || c == '-' || c == ',' || c == '_';
  });
}

void check(const Fields& f) {
  if (!f.v) refuse("no field \"v\"");
  if (!f.engine) refuse("no field \"engine\"");
  if (!f.n) refuse("no field \"n\"");
  if (f.file.has_value() != f.at.has_value()) refuse("\"file\" and \"at\" belong together");
  if (f.file && f.file->empty()) refuse("\"file\" is empty");
  if (f.gtid && f.gtid->empty()) refuse("\"gtid\" is empty");
  if (f.gtid && !is_gtid_text(*f.gtid)) refuse("\"gtid\" is not a GTID set");
  if (!f.file && !f.gtid) refuse("neither \"gtid\" nor \"file\"");
  check_hash(f.server, "server");
  check_hash(f.rules, "rules");
}

}  // namespace

void PositionText::render_middle(const BinlogPosition& position) {
  server_ = position.server;
  file_ = position.file;
  middle_.clear();
  append_plain_field(middle_, R"(,"server":")", server_);
  if (file_.empty()) return;
  middle_ += R"(,"file":)";
  append_string(middle_, file_);
  middle_ += R"(,"at":)";
}

void PositionText::render(const BinlogPosition& position) {
  constexpr std::string_view opening = R"({"v":1,"engine":"binlog")", gtid_name = R"(,"gtid":")", n_name = R"(,"n":)";
  if (before_n_.empty() || server_ != position.server || file_ != position.file) render_middle(position);
  if (after_n_.empty() || rules_ != position.rules) {
    rules_ = position.rules;
    after_n_.clear();
    append_plain_field(after_n_, R"(,"rules":")", rules_);
    after_n_ += '}';
  }
  char at_text[integer_text_max_bytes];
  const std::string_view at{at_text, file_.empty() ? 0 : static_cast<std::size_t>(write_uint(at_text, position.at) - at_text)};
  const std::size_t gtid_bytes = position.gtid.empty() ? 0 : gtid_name.size() + position.gtid.size() + 1;
  before_n_.resize(opening.size() + gtid_bytes + middle_.size() + at.size() + n_name.size());
  char* out = before_n_.data();
  const auto put = [&](std::string_view text) { out = static_cast<char*>(std::memcpy(out, text.data(), text.size())) + text.size(); };
  put(opening);
  if (gtid_bytes != 0) put(gtid_name), put(position.gtid), put("\"");
  put(middle_);
  put(at);
  put(n_name);
}

std::string to_text(const Position& position) {
  const auto* const binlog = std::get_if<BinlogPosition>(&position);
  if (binlog == nullptr) return {};
  PositionText parts;
  parts.render(*binlog);
  std::string out = parts.before_n();
  append_uint(out, binlog->n);
  return out += parts.after_n();
}

Position parse_position(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::monostate{};
  Fields f = read_fields(text);
  check(f);
  BinlogPosition out;
  out.gtid = std::move(f.gtid).value_or("");
  out.server = std::move(f.server).value_or("");
  out.file = std::move(f.file).value_or("");
  out.at = f.at.value_or(0);
  out.n = *f.n;
  out.rules = std::move(f.rules).value_or("");
  return out;
}

}  // namespace cdc
