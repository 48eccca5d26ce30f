#include "greeting.h"

#include <doctest/doctest.h>

#include <string>

#include "exact_bytes.h"
#include "fake_server.h"

namespace cdc::mysql {
namespace {

std::string framed(std::string_view payload) {
  return std::string{static_cast<char>(payload.size()), '\0', '\0', '\0'} + std::string{payload};
}

}  // namespace

TEST_CASE("what a first packet says about TLS") {
  struct Case {
    const char* name;
    std::string bytes;
    Greeting is;
  };
  const Case cases[] = {
      {"MySQL with TLS", framed(make_greeting(true)), Greeting::offers_tls},
      {"MySQL without", framed(make_greeting(false)), Greeting::plain},
      {"more behind it", framed(make_greeting(true)) + "x", Greeting::offers_tls},
      {"too many connections", framed("\xff\x10\x04Too many connections"), Greeting::not_greeting},
      {"a web server", "HTTP/1.1 400 Bad Request", Greeting::not_greeting},
      {"an empty packet", framed(""), Greeting::not_greeting},
      {"a version without end",
       framed("\x0a"
              "8.0.99"),
       Greeting::not_greeting},
      {"nothing", "", Greeting::incomplete},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string{c.name});
    CHECK(read_greeting(ExactBytes{c.bytes}) == c.is);
  }
}

TEST_CASE("every truncation of a greeting is incomplete, or no greeting when its frame says it is whole") {
  const std::string payload = make_greeting(true), whole = framed(payload);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(read_greeting(ExactBytes{std::string_view{whole}.substr(0, size)}) == Greeting::incomplete);
  }
  const std::size_t through_capabilities = 1 + sizeof "8.0.99-fake" + 4 + 9 + 2;
  for (std::size_t size = 0; size < through_capabilities; ++size) {
    CAPTURE(size);
    CHECK(read_greeting(ExactBytes{framed(payload.substr(0, size))}) == Greeting::not_greeting);
  }
}

}  // namespace cdc::mysql
