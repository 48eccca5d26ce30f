#include "consumer.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <time.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "batch_walk.h"
#include "times.h"

namespace cdc::bench {
namespace {

using Bytes = grpc::ByteBuffer;

constexpr const char* run_method = "/connector.v2.SourcePlugin/Run";
/// With more acknowledgements waiting than this, nothing more is read: a host, too, takes only as much as it can answer.
constexpr std::size_t waiting_max = 2000;

double seconds(std::int64_t ns) noexcept { return static_cast<double>(ns) / 1e9; }

/// All callbacks come from gRPC's threads.
class Call final : public grpc::ClientBidiReactor<Bytes, Bytes> {
 public:
  explicit Call(const Wanted& wanted) : wanted_{wanted} {
    if (clock_getcpuclockid(wanted.process, &plugin_clock_) != 0) plugin_clock_ = CLOCK_PROCESS_CPUTIME_ID;
    seen_.arrivals_ns.reserve(wanted.records);
  }

  void begin() {
    seen_.begun_s = seconds(now_ns());
    StartRead(&received_);
    StartCall();
  }

  Seen wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return done_; });
    return std::move(seen_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    const std::int64_t now = now_ns();
    const std::lock_guard lock{mutex_};
    if (!complete()) take(now);
    write_next();
    read_next(waiting_max);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock{mutex_};
    writing_ = false;
    if (!ok) waiting_.clear();
    write_next();
    if (paused_) read_next(waiting_max / 2);
  }

  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock{mutex_};
    seen_.end_cpu_s = seconds(now_ns(plugin_clock_));
    if (!status.ok())
      seen_.failure = fmt::format("the call ended with {}: {}", static_cast<int>(status.error_code()), status.error_message());
    if (seen_.failure.empty() && !complete()) seen_.failure = fmt::format("the call ended after {} records", seen_.records);
    done_ = true;
    changed_.notify_all();
  }

 private:
  bool complete() const noexcept { return seen_.records >= wanted_.records; }

  void take(std::int64_t now) {
    grpc::Slice slice;
    if (!received_.TrySingleSlice(&slice).ok() && !received_.DumpToSingleSlice(&slice).ok()) return fail("a message without bytes");
    const double cpu_s = seconds(now_ns(plugin_clock_));
    if (seen_.records == 0) seen_.first_s = seconds(now), seen_.first_cpu_s = cpu_s;
    BatchWalk walk{{reinterpret_cast<const char*>(slice.begin()), slice.size()}};
    std::string positions;
    while (const auto position = complete() ? std::nullopt : walk.next()) {
      ++seen_.records;
      seen_.arrivals_ns.push_back(now);
      if (wanted_.acknowledge == Acknowledge::each) waiting_.emplace_back(*position);
      if (wanted_.acknowledge == Acknowledge::batch) positions += *position;
    }
    if (!positions.empty()) waiting_.push_back(std::move(positions));
    if (walk.malformed()) fail("a batch that does not begin with records");
    seen_.bytes += slice.size() - walk.left();
    ++seen_.messages;
    seen_.last_s = seconds(now);
    seen_.last_cpu_s = cpu_s;
  }

  void fail(const char* why) {
    seen_.failure = why;
    seen_.records = wanted_.records;
  }

  /// Not while as many acknowledgements wait; nor between the last record and the end of our side, so that the plugin is not drawn on
  /// into what lies behind the load.
  void read_next(std::size_t waiting_limit) {
    paused_ = !closed_ && (complete() || waiting_.size() > waiting_limit);
    if (!paused_) StartRead(&received_);
  }

  /// One at a time; after the last, the end of our side.
  void write_next() {
    if (writing_ || closed_) return;
    if (waiting_.empty()) {
      if (complete()) closed_ = true, StartWritesDone();
      return;
    }
    const grpc::Slice slice{waiting_.front()};
    waiting_.pop_front();
    sending_ = Bytes{&slice, 1};
    writing_ = true;
    StartWrite(&sending_);
  }

  const Wanted& wanted_;
  clockid_t plugin_clock_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  Bytes received_, sending_;
  std::deque<std::string> waiting_;
  bool writing_ = false, paused_ = false, closed_ = false, done_ = false;
  Seen seen_;
};

}  // namespace

Seen consume(const Wanted& wanted) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  grpc::TemplatedGenericStub<Bytes, Bytes> stub{
      grpc::CreateCustomChannel("unix:" + wanted.socket, grpc::InsecureChannelCredentials(), arguments)};
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + wanted.limit);
  Call call{wanted};
  stub.PrepareBidiStreamingCall(&context, run_method, {}, &call);
  call.begin();
  return call.wait();
}

}  // namespace cdc::bench
