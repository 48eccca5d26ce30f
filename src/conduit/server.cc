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

#include "call.h"
#include "cdc/base/error.h"
#include "run_call.h"
#include "status_text.h"

namespace cdc::conduit {
namespace {

constexpr int largest_message_bytes = 64 << 20;  // of those we receive: acknowledgements of a whole batch
constexpr int most_streams = 100;

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
class Refusal final : public Call {
 public:
  Refusal(Plugin& plugin, EventQueue& events, std::unique_ptr<Arrival> arrival, const grpc::Status& status)
      : Call{plugin, events, std::move(arrival)} {
    finish(status);
  }

 private:
  ~Refusal() override { plugin_.presence.call_ends(false); }
  void on_read(bool) override {}
  void on_cancelled() override {}
};

/// A call with one request and one response. The work is done on a thread of its own, as it may block.
class UnaryCall final : public Call {
 public:
  UnaryCall(Plugin& plugin, EventQueue& events, std::unique_ptr<Arrival> arrival, const Method& method)
      : Call{plugin, events, std::move(arrival)}, method_{method} {
    read();
  }

 private:
  ~UnaryCall() override { plugin_.presence.call_ends(false); }
  void on_read(bool ok) override {
    if (!ok) return finish(failure("the call came without a request"));
    std::thread{[this] { work(); }}.detach();
  }
  void on_cancelled() override { cancelled_.request_stop(); }

  void work() {
    try {
      respond(to_buffer(method_.handle(plugin_, text_of(received_), cancelled_.get_token())));
    } catch (const Error& error) {
      finish(failure(status_text(error)));
    } catch (const std::exception& error) {  // memory, threads: nothing of ours
      finish(failure(status_text(error)));
    }
  }

  const Method& method_;
  std::stop_source cancelled_;
};

/// Waits for calls, one after the other.
class Reception final : public Operation {
 public:
  Reception(Plugin plugin, grpc::AsyncGenericService& service, EventQueue& events) : plugin_{plugin}, service_{service}, events_{events} {}

  void wait_for_next() {
    next_ = std::make_unique<Arrival>();
    service_.RequestCall(&next_->context, &next_->stream, &events_.queue(), &events_.queue(), this);
  }
  void on_done(bool ok) override {
    if (!ok) return;  // the server has ended
    std::unique_ptr<Arrival> arrival = std::move(next_);
    wait_for_next();
    Arrival& come = *arrival;
    come.attach(begin(std::move(arrival)));
  }

 private:
  Call& begin(std::unique_ptr<Arrival> arrival) {
    const std::string method = arrival->context.method();
    if (method == run_method) return *new RunCall{plugin_, events_, std::move(arrival)};
    if (const Method* const known = find_method(method)) return *new UnaryCall{plugin_, events_, std::move(arrival), *known};
    return *new Refusal{plugin_, events_, std::move(arrival), {grpc::StatusCode::UNIMPLEMENTED, std::string{why_missing(method)}}};
  }

  Plugin plugin_;
  grpc::AsyncGenericService& service_;
  EventQueue& events_;
  std::unique_ptr<Arrival> next_;
};

}  // namespace

struct Server::State {
  grpc::AsyncGenericService service;
  std::unique_ptr<EventQueue> events;
  std::unique_ptr<Reception> reception;
  std::unique_ptr<grpc::Server> server;
};

Server::Server(const std::string& socket_path, Plugin plugin) : state_{new State} {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("unix:" + socket_path, grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&state_->service);
  builder.SetMaxReceiveMessageSize(largest_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, most_streams);
  state_->events = std::make_unique<EventQueue>(builder.AddCompletionQueue());
  state_->server = builder.BuildAndStart();
  if (state_->server == nullptr || port == 0 || ::chmod(socket_path.c_str(), 0600) != 0) {
    throw Error{ErrorCode::plugin_launch, Remedy::operate, fmt::format("no server could be started on {}", socket_path),
                "set TMPDIR of the host to a folder that it may write to"};
  }
  state_->reception = std::make_unique<Reception>(plugin, state_->service, *state_->events);
  state_->reception->wait_for_next();
  state_->events->start();
}

Server::~Server() = default;

void Server::stop(std::chrono::milliseconds limit) { state_->server->Shutdown(std::chrono::system_clock::now() + limit); }

}  // namespace cdc::conduit
