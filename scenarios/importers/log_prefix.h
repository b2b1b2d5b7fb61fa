// What a launcher puts before each line of a program's output: "0: " (srun -l), "[1,0]<stdout>:" (Open MPI),
// "(head, rank=0, pid=42) " (SkyPilot, Ray), "[pod/name/container] " (kubectl), a timestamp.
#pragma once

#include <string>
#include <string_view>

namespace spotmix::scenarios {

/// The prefix of one known line, and with it of all others. Digits may differ from line to line, as those of
/// a timestamp do; nothing else may.
class LogPrefix {
 public:
  explicit LogPrefix(std::string_view prefix = {});

  /// The line without the prefix; the whole line if it has none.
  std::string_view strip(std::string_view line) const;

 private:
  std::string shape_;  ///< The prefix with '0' for each run of digits, without blanks at its ends.
};

}  // namespace spotmix::scenarios
