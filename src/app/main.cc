/// mysql-cdc: started by a person it is a command-line tool.

#include <fcntl.h>

#include "cdc/cli/command_line.h"
#include "signals.h"

namespace {

/// Were a standard descriptor free, a connection could get its number, and output would go to the server. Read only: writing
/// there fails, as it does with a closed descriptor.
void fill_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_descriptors();
  const cdc::app::Signals signals;
  return cdc::cli::run_command_line(argc, argv, signals.token());
}
