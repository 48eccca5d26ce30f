#include "mask.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "cdc/base/utf8.h"
#include "cdc/config/password.h"
#include "cdc/model/decimal.h"
#include "cdc/model/json.h"
#include "cdc/model/temporal.h"

namespace cdc::capture {
namespace {

constexpr std::size_t kept_characters = 4;
constexpr std::size_t hash_size_bytes = 32;

Value text_value(const char* data, std::size_t size_bytes) {
  Value out;
  out.kind = ValueKind::text;
  out.data = reinterpret_cast<const std::byte*>(data);
  out.size_bytes = static_cast<std::uint32_t>(size_bytes);
  return out;
}

/// No server stores these; damaged bytes may hold them, and no writer of numbers takes them.
std::string_view non_finite_text(double value) noexcept { return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity"; }

[[noreturn]] void throw_malformed(std::string_view what) {
  throw Error{ErrorCode::value_malformed, Remedy::fix, fmt::format("a masked {} is malformed", what),
              "check the log with the server's own mysqlbinlog"};
}

/// The server keeps equal documents in different bytes.
std::string_view json_text(const Value& value, Arena& scratch) {
  OutputBuffer text;
  if (!append_json_text(text, value.bytes())) throw_malformed("JSON document");
  char* const out = scratch.take(text.size());
  std::copy(text.view().begin(), text.view().end(), out);
  return {out, text.size()};
}

/// The bytes that stand for a value: its text where it has a short one, and of JSON, else its stored bytes.
std::string_view plain_form(const Value& value, Arena& scratch) {
  char* const out = scratch.take(decimal_text_max_bytes);
  char* end = out;
  const bool real = value.kind == ValueKind::float32 || value.kind == ValueKind::float64;
  if (real && !std::isfinite(value.f64)) return non_finite_text(value.f64);
  switch (value.kind) {
    case ValueKind::int64:
    case ValueKind::sign_unknown: end = write_int(out, value.i64); break;
    case ValueKind::uint64:
    case ValueKind::bits:
    case ValueKind::enum_index:
    case ValueKind::set_bits: end = write_uint(out, value.u64); break;
    case ValueKind::float32: end = write_float(out, static_cast<float>(value.f64)); break;
    case ValueKind::float64: end = write_double(out, value.f64); break;
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time:
    case ValueKind::year: end = write_temporal(out, value); break;
    case ValueKind::decimal: end = write_decimal(out, value.bytes(), value.precision, value.fraction_digits); break;
    case ValueKind::absent:
    case ValueKind::null: break;
    case ValueKind::json: return json_text(value, scratch);
    case ValueKind::text:
    case ValueKind::bytes:
    case ValueKind::geometry:
    case ValueKind::vector:
    case ValueKind::uuid:
    case ValueKind::inet: return value.text();
  }
  if (end == nullptr) throw_malformed("DECIMAL");
  return {out, static_cast<std::size_t>(end - out)};
}

/// `****` and the last four characters; shorter values, and bytes that are no text, are all stars.
Value last4(std::string_view plain, Arena& scratch) {
  std::size_t at = plain.size();
  for (std::size_t kept = 0; kept < kept_characters && at > 0; ++kept) do
      --at;
    while (at > 0 && (static_cast<unsigned char>(plain[at]) & 0xC0) == 0x80);
  std::string_view tail = at == 0 ? std::string_view{} : plain.substr(at);
  if (!is_valid_utf8(tail)) tail = {};
  char* const out = scratch.take(4 + tail.size());
  std::fill_n(out, 4, '*');
  std::copy(tail.begin(), tail.end(), out + 4);
  return text_value(out, 4 + tail.size());
}

}  // namespace

Masker::Masker(const config::Settings& settings) {
  const bool hashes = std::any_of(settings.columns_mask.begin(), settings.columns_mask.end(),
                                  [](const auto& rule) { return rule.method == config::MaskMethod::hash; });
  if (hashes) key_ = config::read_mask_key(settings);
}

Masker::~Masker() { OPENSSL_cleanse(key_.data(), key_.size()); }

Value Masker::hash(const Value& value, Arena& scratch) const {
  const std::string_view plain = plain_form(value, scratch);
  std::array<unsigned char, hash_size_bytes> digest{};
  unsigned digest_size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
       digest.data(), &digest_size);
  char* const out = scratch.take(hash_size_bytes * 2);
  write_hex(out, reinterpret_cast<const char*>(digest.data()), digest.size());
  return text_value(out, hash_size_bytes * 2);
}

void Masker::apply(std::span<const MaskedSlot> slots, std::span<Value> image, Arena& scratch) const {
  for (const MaskedSlot& masked : slots) {
    Value& value = image[masked.slot];
    if (value.kind == ValueKind::absent || value.kind == ValueKind::null) continue;
    switch (masked.method) {
      case config::MaskMethod::null: value = Value{}, value.kind = ValueKind::null; break;
      case config::MaskMethod::hash: value = hash(value, scratch); break;
      case config::MaskMethod::last4: value = last4(plain_form(value, scratch), scratch); break;
    }
  }
}

}  // namespace cdc::capture
