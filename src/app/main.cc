/// mysql-cdc: started by a person it is a command-line tool.

#include "cdc/cli/command_line.h"
#include "signals.h"

int main(int argc, char** argv) {
  const cdc::app::Signals signals;
  return cdc::cli::run_command_line(argc, argv, signals.token());
}
