#include "methods.h"

#include <algorithm>
#include <array>

#include "cdc/base/error.h"
#include "messages.h"

namespace cdc::conduit {
namespace {

template <class Decoded>
Decoded require(std::optional<Decoded> decoded) {
  if (decoded) return std::move(*decoded);
  throw Error{ErrorCode::call_order, Remedy::fix, "the request is no message of the connector protocol",
              "report it with the host's version"};
}

std::string specify(Plugin&, std::string_view, const std::stop_token&) { return encode_specification(specification()); }

std::string configure(Plugin& plugin, std::string_view request, const std::stop_token&) {
  plugin.session.configure(require(decode_configure(request)));
  return {};
}

std::string open(Plugin& plugin, std::string_view request, const std::stop_token&) {
  plugin.session.open(require(decode_open(request)));
  return {};
}

std::string stop(Plugin& plugin, std::string_view, const std::stop_token& cancelled) { return encode_stop(plugin.session.stop(cancelled)); }

std::string teardown(Plugin& plugin, std::string_view, const std::stop_token&) {
  plugin.session.teardown();
  return {};
}

std::string deleted(Plugin& plugin, std::string_view request, const std::stop_token&) {
  plugin.session.forget(require(decode_configure(request)));
  return {};
}

/// Nothing is to be made or changed when a connector is.
std::string no_work(Plugin&, std::string_view, const std::stop_token&) { return {}; }

std::string shut_down(Plugin& plugin, std::string_view, const std::stop_token&) {
  plugin.presence.shut_down();
  return {};
}

/// grpc.health.v1.HealthCheckResponse{status: SERVING}: whoever is answered is served.
std::string check_health(Plugin&, std::string_view, const std::stop_token&) { return "\x08\x01"; }

constexpr std::array<Method, 10> methods{{{"/connector.v2.SpecifierPlugin/Specify", specify},
                                          {"/connector.v2.SourcePlugin/Configure", configure},
                                          {"/connector.v2.SourcePlugin/Open", open},
                                          {"/connector.v2.SourcePlugin/Stop", stop},
                                          {"/connector.v2.SourcePlugin/Teardown", teardown},
                                          {"/connector.v2.SourcePlugin/LifecycleOnCreated", no_work},
                                          {"/connector.v2.SourcePlugin/LifecycleOnUpdated", no_work},
                                          {"/connector.v2.SourcePlugin/LifecycleOnDeleted", deleted},
                                          {"/plugin.GRPCController/Shutdown", shut_down},
                                          {"/grpc.health.v1.Health/Check", check_health}}};

}  // namespace

const Method* find_method(std::string_view name) noexcept {
  const auto* const found = std::find_if(methods.begin(), methods.end(), [&](const Method& method) { return method.name == name; });
  return found == methods.end() ? nullptr : found;
}

std::string_view why_missing(std::string_view name) noexcept {
  if (name.starts_with("/connector.v2.DestinationPlugin/")) return "mysql-cdc is a source connector; it cannot be a destination";
  return "mysql-cdc has no such call";
}

}  // namespace cdc::conduit
