#include "cdc/model/position.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "json_string.h"
#include "position_scanner.h"
#include "snapshot_progress_text.h"

namespace cdc {
namespace {

constexpr std::string_view engine_binlog = "binlog", engine_trigger = "trigger";
constexpr std::uint64_t version_known = 1;
constexpr std::string_view n_name = R"(,"n":)";

void append_uint(std::string& out, std::uint64_t value) {
  char text[integer_text_max_bytes];
  out.append(text, write_uint(text, value));
}

/// `name` up to the opening quote, `,"gtid":"`. `plain` needs no escape: hex digits, a GTID set. Nothing for an empty text.
void append_plain_field(std::string& out, std::string_view name, std::string_view plain) {
  if (plain.empty()) return;
  out += name;
  out += plain;
  out += '"';
}

/// The fields in the order seen; each at most once.
struct Fields {
  std::optional<std::uint64_t> v, at, seq, id, n;
  std::optional<std::string> engine, gtid, server, file, xa, epoch, rules;
  std::optional<SnapshotProgress> snap;
};

template <class T>
void set_once(std::optional<T>& field, std::string_view name, T value) {
  if (field) refuse_position(std::string{name}.append(" is there twice"));
  field = std::move(value);
}

struct NumberField {
  std::string_view name;
  std::optional<std::uint64_t> Fields::*field;
};
constexpr NumberField number_fields[] = {
    {"v", &Fields::v}, {"at", &Fields::at}, {"seq", &Fields::seq}, {"id", &Fields::id}, {"n", &Fields::n}};

struct StringField {
  std::string_view name;
  std::optional<std::string> Fields::*field;
};
constexpr StringField string_fields[] = {{"engine", &Fields::engine}, {"gtid", &Fields::gtid}, {"server", &Fields::server},
                                         {"file", &Fields::file},     {"xa", &Fields::xa},     {"epoch", &Fields::epoch},
                                         {"rules", &Fields::rules}};

bool read_field(PositionScanner& scanner, std::string_view name, Fields& out) {
  for (const auto& f : number_fields) {
    if (f.name == name) return set_once(out.*f.field, name, scanner.number(name)), true;
  }
  for (const auto& f : string_fields) {
    if (f.name == name) return set_once(out.*f.field, name, scanner.string()), true;
  }
  if (name == "snap") return set_once(out.snap, name, read_progress(scanner)), true;
  return false;
}

Fields read_fields(std::string_view text) {
  Fields out;
  PositionScanner scanner{text};
  scanner.object([&](const std::string& name) {
    if (!read_field(scanner, name, out))
      refuse_position("unknown field " + quote_for_message(name) + "; a newer version may have written it");
    if (out.v && *out.v != version_known) refuse_position("version " + std::to_string(*out.v) + " is not known; this program knows 1");
    if (out.engine && *out.engine != engine_binlog && *out.engine != engine_trigger)
      refuse_position("engine " + quote_for_message(*out.engine) + " is not known; this program knows \"binlog\" and \"trigger\"");
  });
  scanner.end();
  return out;
}

void check_hash(const std::optional<std::string>& text, std::string_view name) {
  if (!text) return;
  if (text->size() != 8 || text->find_first_not_of("0123456789abcdef") != std::string::npos) {
    refuse_position(std::string{name}.append(" is not 8 lower-case hex digits"));
  }
}

/// `file:offset`.
bool is_place(std::string_view text) noexcept {
  const auto colon = text.rfind(':');
  const auto digits = colon == text.npos ? std::string_view{} : text.substr(colon + 1);
  return colon != 0 && !digits.empty() && digits.size() <= 20 && digits.find_first_not_of("0123456789") == digits.npos;
}

/// Of either product, as it is written here.
bool is_gtid_text(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':' || c == '-' || c == ',' || c == '_';
  });
}

/// What of the other engine a position must not have.
void forbid(bool there, std::string_view name, const Fields& f) {
  if (there) refuse_position('"' + std::string{name} + "\" does not belong to engine " + quote_for_message(*f.engine));
}

BinlogPosition binlog_position(Fields& f) {
  forbid(f.epoch.has_value(), "epoch", f);
  forbid(f.seq.has_value(), "seq", f);
  forbid(f.id.has_value(), "id", f);
  if (f.file.has_value() != f.at.has_value()) refuse_position("\"file\" and \"at\" belong together");
  if (f.file && f.file->empty()) refuse_position("\"file\" is empty");
  if (f.gtid && f.gtid->empty()) refuse_position("\"gtid\" is empty");
  if (f.gtid && !is_gtid_text(*f.gtid)) refuse_position("\"gtid\" is not a GTID set");
  if (!f.file && !f.gtid) refuse_position("neither \"gtid\" nor \"file\"");
  if (f.xa && (!f.file || !is_place(*f.xa))) refuse_position("\"xa\" is not file:offset, or \"file\" is missing");
  check_hash(f.server, "server");
  BinlogPosition out;
  out.gtid = std::move(f.gtid).value_or("");
  out.server = std::move(f.server).value_or("");
  out.file = std::move(f.file).value_or("");
  out.at = f.at.value_or(0);
  out.xa = std::move(f.xa).value_or("");
  return out;
}

