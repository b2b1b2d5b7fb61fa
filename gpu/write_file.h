// A file that appears whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace spotmix::gpu {

/// Writes beside `path`, makes it durable, then renames. Throws std::runtime_error with one line.
void write_file(const std::string& path, std::string_view text);

}  // namespace spotmix::gpu
