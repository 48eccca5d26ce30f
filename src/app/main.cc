/// mysql-cdc: started by Conduit it is a source connector, started by a person a command-line tool.

#include <fcntl.h>

#include <cstdlib>

#include "cdc/cli/command_line.h"
#include "cdc/conduit/plugin.h"
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
  using cdc::app::Signals;
  if (cdc::conduit::started_by_host()) {
    const Signals signals{Signals::Role::plugin};
    std::_Exit(cdc::conduit::run_plugin(signals.token()));
  }
  const Signals signals{Signals::Role::command};
  return cdc::cli::run_command_line(argc, argv, signals.token());
}
