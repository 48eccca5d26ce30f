#include "methods.h"

#include <connector/v2/source.pb.h>
#include <doctest/doctest.h>

#include "cdc/base/error.h"

namespace cdc::conduit {
namespace {

std::unique_ptr<Pipeline> no_pipeline(const config::Entries& entries) {
  if (entries.empty()) throw Error{ErrorCode::setting_invalid, Remedy::operate, "nothing given"};
  return nullptr;
}

std::string call(std::string_view name, std::string_view request = {}) {
  Session session{no_pipeline};
  Presence presence;
  Plugin plugin{session, presence};
  const Method* const method = find_method(name);
  REQUIRE(method != nullptr);
  return method->handle(plugin, request, {});
}

TEST_CASE("every call of the protocol is there") {
  for (const std::string name :
       {"Configure", "Open", "Stop", "Teardown", "LifecycleOnCreated", "LifecycleOnUpdated", "LifecycleOnDeleted"}) {
    CAPTURE(name);
    CHECK(find_method("/connector.v2.SourcePlugin/" + name) != nullptr);
  }
  CHECK(find_method("/connector.v2.SpecifierPlugin/Specify") != nullptr);
  CHECK(find_method("/plugin.GRPCController/Shutdown") != nullptr);
  CHECK(call("/grpc.health.v1.Health/Check") == "\x08\x01");
}

TEST_CASE("what is not there says why") {
  CHECK(find_method("/connector.v2.DestinationPlugin/Configure") == nullptr);
  CHECK(why_missing("/connector.v2.DestinationPlugin/Configure").find("source connector") != std::string_view::npos);
  CHECK_FALSE(why_missing("/plugin.GRPCStdio/StreamStdio").empty());
  CHECK(find_method("") == nullptr);
}

TEST_CASE("the configuration arrives, and bytes that are no message are refused") {
  ::connector::v2::Source::Configure::Request request;
  (*request.mutable_config())["url"] = "x";
  CHECK(call("/connector.v2.SourcePlugin/Configure", request.SerializeAsString()).empty());
  CHECK_THROWS_AS(call("/connector.v2.SourcePlugin/Configure", ""), Error);
  CHECK_THROWS_AS(call("/connector.v2.SourcePlugin/Configure", "\x0A\xFF"), Error);
  CHECK_THROWS_AS(call("/connector.v2.SourcePlugin/Open", "\x0A\xFF"), Error);
}

TEST_CASE("life-cycle calls and Teardown work without a configuration") {
  for (const std::string name : {"LifecycleOnCreated", "LifecycleOnUpdated", "LifecycleOnDeleted", "Teardown", "Stop"}) {
    CAPTURE(name);
    CHECK(call("/connector.v2.SourcePlugin/" + name).empty());
  }
}

}  // namespace
}  // namespace cdc::conduit
