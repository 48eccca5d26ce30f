#include "cdc/capture/endpoint.h"

#include <doctest/doctest.h>

namespace cdc::capture {
namespace {

TEST_CASE("the address has the settings' time limits") {
  config::Settings settings;
  settings.url = "mysql://u:p@h/d";
  settings.heartbeat = std::chrono::seconds{4};
  mysql::Endpoint endpoint = endpoint_of(settings, {});
  CHECK(endpoint.database == "d");
  CHECK(endpoint.read_timeout == std::chrono::seconds{12});
  CHECK_FALSE(endpoint.fetch_password);
  CHECK_FALSE(endpoint.cleartext_password);
  settings.read_timeout = std::chrono::seconds{1};
  settings.password_file = "/nonexistent";
  endpoint = endpoint_of(settings, {});
  CHECK(endpoint.read_timeout == std::chrono::seconds{1});
  CHECK(endpoint.cleartext_password);
}

TEST_CASE("what a DSN says of itself stands") {
  config::Settings settings;
  settings.url = "u:p@tcp(h:3306)/d?timeout=3s&readTimeout=7s&allowCleartextPasswords=true";
  mysql::Endpoint endpoint = endpoint_of(settings, {});
  CHECK(endpoint.connect_timeout == std::chrono::seconds{3});
  CHECK(endpoint.read_timeout == std::chrono::seconds{7});
  CHECK(endpoint.cleartext_password);
  settings.connect_timeout = std::chrono::seconds{1};
  settings.read_timeout = std::chrono::seconds{2};
  endpoint = endpoint_of(settings, {});
  CHECK(endpoint.connect_timeout == std::chrono::seconds{1});
  CHECK(endpoint.read_timeout == std::chrono::seconds{2});
}

}  // namespace
}  // namespace cdc::capture
