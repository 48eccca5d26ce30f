#include "cdc/opencdc/record_encoder.h"

#include <chrono>
#include <utility>

namespace cdc::opencdc {

std::uint64_t system_clock_ns() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

void RecordBatch::clear(std::size_t keep_bytes) {
  bytes_.clear();
  bytes_.shrink(keep_bytes);
  record_count_ = position_at_ = position_size_ = 0;
}

struct RecordEncoder::State {
  RecordForm form;
  SchemaRegistry& registry;
  Clock clock;
};

RecordEncoder::RecordEncoder(RecordForm form, SchemaRegistry& registry, Clock clock)
    : state_{new State{std::move(form), registry, clock}} {}
RecordEncoder::~RecordEncoder() = default;

void RecordEncoder::append(const Change&) { ++batch_.record_count_; }

void RecordEncoder::take(RecordBatch& out) {
  std::swap(out, batch_);
  batch_.clear();
}

}  // namespace cdc::opencdc
