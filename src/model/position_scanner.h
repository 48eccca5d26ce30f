#pragma once

/// The JSON that positions are written in, read piece by piece: strings, unsigned integers, null, and objects and arrays of them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdc {

/// Throws Error(position_invalid).
[[noreturn]] void refuse_position(std::string why);
/// What the text said, fit for a message: in quotes, short, without control characters.
std::string quote_for_message(std::string_view text);

/// A cursor over the text; anything that is not where it must be is refused.
class PositionScanner {
 public:
  explicit PositionScanner(std::string_view text) noexcept : rest_{text} {}

  /// Calls `each(name)` for every field of an object, which must read the value.
  template <class Each>
  void object(Each&& each) {
    expect('{');
    for (bool first = true; !take('}'); first = false) {
      if (!first) expect(',');
      const std::string name = string();
      expect(':');
      each(name);
    }
  }
  /// Calls `each()` for every element of an array, which must read it.
  template <class Each>
  void array(Each&& each) {
    expect('[');
    for (bool first = true; !take(']'); first = false) {
      if (!first) expect(',');
      each();
    }
  }
  std::string string();
  /// Nothing for null.
  std::optional<std::string> string_or_null();
  /// `name` is for the message.
  std::uint64_t number(std::string_view name);
  /// Nothing may be left.
  void end();
  void expect(char wanted);

 private:
  void skip_space() noexcept;
  bool take(char wanted) noexcept;
  char take_char() noexcept;
  void escape(std::string& out);

  std::string_view rest_;
};

}  // namespace cdc
