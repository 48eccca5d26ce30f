/// bench-consumer: the Run call of a plugin that was configured and opened, and what it cost, as one line of JSON.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "consumer.h"
#include "times.h"

namespace {

using cdc::bench::Acknowledge;

}  // namespace

int main(int argc, char** argv) {
  cdc::bench::Wanted wanted;
  std::string arrivals;
  const std::map<std::string, Acknowledge> ways{{"none", Acknowledge::none}, {"batch", Acknowledge::batch}, {"each", Acknowledge::each}};
  CLI::App app{"Takes the records of a plugin and says what they cost it."};
  app.add_option("--socket", wanted.socket)->required();
  app.add_option("--process", wanted.process)->required();
  app.add_option("--records", wanted.records)->required();
  app.add_option("--acknowledge", wanted.acknowledge)->transform(CLI::CheckedTransformer(ways));
  app.add_option("--arrivals", arrivals, "a file for when each record came: nanoseconds of the monotonic clock, 8 bytes each");
  CLI11_PARSE(app, argc, argv);

  const cdc::bench::Seen seen = cdc::bench::consume(wanted);
  if (!seen.failure.empty()) {
    fmt::print(stderr, "{}\n", seen.failure);
    return 1;
  }
  if (!arrivals.empty() && !cdc::bench::write_times(arrivals, seen.arrivals_ns)) {
    fmt::print(stderr, "{} cannot be written\n", arrivals);
    return 1;
  }
  fmt::print("{{\"records\":{},\"bytes\":{},\"messages\":{},\"begun_s\":{:.6f},\"first_s\":{:.6f},\"last_s\":{:.6f},", seen.records,
             seen.bytes, seen.messages, seen.begun_s, seen.first_s, seen.last_s);
  fmt::print("\"first_cpu_s\":{:.6f},\"last_cpu_s\":{:.6f},\"end_cpu_s\":{:.6f}}}\n", seen.first_cpu_s, seen.last_cpu_s, seen.end_cpu_s);
  return 0;
}
