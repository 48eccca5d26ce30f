#include "server.h"

#include <fmt/format.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/stat.h>

#include <exception>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "acknowledgements.h"
#include "cdc/base/error.h"
#include "record_stream.h"
#include "status_text.h"

namespace cdc::conduit {
namespace {

using Reactor = grpc::ServerGenericBidiReactor;

constexpr int largest_message_bytes = 64 << 20;  // of those we receive: acknowledgements of a whole batch
constexpr int most_streams = 100;

grpc::Status failure(const std::string& text) { return {grpc::StatusCode::UNKNOWN, text}; }

std::string text_of(grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return {};
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

grpc::ByteBuffer to_buffer(const std::string& text) {
  const grpc::Slice slice{text};
  return {&slice, 1};
}

/// Ends at once.
class Refusal final : public Reactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

/// A call with one request and one response. The work is done on a thread of its own, as it may block and gRPC has few.
class UnaryCall final : public Reactor {
 public:
  UnaryCall(Plugin& plugin, const Method& method) : plugin_{plugin}, method_{method} {
    plugin_.presence.call_begins();
    StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(failure("the call came without a request"));
    std::thread{[this] { work(); }}.detach();
  }
  void OnCancel() override { cancelled_.request_stop(); }
  void OnDone() override {
    plugin_.presence.call_ends(false);
    delete this;
  }

 private:
  void work() {
    try {
      response_ = to_buffer(method_.handle(plugin_, text_of(message_), cancelled_.get_token()));
      StartWriteAndFinish(&response_, {}, grpc::Status::OK);
    } catch (const Error& error) {
      Finish(failure(status_text(error)));
    } catch (const std::exception& error) {  // memory, threads: nothing of ours
      Finish(failure(status_text(error)));
    }
  }

  Plugin& plugin_;
  const Method& method_;
  std::stop_source cancelled_;
  grpc::ByteBuffer message_, response_;
};

/// The stream of records. It lives until the session has finished it, whatever the host does.
class RunCall final : public Reactor, public RecordStream {
 public:
  explicit RunCall(Plugin& plugin) : plugin_{plugin} {
    plugin_.presence.call_begins();
    StartSendInitialMetadata();
    try {
      outbox_ = plugin_.session.run(*this);
    } catch (const std::exception& error) {
      Finish(failure(text_of_error(error)));
      return;
    }
    StartRead(&received_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return leave();
    if (const auto count = count_in(received_)) outbox_->on_acknowledged(*count);
    StartRead(&received_);
  }
  void OnWriteDone(bool ok) override {
    sending_.Clear();  // its share of the bytes
    outbox_->on_written(ok);
  }
  void OnCancel() override { leave(); }
  void OnDone() override {
    plugin_.presence.call_ends(true);
    delete this;
  }

  void start_write(std::span<const std::byte> bytes, void (*release)(void*), void* argument) override {
    const grpc::Slice slice{const_cast<std::byte*>(bytes.data()), bytes.size(), release, argument};  // only read there
    sending_ = grpc::ByteBuffer{&slice, 1};
    StartWrite(&sending_);
  }
  void finish(const std::string& error) override { Finish(error.empty() ? grpc::Status::OK : failure(error)); }

 private:
  /// The caller is gone. A Run that was refused has no part in the session: another one may be going on.
  void leave() {
    if (outbox_ != nullptr) plugin_.session.abandon();
  }

  static std::string text_of_error(const std::exception& error) {
    const auto* const ours = dynamic_cast<const Error*>(&error);
    return ours != nullptr ? status_text(*ours) : status_text(error);
  }

  static std::optional<std::uint64_t> count_in(grpc::ByteBuffer& message) {
    grpc::Slice slice;
    if (!message.TrySingleSlice(&slice).ok() && !message.DumpToSingleSlice(&slice).ok()) return std::nullopt;
    return count_acknowledged(std::as_bytes(std::span{slice.begin(), slice.size()}));
  }

  Plugin& plugin_;
  std::shared_ptr<Outbox> outbox_;  ///< Null when the session refused; set before gRPC calls back.
  grpc::ByteBuffer received_, sending_;
};

class Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(Plugin plugin) : plugin_{plugin} {}

  Reactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    if (context->method() == run_method) return new RunCall{plugin_};
    if (const Method* const method = find_method(context->method())) return new UnaryCall{plugin_, *method};
    return new Refusal{{grpc::StatusCode::UNIMPLEMENTED, std::string{why_missing(context->method())}}};
  }

 private:
  Plugin plugin_;
};

}  // namespace

struct Server::State {
  Service service;
  std::unique_ptr<grpc::Server> server;
};

Server::Server(const std::string& socket_path, Plugin plugin) : state_{new State{Service{plugin}, nullptr}} {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("unix:" + socket_path, grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&state_->service);
  builder.SetMaxReceiveMessageSize(largest_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, most_streams);
  state_->server = builder.BuildAndStart();
  if (state_->server == nullptr || port == 0 || ::chmod(socket_path.c_str(), 0600) != 0) {
    throw Error{ErrorCode::plugin_launch, Remedy::operate, fmt::format("no server could be started on {}", socket_path),
                "set TMPDIR of the host to a folder that it may write to"};
  }
}

Server::~Server() = default;

void Server::stop(std::chrono::milliseconds limit) { state_->server->Shutdown(std::chrono::system_clock::now() + limit); }

}  // namespace cdc::conduit
