#include "json_path.h"

#include <charconv>

#include "cdc/base/utf8.h"
#include "cdc/model/json.h"

namespace cdc {
namespace {

/// A path while it is read; every step moves on or fails.
class PathReader {
 public:
  PathReader(std::string_view path, Arena& memory) noexcept : at_{path.data()}, end_{path.data() + path.size()}, memory_{memory} {}

  bool read(std::vector<JsonLeg>& legs) {
    if (!skip("$")) return false;
    while (at_ != end_) {
      JsonLeg leg;
      if (legs.size() == json_depth_max || !(skip(".") ? member(leg) : cell(leg))) return false;
      legs.push_back(leg);
    }
    return true;
  }

 private:
  bool skip(std::string_view word) noexcept {
    const bool found = std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(word);
    if (found) at_ += word.size();
    return found;
  }
  bool member(JsonLeg& leg) {
    leg.is_member = true;
    if (skip("\"")) return quoted(leg.member);
    const char* const begin = at_;
    while (at_ != end_ && *at_ != '.' && *at_ != '[') ++at_;
    leg.member = {begin, static_cast<std::size_t>(at_ - begin)};
    return at_ != begin;
  }
  bool cell(JsonLeg& leg) noexcept {
    if (!skip("[")) return false;
    leg.from_end = skip("last");
    if (leg.from_end && skip("]")) return true;
    if (leg.from_end && !skip("-")) return false;
    const auto [rest, error] = std::from_chars(at_, end_, leg.cell);
    at_ = rest;
    return error == std::errc{} && skip("]");
  }
  bool quoted(std::string_view& name) {
    char* const begin = memory_.take(static_cast<std::size_t>(end_ - at_));
    char* out = begin;
    while (at_ != end_ && *at_ != '"') {
      char c = *at_++;
      if (c == '\\' && !escape(c)) return false;
      *out++ = c;
    }
    memory_.trim(out);
    name = {begin, static_cast<std::size_t>(out - begin)};
    return skip("\"");
  }
  /// Behind the backslash. Beyond the short forms the server escapes control characters only.
  bool escape(char& out) noexcept {
    static constexpr std::string_view letters = "bfnrt\"\\/", meanings = "\b\f\n\r\t\"\\/";
    if (at_ == end_) return false;
    const std::size_t which = letters.find(*at_);
    if (which != letters.npos) return ++at_, out = meanings[which], true;
    unsigned code = 0;
    if (!skip("u00") || end_ - at_ < 2) return false;
    const auto [rest, error] = std::from_chars(at_, at_ + 2, code, 16);
    const bool whole = error == std::errc{} && rest == at_ + 2 && code < 0x80;
    at_ += 2;
    out = static_cast<char>(code);
    return whole;
  }

  const char* at_;
  const char* end_;
  Arena& memory_;
};

}  // namespace

bool parse_json_path(std::string_view path, Arena& memory, std::vector<JsonLeg>& legs) {
  return is_valid_utf8(path) && PathReader{path, memory}.read(legs);
}

}  // namespace cdc
