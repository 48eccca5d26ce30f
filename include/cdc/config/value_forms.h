#pragma once

/// How values of the types with a choice travel: the settings decimal, bigintUnsigned, temporal, bits, binary and geometry.

#include <cstdint>

namespace cdc::config {

enum class DecimalForm : std::uint8_t { string, double_, avro };
enum class BigintUnsignedForm : std::uint8_t { auto_, string, long_ };
enum class TemporalForm : std::uint8_t { text, iso, epoch };
enum class ZeroDates : std::uint8_t { null, fail };
enum class BitsForm : std::uint8_t { bytes, number, text };
enum class BinaryForm : std::uint8_t { bytes, base64, hex };
enum class GeometryForm : std::uint8_t { ewkb, wkb, hex };

struct ValueForms {
  DecimalForm decimal = DecimalForm::string;
  BigintUnsignedForm bigint_unsigned = BigintUnsignedForm::auto_;
  TemporalForm temporal = TemporalForm::text;
  ZeroDates zero_dates = ZeroDates::null;  ///< What iso and epoch, which have no such dates, do with 0000-00-00 and the like.
  BitsForm bits = BitsForm::bytes;
  BinaryForm binary = BinaryForm::bytes;
  GeometryForm geometry = GeometryForm::ewkb;

  bool operator==(const ValueForms&) const = default;
};

}  // namespace cdc::config
