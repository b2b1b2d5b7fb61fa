// What the program's terminal is like, if it has one.
#pragma once

#include "reports/terminal/table.h"

namespace spotmix::cli {

/// Of standard output: its width, 80 columns without a terminal, and never less than 40; colours only
/// on a terminal and without NO_COLOR (no-color.org) or TERM=dumb.
reports::TerminalStyle standard_output_style();

/// Whether people watch standard error, so that progress may be shown there.
bool standard_error_is_terminal();

}  // namespace spotmix::cli
