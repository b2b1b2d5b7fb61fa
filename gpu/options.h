// What the command line asks for.
#pragma once

#include <optional>
#include <string>

namespace spotmix::gpu {

struct Options {
  std::string device = "cpu";      ///< "cpu" or "cuda".
  std::string out;                 ///< Profile file; empty: standard output.
  std::optional<int> threads;      ///< Processor only; every physical core when not told.
  std::optional<double> budget_s;  ///< Time to spend; the device's own limit when not told.
  bool quick = false;  ///< Small sizes only: everything runs and is checked, no time means anything.
  std::string date;    ///< ISO 8601 day, for the profile.
  std::string name;    ///< Device name to write instead of the one found; empty: the one found.
};

}  // namespace spotmix::gpu
