// The kernel profiles that are part of the program (models/kernels/profiles), read at the first call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/kernels/profile.h"

namespace spotmix::models {

using KernelProfiles = std::shared_ptr<const std::vector<KernelProfile>>;

/// The published profiles of accelerators.
const KernelProfiles& published_profiles();

/// The measured profile of one processor.
const KernelProfiles& processor_profiles();

/// The text of all of them, for a checksum.
std::string shipped_profiles_text();

}  // namespace spotmix::models
