#pragma once

/// Changes as frames on stdout, for tests that decode them elsewhere: a letter, 4 bytes of size and the content.
/// `S` a schema (its version in 4 bytes, the size of its subject in 4, subject, JSON), `B` a Source.Run.Response.

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "cdc/cli/printer.h"
#include "cdc/opencdc/record_encoder.h"

namespace cdc {

inline std::string four_bytes(std::size_t number) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
  return out;
}

inline void write_frame(char letter, std::string_view content) {
  const std::string head = letter + four_bytes(content.size());
  std::fwrite(head.data(), 1, head.size(), stdout);
  std::fwrite(content.data(), 1, content.size(), stdout);
}

class FrameRegistry final : public opencdc::SchemaRegistry {
 public:
  opencdc::SchemaId resolve(std::string_view subject, std::string_view json) override {
    ++count_;
    write_frame('S', four_bytes(count_) + four_bytes(subject.size()) + std::string{subject} + std::string{json});
    return {std::string{subject}, static_cast<std::int32_t>(count_)};
  }

 private:
  std::size_t count_ = 0;
};

class FrameSink final : public ChangeSink {
 public:
  /// Each change goes to `also` too, when there is one.
  FrameSink(opencdc::RecordForm form, cli::Printer* also) : encoder_{std::move(form), registry_}, also_{also} {}

  void on_change(const Change& change) override {
    constexpr std::size_t batch_bytes_max = std::size_t{1} << 20;
    encoder_.append(change);
    if (encoder_.batch().size_bytes() >= batch_bytes_max) flush();
    if (also_ != nullptr) also_->on_change(change);
  }
  void flush() {
    encoder_.take(batch_);
    if (!batch_.empty()) write_frame('B', batch_.bytes());
  }

 private:
  FrameRegistry registry_;
  opencdc::RecordEncoder encoder_;
  opencdc::RecordBatch batch_;
  cli::Printer* also_;
};

}  // namespace cdc
