#include "changelog_emitter.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"

namespace cdc::capture {
namespace {

bool same_images(mysql::PackedRow before, mysql::PackedRow after) noexcept {
  return std::equal(before.begin(), before.end(), after.begin(), after.end());
}

}  // namespace

/// A NULL takes one byte, a text ends where it ends.
ChangelogEmitter::Images ChangelogEmitter::split(const ChangelogTable& table, mysql::PackedRow row) {
  using Found = mysql::FieldReader::Found;
  mysql::FieldReader reader{row};
  std::size_t size_bytes = 0;
  for (std::size_t i = 0; i < table.before.fields.size(); ++i) {
    std::string_view text;
    const Found found = reader.next(text);
    if (found == Found::malformed)
      throw Error{ErrorCode::value_malformed, Remedy::fix,
                  fmt::format("column `{}`: the row ends before it or within it", table.before.names[i])};
    size_bytes = found == Found::null ? size_bytes + 1
                                      : static_cast<std::size_t>(text.data() + text.size() - reinterpret_cast<const char*>(row.data()));
  }
  return {row.first(size_bytes), row.subspan(size_bytes)};
}

ChangelogEmitter::ChangelogEmitter(const config::Settings& settings, ChangelogPosition first, std::string rules, ChangeSink& sink)
    : position_{std::move(first)}, read_seq_{position_.seq}, sink_{sink}, masker_{settings} {
  if (position_.n != 0) {
    --read_seq_;
    skip_seq_ = position_.seq;
    if (position_.rules == rules) skip_ = position_.n;
  }
  position_.rules = std::move(rules);
}

void ChangelogEmitter::decode_image(const ChangelogTable& table, const select::RowPlan& plan, mysql::PackedRow image,
                                    std::vector<Value>& out) {
  out.resize(plan.fields.size());
  marked_ |= decoder_.decode(plan, image, out);
  if (!table.masks.empty()) masker_.apply(table.masks, out, scratch_);
}

void ChangelogEmitter::decode(const ChangelogTable& table, const Images& images, char op) {
  const std::size_t width = table.before.fields.size();
  scratch_.reset();
  marked_ = false;
  if (op != 'I') {
    decode_image(table, table.before, images.before, before_);
    for (std::size_t slot = 0; slot < width; ++slot)
      if (!table.kept_before[slot]) before_[slot] = Value{};
  }
  if (op != 'D') decode_image(table, table.after, images.after, after_);
}

bool ChangelogEmitter::key_differs(const TableSchema& schema) const noexcept {
  return std::any_of(schema.key.begin(), schema.key.end(), [&](std::size_t slot) { return !same_value(before_[slot], after_[slot]); });
}

void ChangelogEmitter::send(Operation operation, KeyChange key_change, const ChangelogTable& table, bool with_before, bool with_after) {
  ++position_.n;
  if (skips()) return;
  ++changes_;
  const auto image = [](const std::vector<Value>& values, bool wanted) {
    return wanted ? std::span<const Value>{values} : std::span<const Value>{};
  };
  sink_.on_change({operation, key_change, marked_, with_before && !table.whole_before, table.schema, image(before_, with_before),
                   image(after_, with_after), transaction_, position_});
}

void ChangelogEmitter::emit(const ChangelogEntry& entry, const ChangelogTable& table, mysql::PackedRow row) {
  const auto frame = [&] { return fmt::format("`{}`.`{}` entry {} of the changelog", table.schema.schema, table.schema.table, entry.seq); };
  const bool changes = with_frame(frame, [&] {
    const Images images = split(table, row);
    if (entry.op == 'U' && table.whole_before && same_images(images.before, images.after)) return false;
    decode(table, images, entry.op);
    return true;
  });
  if (!changes) return;
  position_.seq = entry.seq;
  position_.id = entry.id;
  position_.n = 0;
  ++transaction_.ordinal;
  transaction_.id = fmt::format("{}:{}", position_.epoch, entry.seq);
  transaction_.committed_at_us = entry.at_us;
  if (entry.op == 'I') return send(Operation::create, KeyChange::none, table, false, true);
  if (entry.op == 'D') return send(Operation::delete_, KeyChange::none, table, true, false);
  if (!key_differs(table.schema)) return send(Operation::update, KeyChange::none, table, true, true);
  send(Operation::delete_, KeyChange::old_key, table, true, false);
  send(Operation::create, KeyChange::new_key, table, false, true);
}

}  // namespace cdc::capture
