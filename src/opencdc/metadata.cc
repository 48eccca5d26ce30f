#include "cdc/opencdc/metadata.h"

namespace cdc::opencdc {
namespace {

template <class Is>
std::string columns_where(const Change& change, Is&& is) {
  std::string out;
  for (std::size_t i = 0; i < change.table.columns.size(); ++i) {
    const auto in = [&](std::span<const Value> image) { return i < image.size() && is(image[i]); };
    if (!in(change.before) && !in(change.after)) continue;
    if (!out.empty()) out += ',';
    out += change.table.columns[i].name;
  }
  return out;
}

}  // namespace

std::string columns_marked(const Change& change, ValueMark mark) {
  return columns_where(change, [&](const Value& value) { return value.mark == mark; });
}

std::string columns_absent(const Change& change) {
  return columns_where(change, [](const Value& value) { return value.kind == ValueKind::absent; });
}

}  // namespace cdc::opencdc
