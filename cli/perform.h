// The program without its process: a command line in, output, files and an exit code out.
#pragma once

#include "cli/exit_code.h"

namespace spotmix::cli {

/// Reads the command line, performs its verb, and turns what went wrong into a line and an exit code.
ExitCode perform(int argc, const char* const* argv);

}  // namespace spotmix::cli
