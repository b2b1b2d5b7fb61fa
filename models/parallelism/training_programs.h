// The training programs whose kernels' times are known beside the profiles', as scenarios name them.
//
// A program is one framework's usual code for one workload, in 16 bits or in 32, on one architecture;
// framework_software (software.h) gives its habits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/parallelism/software.h"
#include "models/workload/workload.h"

namespace spotmix::models {

/// How framework_software names a workload in a precision: "bert-large", in 16 bits or fewer "bert-large
/// half".
std::string program_name(std::string_view workload, Precision precision);

/// The workloads, so named, that the framework has a measured program for on that architecture.
std::vector<std::string> measured_programs(Framework framework, Architecture architecture);

}  // namespace spotmix::models
