// The kernel profiles of one folder, and the rule that finds the best one for a device and a precision.
//
// A profile that was measured comes before a published one. A device or precision without samples of its own
// is scaled from the nearest that has some: the same device in another precision of the same class, then
// another form of the same chip, then the nearest architecture, tensor cores to tensor cores. A scaled answer
// says so.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "models/hardware/device.h"
#include "models/kernels/matmul.h"
#include "models/kernels/memory_ops.h"
#include "models/kernels/profile.h"

namespace spotmix::models {

/// "a100-sxm4-80gb.json": lower case, with '-' for all but letters and digits.
std::string profile_file_name(std::string_view device);

/// Every *.json of `directory`, in order of file name. Throws std::runtime_error with one line for a bad file
/// or a folder that cannot be read.
std::vector<KernelProfile> load_profiles(const std::filesystem::path& directory);

/// The profile of the device called `device` that holds more than collectives; nullptr when there is none.
const KernelProfile* find_profile(const std::vector<KernelProfile>& profiles, std::string_view device);

/// The best model for `device` at `precision`, measured, published or scaled. Throws std::runtime_error when
/// `profiles` has no matrix products at all.
MatmulModel matmul_model_for(const std::vector<KernelProfile>& profiles, const DeviceSpec& device,
                             Precision precision);

/// The best model of `op` for `device` at `precision`, by the same rule. Throws std::runtime_error when no
/// profile has that operation.
MemoryOpModel memory_op_model_for(const std::vector<KernelProfile>& profiles, const DeviceSpec& device,
                                  MemoryOp op, Precision precision);

}  // namespace spotmix::models
