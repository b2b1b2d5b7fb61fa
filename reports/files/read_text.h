// A file whole, for those that read what spotmix wrote.
#pragma once

#include <filesystem>
#include <string>

namespace spotmix::reports {

/// Throws BadDocument, without the file's name, where it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace spotmix::reports
