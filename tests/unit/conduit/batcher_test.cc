#include "batcher.h"

#include <doctest/doctest.h>

#include <deque>
#include <limits>

#include "change_scene.h"

namespace cdc::conduit {
namespace {

using std::chrono::milliseconds;

/// Numbers every schema 1.
class Registry final : public opencdc::SchemaRegistry {
 public:
  opencdc::SchemaId resolve(std::string_view subject, std::string_view) override { return {std::string{subject}, 1}; }
};

/// The host's side: takes messages, and says when they are done.
class Stream final : public RecordStream {
 public:
  void start_write(std::span<const std::byte> bytes, void (*release)(void*), void* argument) override {
    const std::lock_guard lock{mutex_};
    writes_.push_back({bytes.size(), release, argument});
    arrived_.notify_all();
  }
  void finish(const std::string&) override {}

  /// Waits for a message; its size. Its bytes stay in use until `end_use`.
  std::size_t await() {
    std::unique_lock lock{mutex_};
    REQUIRE(arrived_.wait_for(lock, std::chrono::seconds{20}, [this] { return !writes_.empty(); }));
    return writes_.front().size_bytes;
  }
  void end_use() {
    std::unique_lock lock{mutex_};
    const Write write = writes_.front();
    writes_.pop_front();
    lock.unlock();
    write.release(write.argument);
  }
  bool empty() {
    const std::lock_guard lock{mutex_};
    return writes_.empty();
  }

 private:
  struct Write {
    std::size_t size_bytes;
    void (*release)(void*);
    void* argument;
  };
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Write> writes_;
};

/// A batcher with all it needs. Changes are told apart by `position.n`.
struct Bench {
  explicit Bench(BatchLimits limits) : batcher{encoder, *outbox, limits, stop.get_token()} {}

  void change(std::string_view content = "x") {
    const std::vector<Value> after{test::integer(static_cast<std::int64_t>(scene.position.n)), test::text(content)};
    batcher.on_change(scene.change(Operation::create, {}, after));
    last_position = to_text(scene.position);
    ++scene.position.n;
  }
  /// The host takes what is there: how many records were sent until now.
  std::uint64_t take() {
    stream.await();
    outbox->on_written(true);
    stream.end_use();
    return outbox->sent();
  }

