// Ctrl-C asks the program to stop: a simulation ends early, files that are not whole are removed, exit 130.
#pragma once

#include <atomic>

namespace spotmix::cli {

/// From now on the first SIGINT or SIGTERM sets the flag; a second one ends the program at once.
void stop_on_signals();

/// Set by a signal; never reset.
const std::atomic<bool>& stop_requested();

}  // namespace spotmix::cli
