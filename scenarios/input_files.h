// What a scenario's results depend on, each with a hash, so that another run can tell whether it had the
// same.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace spotmix::scenarios {

struct InputFile {
  std::string role;  ///< "scenario", "prices", "capacity", "instance_types", "kernel_profile", "catalog", …
  std::string name;  ///< as the scenario names it; the scenario's own file name; or what the program brings
  std::string sha256;  ///< of the bytes as they lie on disk, packed or not: 64 hexadecimal digits
};

/// The scenario's file, the traces, bands and kernel profiles that it names, the provider's
/// catalog, and what else the scenario takes from the provider and the program. A file that is gone by now is
/// a problem.
Result<std::vector<InputFile>> input_files(const Scenario& scenario, const Provider& provider);

}  // namespace spotmix::scenarios
