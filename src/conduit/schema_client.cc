#include "schema_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "cdc/base/error.h"
#include "cdc/base/hash.h"
#include "cdc/base/log.h"
#include "messages.h"
#include "schema_channel.h"

namespace cdc::conduit {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds call_limit{10'000}, first_delay{100}, longest_delay{10'000};
constexpr int refusals_max = 3;
constexpr int safe_versions = 9;  // see the header

void pause(milliseconds delay, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock{mutex};
  stopped.wait_for(lock, stop, delay, [] { return false; });
}

bool is_header_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

[[noreturn]] void fail(std::string what) {
  throw Error{ErrorCode::schema_service, Remedy::operate, std::move(what),
              "look into the log of the host; or send records without schemas: sdk.schema.extract.payload.enabled=false and "
              "sdk.schema.extract.key.enabled=false"};
}

}  // namespace

SchemaClient::SchemaClient(std::string target, std::string token, std::stop_token stop)
    : target_{std::move(target)}, token_{std::move(token)}, stop_{std::move(stop)} {}
SchemaClient::~SchemaClient() = default;

opencdc::SchemaId SchemaClient::resolve(std::string_view subject, std::string_view json) {
  opencdc::SchemaId shared = create(subject, json);
  if (shared.version <= safe_versions) return shared;
  return create(fmt::format("{}.{:08x}", subject, fnv1a(json)), json);
}

opencdc::SchemaId SchemaClient::create(std::string_view subject, std::string_view json) {
  if (target_.empty()) fail("the host offers no schema service (CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET is empty)");
  if (!is_header_value(token_)) fail("the host's CONDUIT_CONNECTOR_TOKEN is no text that a call could carry");
  if (channel_ == nullptr) channel_ = open_schema_channel(target_, token_);
  const std::string request = encode_create_schema(subject, json);
  milliseconds delay = first_delay;
  for (int refusals = 0; !stop_.stop_requested(); delay = std::min(delay * 2, longest_delay)) {
    const CallResult result = channel_->create_schema(request, call_limit, stop_);
    if (result.kind == CallResult::Kind::ok) {
      if (auto id = decode_created_schema(result.text)) return std::move(*id);
      fail(fmt::format("the schema service answered the schema {} with bytes that are no answer", subject));
    }
    if (stop_.stop_requested()) break;
    if (result.kind == CallResult::Kind::refused && ++refusals == refusals_max)
      fail(fmt::format("the schema service refuses the schema {}: {}", subject, result.text));
    log(LogLevel::warning,
        fmt::format("the schema {} could not be registered: {}; trying again in {} ms", subject, result.text, delay.count()));
    pause(delay, stop_);
  }
  fail(fmt::format("stopped while registering the schema {}", subject));
}

}  // namespace cdc::conduit
