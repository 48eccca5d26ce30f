// A source borrows its options for as long as it lives: options that die at the semicolon are no options.
// expect: use of deleted function
#include "cdc/capture/binlog_source.h"

cdc::capture::CaptureOptions options_of(const cdc::config::Settings& settings);

int main() {
  const cdc::config::Settings settings;
#ifdef BAD
  cdc::capture::BinlogFileSource source{{"binlog.000001"}, options_of(settings)};
#else
  const auto options = options_of(settings);
  cdc::capture::BinlogFileSource source{{"binlog.000001"}, options};
#endif
  return static_cast<int>(source.stats().events);
}
