#include "schema_channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

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

/// A queue for one call, which is waited for on the caller's thread: gRPC's threads for callbacks, once there, would take part in the
/// polling of the server's connection for as long as the process lives (event_queue.h).
class CallQueue {
 public:
  CallQueue() = default;
  ~CallQueue() {
    queue_.Shutdown();
    wait();
  }
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;

  grpc::CompletionQueue* get() noexcept { return &queue_; }
  void wait() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
  }

 private:
  grpc::CompletionQueue queue_;
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
    grpc::Status status;
    CallQueue queue;
    const auto call = stub_.PrepareUnaryCall(&context, create_schema_method, message, queue.get());
    call->StartCall();
    call->Finish(&response, &status, nullptr);
    const std::stop_callback cancel{stop, [&] { context.TryCancel(); }};
    queue.wait();  // not beyond the deadline
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