/// As installations are named: letters, digits and signs that JSON writes as they are.
bool is_epoch(std::string_view text) noexcept {
  constexpr std::size_t epoch_max_bytes = 36;
  return !text.empty() && text.size() <= epoch_max_bytes &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

ChangelogPosition changelog_position(Fields& f) {
  forbid(f.gtid.has_value(), "gtid", f);
  forbid(f.server.has_value(), "server", f);
  forbid(f.file.has_value(), "file", f);
  forbid(f.at.has_value(), "at", f);
  forbid(f.xa.has_value(), "xa", f);
  if (!f.epoch) refuse_position("no field \"epoch\"");
  if (!is_epoch(*f.epoch)) refuse_position("\"epoch\" does not name an installation");
  if (!f.seq) refuse_position("no field \"seq\"");
  if (!f.id) refuse_position("no field \"id\"");
  ChangelogPosition out;
  out.epoch = *std::move(f.epoch);
  out.seq = *f.seq;
  out.id = *f.id;
  return out;
}

/// What both have.
template <class Of>
Position completed(Of position, Fields& f) {
  position.n = *f.n;
  position.rules = std::move(f.rules).value_or("");
  position.snap = std::move(f.snap);
  return position;
}

}  // namespace

void PositionText::render_middle(const BinlogPosition& position) {
  server_ = position.server;
  file_ = position.file;
  middle_.clear();
  append_plain_field(middle_, R"(,"server":")", server_);
  if (file_.empty()) return;
  middle_ += R"(,"file":)";
  append_json_string(middle_, file_);
  middle_ += R"(,"at":)";
}

void PositionText::render_rules(const std::string& rules) {
  if (!after_n_.empty() && rules_ == rules) return;
  rules_ = rules;
  after_n_.clear();
  append_plain_field(after_n_, R"(,"rules":")", rules_);
  after_n_ += '}';
}

/// Behind what `before_n_` has.
void PositionText::append_end(const std::optional<SnapshotProgress>& snap) {
  if (snap) append_progress(before_n_, *snap);
  before_n_ += n_name;
}

void PositionText::render_changelog(const ChangelogPosition& position) {
  constexpr std::string_view opening = R"({"v":1,"engine":"trigger","epoch":")";
  before_n_.assign(opening);
  before_n_ += position.epoch;
  before_n_ += R"(","seq":)";
  append_uint(before_n_, position.seq);
  before_n_ += R"(,"id":)";
  append_uint(before_n_, position.id);
  append_end(position.snap);
}

void PositionText::render(PositionRef position) {
  if (const BinlogPosition* const binlog = position.binlog()) return render_rules(binlog->rules), render_binlog(*binlog);
  render_rules(position.changelog()->rules);
  render_changelog(*position.changelog());
}

void PositionText::render_binlog(const BinlogPosition& position) {
  constexpr std::string_view opening = R"({"v":1,"engine":"binlog")", gtid_name = R"(,"gtid":")";
  if (middle_.empty() || server_ != position.server || file_ != position.file) render_middle(position);
  rest_.clear();
  if (!position.xa.empty()) {
    rest_ += R"(,"xa":)";
    append_json_string(rest_, position.xa);
  }
  if (position.snap) append_progress(rest_, *position.snap);
  char at_text[integer_text_max_bytes];
  const std::string_view at{at_text, file_.empty() ? 0 : static_cast<std::size_t>(write_uint(at_text, position.at) - at_text)};
  const std::size_t gtid_bytes = position.gtid.empty() ? 0 : gtid_name.size() + position.gtid.size() + 1;
  const std::size_t end_bytes = rest_.empty() ? n_name.size() : 0;
  before_n_.resize(opening.size() + gtid_bytes + middle_.size() + at.size() + end_bytes);
  char* out = before_n_.data();
  const auto put = [&](std::string_view text) { out = static_cast<char*>(std::memcpy(out, text.data(), text.size())) + text.size(); };
  put(opening);
  if (gtid_bytes != 0) put(gtid_name), put(position.gtid), put("\"");
  put(middle_);
  put(at);
  if (rest_.empty()) return put(n_name);
  before_n_.resize(static_cast<std::size_t>(out - before_n_.data()));
  before_n_ += rest_;
  before_n_ += n_name;
}

const SnapshotProgress* snapshot_of(const Position& position) noexcept {
  const auto of = [](const auto* known) { return known != nullptr && known->snap ? &*known->snap : nullptr; };
  const SnapshotProgress* const progress = of(std::get_if<BinlogPosition>(&position));
  return progress != nullptr ? progress : of(std::get_if<ChangelogPosition>(&position));
}

std::string to_text(const Position& position) {
  PositionText parts;
  const auto text = [&](PositionRef known) {
    parts.render(known);
    std::string out = parts.before_n();
    append_uint(out, known.n);
    return out += parts.after_n();
  };
  if (const auto* const binlog = std::get_if<BinlogPosition>(&position)) return text(*binlog);
  if (const auto* const changelog = std::get_if<ChangelogPosition>(&position)) return text(*changelog);
  return {};
}

Position parse_position(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::monostate{};
  Fields f = read_fields(text);
  if (!f.v) refuse_position("no field \"v\"");
  if (!f.engine) refuse_position("no field \"engine\"");
  if (!f.n) refuse_position("no field \"n\"");
  check_hash(f.rules, "rules");
  return *f.engine == engine_trigger ? completed(changelog_position(f), f) : completed(binlog_position(f), f);
}

}  // namespace cdc
