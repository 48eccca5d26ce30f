// A printer borrows its output: one made in the call would be closed before the first line.
// expect: cannot bind non-const lvalue reference
#include "cdc/cli/json_sink.h"

int main() {
#ifdef BAD
  cdc::cli::JsonSink sink{cdc::cli::Output{1, {}}, {}};
#else
  cdc::cli::Output output{1, {}};
  cdc::cli::JsonSink sink{output, {}};
#endif
  sink.on_idle();
}