  test::Scene scene{{test::column("id", ColumnType::bigint), test::column("v")}};
  Registry registry;
  opencdc::RecordEncoder encoder{{}, registry};
  Stream stream;
  std::shared_ptr<Outbox> outbox = std::make_shared<Outbox>(stream);
  std::stop_source stop;
  Batcher batcher;
  std::string last_position;
};

TEST_CASE("sizes of batches by settings") {
  struct Case {
    std::string name;
    std::size_t size;
    milliseconds delay;
    std::size_t records;
  };
  const Case cases[] = {{"the default", 1000, milliseconds{0}, 1000},
                        {"one by one", 0, milliseconds{0}, 1},
                        {"what a delay brings", 0, milliseconds{5}, std::numeric_limits<std::size_t>::max()},
                        {"both", 7, milliseconds{5}, 7}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    config::Settings settings;
    settings.batch_size = c.size;
    settings.batch_delay = c.delay;
    CHECK(batch_limits(settings).records == c.records);
    CHECK(batch_limits(settings).delay == c.delay);
  }
}

TEST_CASE("a listener is told of a batch when all of it is acknowledged") {
  Bench bench{{.records = 2}};
  std::vector<std::string> told, sent;
  bench.outbox->listen([&](std::string_view position) { told.emplace_back(position); });
  for (int batch = 0; batch < 4; ++batch) {
    bench.change();
    bench.change();
    bench.take();
    sent.push_back(bench.last_position);
  }
  bench.outbox->on_acknowledged(1);
  CHECK(told.empty());
  bench.outbox->on_acknowledged(2);
  CHECK(told == std::vector{sent[0]});
  bench.outbox->on_acknowledged(3);  // two batches at once: the later one says it all
  CHECK(told == std::vector{sent[0], sent[2]});
  bench.outbox->listen({});
  bench.outbox->on_acknowledged(2);
  CHECK(told.size() == 2);
}

TEST_CASE("a batch leaves at its number of records") {
  Bench bench{{.records = 2}};
  bench.change();
  CHECK(bench.stream.empty());
  bench.change();
  CHECK(bench.take() == 2);
}

TEST_CASE("a batch leaves at its bytes") {
  Bench bench{{.bytes = 1000}};
  bench.change();
  CHECK(bench.stream.empty());
  bench.change(std::string(1000, 'x'));
  CHECK(bench.take() == 2);
}

TEST_CASE("a batch leaves when the source runs dry, and an empty one does not") {
  Bench bench{{}};
  bench.batcher.on_idle();
  CHECK(bench.stream.empty());
  bench.change();
  bench.batcher.on_idle();
  CHECK(bench.take() == 1);
  CHECK(bench.outbox->seal() == bench.last_position);
}

TEST_CASE("with a delay a batch leaves by time alone") {
  Bench bench{{.delay = milliseconds{1}}};
  bench.change();
  bench.batcher.on_idle();
  CHECK(bench.take() == 1);
  bench.change();
  CHECK(bench.take() == 2);
}

TEST_CASE("the next batch waits until the one before is written and its bytes are free") {
  Bench bench{{.records = 1}};
  bench.change();
  bench.stream.await();
  std::jthread second{[&] { bench.change(); }};
  bench.outbox->on_written(true);
  CHECK(bench.outbox->sent() == 1);
  bench.stream.end_use();
  bench.stream.await();
  CHECK(bench.outbox->sent() == 2);
  bench.outbox->on_written(true);
  bench.stream.end_use();
}

TEST_CASE("whoever waits for the host ends on a stop, a seal and the call's end, and sends nothing any more") {
  struct Case {
    std::string name;
    void (*end)(Bench& bench);
  };
  const Case cases[] = {{"a stop", [](Bench& bench) { bench.stop.request_stop(); }},
                        {"a seal", [](Bench& bench) { bench.outbox->seal(); }},
                        {"the call's end", [](Bench& bench) { bench.outbox->close(); }},
                        {"a failed write", [](Bench& bench) { bench.outbox->on_written(false); }}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Bench bench{{.records = 1}};
    bench.change();
    bench.stream.await();
    const std::string sent = bench.last_position;
    std::jthread second{[&] { bench.change(); }};
    c.end(bench);
    second.join();
    bench.outbox->on_written(true);
    bench.stream.end_use();
    bench.change();
    bench.batcher.on_idle();
    bench.batcher.finish();
    CHECK(bench.stream.empty());
    CHECK(bench.outbox->sent() == 1);
    CHECK(bench.outbox->seal() == sent);
  }
}

TEST_CASE("what came before an error is sent") {
  Bench bench{{}};
  bench.change();
  bench.batcher.finish();
  CHECK(bench.take() == 1);
}

TEST_CASE("acknowledgements are waited for, but not for long") {
  Bench bench{{.records = 3}};
  for (int i = 0; i < 3; ++i) bench.change();
  bench.take();
  CHECK_FALSE(bench.outbox->wait_acknowledged(milliseconds{1}));
  bench.outbox->on_acknowledged(2);
  CHECK_FALSE(bench.outbox->wait_acknowledged(milliseconds{1}));
  bench.outbox->on_acknowledged(1);
  CHECK(bench.outbox->wait_acknowledged(milliseconds{1}));
  CHECK(bench.outbox->acknowledged() == 3);
}

TEST_CASE("bytes that gRPC keeps outlive everybody else") {
  Stream stream;
  Registry registry;
  opencdc::RecordEncoder encoder{{}, registry};
  {
    const test::Scene scene{{test::column("id", ColumnType::bigint)}};
    const std::vector<Value> after{test::integer(1)};
    auto outbox = std::make_shared<Outbox>(stream);
    encoder.append(scene.change(Operation::create, {}, after));
    CHECK(outbox->send(encoder, {}));
  }
  CHECK(stream.await() > 0);
  stream.end_use();
}

}  // namespace
}  // namespace cdc::conduit
