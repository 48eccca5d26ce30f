#pragma once

/// Binary JSON, and changes to it, put together as a server would.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cdc::test {

inline std::string word(std::size_t value, std::size_t size_bytes) {
  std::string out;
  for (std::size_t i = 0; i < size_bytes; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

/// A length of the documents: seven bits a byte.
inline std::string length(std::size_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out += static_cast<char>(value);
}

inline std::string string(std::string_view text) { return '\x0c' + length(text.size()).append(text); }

/// Without its type. `values` are documents; `keys` are those of an object.
inline std::string container(const std::vector<std::string>& keys, const std::vector<std::string>& values, bool large) {
  const std::size_t width = large ? 4 : 2;
  std::string entries, data;
  const std::size_t data_at = 2 * width + keys.size() * (width + 2) + values.size() * (1 + width);
  for (const std::string& key : keys) {
    entries += word(data_at + data.size(), width) + word(key.size(), 2);
    data += key;
  }
  for (const std::string& value : values) {
    const int of = value[0];
    const bool inlined = (of >= 4 && of <= 6) || (large && (of == 7 || of == 8));
    std::string field = inlined ? value.substr(1) : word(data_at + data.size(), width);
    field.resize(width);
    entries += value[0] + field;
    if (!inlined) data += value.substr(1);
  }
  return word(values.size(), width) + word(data_at + data.size(), width) + entries + data;
}

inline std::string array(const std::vector<std::string>& values, bool large = false) {
  return static_cast<char>(large ? 3 : 2) + container({}, values, large);
}

/// Keys in the server's order.
inline std::string object(const std::vector<std::pair<std::string, std::string>>& members, bool large = false) {
  std::vector<std::string> keys, values;
  for (const auto& [key, value] : members) keys.push_back(key), values.push_back(value);
  return static_cast<char>(large ? 1 : 0) + container(keys, values, large);
}

/// A length-encoded integer.
inline std::string lenenc(std::size_t value) {
  if (value < 0xfb) return word(value, 1);
  return value < 0x10000 ? '\xfc' + word(value, 2) : '\xfd' + word(value, 3);
}

/// One change: 0 replace, 1 insert, 2 remove (which has no value).
inline std::string diff(int operation, std::string_view path, std::string_view value = {}) {
  std::string out = static_cast<char>(operation) + lenenc(path.size()).append(path);
  return operation == 2 ? out : out + lenenc(value.size()).append(value);
}

}  // namespace cdc::test
