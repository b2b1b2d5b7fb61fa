// Kernel profiles as JSON text: reading with errors a person can act on, and writing the same bytes every
// time.
//
// The format is described in docs/kernel_profile.md and by models/kernels/kernel_profile.schema.json. Times
// are microseconds in the file and seconds in memory. Nothing here is meant for a hot path: read once, then
// make models.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "models/kernels/profile.h"

namespace spotmix::models {

/// Throws std::runtime_error with one line: file, JSON path, what was found, what was expected.
KernelProfile parse_profile(std::string_view text, const std::string& file_name);
KernelProfile load_profile(const std::filesystem::path& path);

/// Nine significant digits for times, arrays on one line; equal profiles give equal bytes.
std::string to_json(const KernelProfile& profile);

}  // namespace spotmix::models
