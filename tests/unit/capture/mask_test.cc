#include "mask.h"

#include <doctest/doctest.h>

#include <limits>

#include "decoder_scene.h"
#include "json_documents_by_hand.h"

namespace cdc::capture {
namespace {

using config::MaskMethod;

Value real(ValueKind kind, double value) {
  Value out;
  out.kind = kind;
  out.f64 = value;
  return out;
}
Value number(ValueKind kind, std::uint64_t bits, unsigned precision = 0, unsigned fraction_digits = 0) {
  Value out;
  out.kind = kind;
  out.u64 = bits;
  out.precision = static_cast<std::uint8_t>(precision);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  return out;
}
Value data(ValueKind kind, const ExactBytes& bytes, unsigned precision = 0, unsigned fraction_digits = 0) {
  Value out = number(kind, 0, precision, fraction_digits);
  out.data = bytes.span().data();
  out.size_bytes = static_cast<std::uint32_t>(bytes.size());
  return out;
}

/// The one value of an image after masking.
std::string masked(Value value, MaskMethod method) {
  const config::Settings settings;
  const Masker masker{settings};
  Arena scratch;
  const MaskedSlot slot{0, method};
  masker.apply({&slot, 1}, {&value, 1}, scratch);
  return text_of(value);
}

TEST_CASE("last4 shows the end of a value's text, whatever its type") {
  const ExactBytes bytes{'s', 'e', 'c', 'r', 'e', 't'}, binary{'s', 'e', 'c', 'r', 'e', 't', 0xFF, 0x00};
  const std::string seven{"\x05\x07\x00", 3};
  const ExactBytes small{test::object({{"ab", seven}})}, large{test::object({{"ab", seven}}, true)};
  struct Case {
    const char* name;
    Value value;
    std::string text;
  };
  const Case cases[] = {
      {"int64", number(ValueKind::int64, static_cast<std::uint64_t>(-1234567)), "****4567"},
      {"uint64", number(ValueKind::uint64, UINT64_MAX), "****1615"},
      {"few digits", number(ValueKind::uint64, 1234), "****"},
      {"float64", real(ValueKind::float64, 12345.5), "****45.5"},
      {"float32", real(ValueKind::float32, 2.5), "****"},
      {"not a number", real(ValueKind::float64, std::numeric_limits<double>::quiet_NaN()), "****"},
      {"infinity", real(ValueKind::float64, std::numeric_limits<double>::infinity()), "****nity"},
      {"minus infinity", real(ValueKind::float32, -std::numeric_limits<double>::infinity()), "****nity"},
      {"bytes", data(ValueKind::bytes, bytes), "****cret"},
      {"bytes that are no text", data(ValueKind::bytes, binary), "****"},
      {"text", data(ValueKind::text, bytes), "****cret"},
      {"a JSON document", data(ValueKind::json, small), "****: 7}"},
      {"the same in another layout", data(ValueKind::json, large), "****: 7}"},
      {"year", number(ValueKind::year, 2026), "****"},
      {"absent", Value{}, "-"},
      {"null", number(ValueKind::null, 0), "NULL"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(masked(c.value, MaskMethod::last4) == c.text);
    const bool nothing = c.value.kind == ValueKind::absent;
    CHECK(masked(c.value, MaskMethod::null) == (nothing ? "-" : "NULL"));
  }
}

TEST_CASE("a decimal or a document that is none is an error, not a text") {
  const ExactBytes bad{0xFF};
  CHECK(error_of([&] { masked(data(ValueKind::json, bad), MaskMethod::last4); }).starts_with("MYC1305: "));
  CHECK(error_of([&] { masked(data(ValueKind::decimal, bad, 10, 2), MaskMethod::last4); }).starts_with("MYC1305: "));
}

}  // namespace
}  // namespace cdc::capture
