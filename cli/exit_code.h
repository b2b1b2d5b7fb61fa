// What the program tells its caller (docs/cli.md).
#pragma once

namespace spotmix::cli {

enum class ExitCode : int {
  done = 0,
  failed = 1,             ///< while running
  bad_input = 2,          ///< arguments, scenario, data or baseline
  threshold_crossed = 3,  ///< Or a regression gate, or no mix can train; the reports are written first.
  interrupted = 130,      ///< Ctrl-C
};

/// The one of two that a batch reports: what stops an answer outweighs what is wrong with it.
constexpr ExitCode worse(ExitCode a, ExitCode b) {
  const auto gravity = [](ExitCode code) {
    switch (code) {
      case ExitCode::done:
        return 0;
      case ExitCode::threshold_crossed:
        return 1;
      case ExitCode::failed:
        return 2;
      case ExitCode::bad_input:
        return 3;
      case ExitCode::interrupted:
        return 4;
    }
    return 2;
  };
  return gravity(a) < gravity(b) ? b : a;
}

}  // namespace spotmix::cli
