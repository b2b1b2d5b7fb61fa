// What the program's terminal is like, if it has one.
#pragma once

#include "reports/terminal/table.h"

namespace spotmix::cli {

/// Of standard output: its width, or that of COLUMNS where there is no terminal, else 80, from 40 to 1000;
/// colours only on a terminal and without NO_COLOR (no-color.org) or TERM=dumb.
reports::TerminalStyle standard_output_style();

/// Whether people watch standard error, so that progress may be shown there.
bool standard_error_is_terminal();

}  // namespace spotmix::cli
