#include "cdc/model/key_values.h"

#include "cdc/model/value_text.h"

namespace cdc {

std::span<const Value> key_values(const Change& change, std::vector<Value>& scratch) {
  const bool from_after = change.operation == Operation::create || change.operation == Operation::snapshot || change.before.empty();
  const std::span<const Value> first = from_after ? change.after : change.before;
  if (!change.partial || change.table.key.empty()) return first;
  scratch.assign(first.begin(), first.end());
  for (const std::size_t index : change.table.key) {
    scratch[index] = present_value(first, from_after ? change.before : change.after, index);
  }
  return scratch;
}

}  // namespace cdc
