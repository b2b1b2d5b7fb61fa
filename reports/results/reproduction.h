// What it takes to get the same results again, beside the version and the seed, and how to see that it is
// the same.
#pragma once

#include <string>
#include <vector>

namespace spotmix::reports {

/// Something that the results depend on.
struct Input {
  std::string role;    ///< "scenario", "prices", "capacity", "kernel_profile", "catalog", …
  std::string name;    ///< the file as the scenario names it, or what it is where the program brings it
  std::string sha256;  ///< of its bytes, 64 hexadecimal digits (as sha256sum prints)

  bool operator==(const Input&) const = default;
};

struct Reproduction {
  std::string command_line;   ///< as a POSIX shell takes it
  std::string scenario_text;  ///< the scenario file as it was read
  std::vector<Input> inputs;  ///< the scenario first

  bool operator==(const Reproduction&) const = default;
};

}  // namespace spotmix::reports
