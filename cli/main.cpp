// spotmix: see docs/cli.md.
#include "cli/interrupt.h"
#include "cli/perform.h"

int main(int argc, char** argv) {
  spotmix::cli::stop_on_signals();
  return static_cast<int>(spotmix::cli::perform(argc, argv));
}
