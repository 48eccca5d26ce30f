#include "cdc/model/value_text.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

#include "hex.h"

namespace cdc {
namespace {

std::string text_of(const std::string& hex) {
  const ExactBytes exact = from_hex(hex);
  Value value;
  set_data(value, ValueKind::inet, {reinterpret_cast<const char*>(exact.span().data()), exact.size()});
  const auto room = std::make_unique<char[]>(inet_text_max_bytes);
  return {room.get(), static_cast<std::size_t>(write_inet(room.get(), value) - room.get())};
}

TEST_CASE("addresses print as MariaDB prints them") {
  struct Case {
    std::string hex, text;
  };
  const Case cases[] = {
      {"c0000201", "192.0.2.1"},
      {"00000000", "0.0.0.0"},
      {"ffffffff", "255.255.255.255"},
      {"00000000000000000000000000000000", "::"},
      {"00000000000000000000000000000001", "::1"},
      {"20010db800000000000000000000ff00", "2001:db8::ff00"},
      {"fe800000000000000000000000000000", "fe80::"},
      {"00010002000300040005000600070008", "1:2:3:4:5:6:7:8"},
      {"ffffffffffffffffffffffffffffffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"00010000000200030004000500060007", "1::2:3:4:5:6:7"},
      {"00010000000200000003000400050006", "1::2:0:3:4:5:6"},
      {"00000001000200030004000500060007", "::1:2:3:4:5:6:7"},
      {"00010002000300040005000600070000", "1:2:3:4:5:6:7::"},
      {"00000001000000000002000300040005", "0:1::2:3:4:5"},
      {"00010000000000020003000000000004", "1::2:3:0:0:4"},
      {"00000000000100000000000000010002", "0:0:1::1:2"},
      {"00000000000000000000000001020304", "::1.2.3.4"},
      {"00000000000000000000000000000102", "::102"},
      {"00000000000000000000000000010002", "::0.1.0.2"},
      {"00000000000000000000ffffc0000201", "::ffff:192.0.2.1"},
      {"00000000000000000000ffff00000000", "::ffff:0.0.0.0"},
      {"00000000000000000000fffe00010002", "::fffe:1:2"},
      {"00000000000000000000000100000000", "::1:0:0"},
      {"ab", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.hex);
    CHECK(text_of(c.hex) == c.text);
  }
}

}  // namespace
}  // namespace cdc
