#pragma once

/// A registry that remembers, and records taken apart.

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/opencdc/record_encoder.h"
#include "change_scene.h"
#include "wire_message.h"

namespace cdc::test {

/// Versions count up over all subjects.
class Registry final : public opencdc::SchemaRegistry {
 public:
  opencdc::SchemaId resolve(std::string_view subject, std::string_view json) override {
    if (refuses) throw Error{ErrorCode::query_failed, Remedy::retry, "the registry is away"};
    asked.emplace_back(subject, json);
    return {std::string{subject}, static_cast<std::int32_t>(asked.size())};
  }

  bool refuses = false;
  std::vector<std::pair<std::string, std::string>> asked;
};

/// One opencdc.v1.Record.
struct SeenRecord {
  std::string position;
  std::uint64_t operation = 0;
  std::map<std::string, std::string> metadata;
  /// Bytes behind `raw:` or `struct:`; none where the record has no such image.
  std::optional<std::string> key, before, after;
};

inline std::vector<WireField> fields_of(std::string_view bytes) {
  auto out = parse_message(bytes);
  REQUIRE(out);
  return *out;
}

inline std::string seen_data(std::string_view bytes) {
  const auto fields = fields_of(bytes);
  REQUIRE(fields.size() == 1);
  return (fields[0].number == 1 ? "raw:" : "struct:") + std::string{fields[0].bytes};
}

inline SeenRecord seen_record(std::string_view bytes) {
  SeenRecord out;
  for (const WireField& field : fields_of(bytes)) {
    switch (field.number) {
      case 1: out.position = field.bytes; break;
      case 2: out.operation = field.varint; break;
      case 3: {
        const auto entry = fields_of(field.bytes);
        REQUIRE(entry.size() == 2);
        CHECK(out.metadata.emplace(entry[0].bytes, entry[1].bytes).second);
        break;
      }
      case 4: out.key = seen_data(field.bytes); break;
      case 5:
        for (const WireField& image : fields_of(field.bytes)) (image.number == 1 ? out.before : out.after) = seen_data(image.bytes);
        break;
      default: FAIL("unknown field");
    }
  }
  return out;
}

inline std::vector<SeenRecord> seen_records(const opencdc::RecordBatch& batch) {
  std::vector<SeenRecord> out;
  for (const WireField& record : fields_of(batch.bytes())) out.push_back(seen_record(record.bytes));
  CHECK(out.size() == batch.record_count());
  return out;
}

inline std::uint64_t fixed_clock() noexcept { return 1'700'000'000'200'000'000; }

/// The one record of a change.
inline SeenRecord encoded(const Change& change, Registry& registry, const opencdc::RecordForm& form = {}) {
  opencdc::RecordEncoder encoder{form, registry, fixed_clock};
  encoder.append(change);
  return seen_records(encoder.batch()).at(0);
}

}  // namespace cdc::test
