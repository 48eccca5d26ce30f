#include "cdc/model/snapshot_progress.h"

#include <algorithm>
#include <array>

#include "cdc/base/numbers.h"
#include "json_string.h"
#include "snapshot_progress_text.h"

namespace cdc {
namespace {

void append_key(std::string& out, const std::string& key) {
  if (key.empty()) {
    out += ",null";
    return;
  }
  out += ",\"";
  const std::size_t begin = out.size();
  out.resize(begin + base64_size(key.size()));
  write_base64(out.data() + begin, key.data(), key.size());
  out += '"';
}

void append_names(std::string& out, const std::string& schema, const std::string& table) {
  out += '[';
  append_json_string(out, schema);
  out += ',';
  append_json_string(out, table);
}

std::string read_name(PositionScanner& scanner) {
  std::string name = scanner.string();
  if (name.empty()) refuse_position("an empty name in \"snap\"");
  return name;
}

std::string read_key(PositionScanner& scanner) {
  const auto text = scanner.string_or_null();
  std::string key;
  if (text && (text->empty() || !append_from_base64(key, *text))) refuse_position("a key in \"snap\" is not base64");
  return key;
}

/// Exactly as many elements as there are readers.
template <class... Readers>
void read_elements(PositionScanner& scanner, Readers&&... readers) {
  std::size_t at = 0;
  scanner.array([&] {
    std::size_t index = 0;
    const bool known = ((index++ == at && (readers(), true)) || ...);
    if (!known) refuse_position("an element too many in \"snap\"");
    ++at;
  });
  if (at != sizeof...(readers)) refuse_position("an element is missing in \"snap\"");
}

SnapshotRange read_range(PositionScanner& scanner) {
  SnapshotRange out;
  read_elements(
      scanner, [&] { out.schema = read_name(scanner); }, [&] { out.table = read_name(scanner); }, [&] { out.next = read_key(scanner); },
      [&] { out.high = read_key(scanner); });
  return out;
}

bool is_id(std::string_view text) noexcept {
  constexpr std::size_t size_max = 32;
  return !text.empty() && text.size() <= size_max && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

void append_progress(std::string& out, const SnapshotProgress& progress) {
  out += R"(,"snap":{"id":)";
  append_json_string(out, progress.id);
  if (!progress.done.second.empty()) {
    out += R"(,"done":)";
    append_names(out, progress.done.first, progress.done.second);
    out += ']';
  }
  const char* before = R"(,"cur":[)";
  for (const SnapshotRange& range : progress.open) {
    out += before;
    append_names(out, range.schema, range.table);
    append_key(out, range.next);
    append_key(out, range.high);
    out += ']';
    before = ",";
  }
  if (!progress.open.empty()) out += ']';
  out += '}';
}

SnapshotProgress read_progress(PositionScanner& scanner) {
  SnapshotProgress out;
  enum Field : std::size_t { id, done, cur, field_count };
  constexpr std::array<std::string_view, field_count> names{"id", "done", "cur"};
  std::array<bool, field_count> seen{};
  scanner.object([&](const std::string& name) {
    const auto field = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    if (field == field_count)
      refuse_position("unknown field " + quote_for_message(name) + " in \"snap\"; a newer version may have written it");
    if (seen[field]) refuse_position(name + " is there twice");
    seen[field] = true;
    if (field == id) out.id = scanner.string();
    if (field == done)
      read_elements(
          scanner, [&] { out.done.first = read_name(scanner); }, [&] { out.done.second = read_name(scanner); });
    if (field == cur) scanner.array([&] { out.open.push_back(read_range(scanner)); });
  });
  if (!is_id(out.id)) refuse_position("\"snap\" has no id of 1 to 32 lower-case hex digits");
  if (!out.open.empty() && out.done.second.empty()) refuse_position("\"cur\" without \"done\"");
  return out;
}

}  // namespace cdc
