#include "schema_channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <condition_variable>
#include <mutex>

namespace cdc::conduit {
namespace {

constexpr const char* create_schema_method = "/connutils.v1.SchemaService/CreateSchema";
constexpr const char* token_header = "conduit-connector-token";

CallResult::Kind kind_of(const grpc::Status& status) noexcept {
  switch (status.error_code()) {
    case grpc::StatusCode::OK: return CallResult::Kind::ok;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::CANCELLED: return CallResult::Kind::unavailable;
    default: return CallResult::Kind::refused;
  }
}

std::string text_of(grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

/// The end of an asynchronous call, waited for.
class Completion {
 public:
  void set(grpc::Status status) {
    const std::lock_guard lock{mutex_};
    status_ = std::move(status);
    done_ = true;
    changed_.notify_all();
  }
  const grpc::Status& wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return done_; });
    return status_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  grpc::Status status_;
  bool done_ = false;
};

class GrpcSchemaChannel final : public SchemaChannel {
 public:
  GrpcSchemaChannel(const std::string& target, const std::string& token) : stub_{make_channel(target)}, token_{token} {}

  CallResult create_schema(std::string_view request, std::chrono::milliseconds limit, const std::stop_token& stop) override {
    grpc::ClientContext context;
    context.AddMetadata(token_header, token_);
    context.set_deadline(std::chrono::system_clock::now() + limit);
    const grpc::Slice slice{request.data(), request.size()};
    const grpc::ByteBuffer message{&slice, 1};
    grpc::ByteBuffer response;
    Completion completion;
    stub_.UnaryCall(&context, create_schema_method, {}, &message, &response,
                    [&](grpc::Status status) { completion.set(std::move(status)); });
    const std::stop_callback cancel{stop, [&] { context.TryCancel(); }};
    const grpc::Status& status = completion.wait();
    return {kind_of(status), status.ok() ? text_of(response) : status.error_message()};
  }

 private:
  static std::shared_ptr<grpc::Channel> make_channel(const std::string& target) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
    return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
  }

  grpc::GenericStub stub_;
  const std::string token_;
};

}  // namespace

std::unique_ptr<SchemaChannel> open_schema_channel(const std::string& target, const std::string& token) {
  return std::make_unique<GrpcSchemaChannel>(target, token);
}

}  // namespace cdc::conduit
