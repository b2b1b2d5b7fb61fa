// Where results go: standard output, and files of a folder.
#pragma once

#include <filesystem>
#include <string_view>

#include "cli/arguments.h"
#include "reports/results/report.h"

namespace spotmix::cli {

/// Writes to standard output; throws when that cannot be done (a full disk).
void print(std::string_view text);

/// One report's files, those chosen, in a folder that is there. Throws FileError.
void write_files(const reports::Report& report, const FileChoice& files, const std::filesystem::path& folder);

/// The reports on standard output, in the format asked for. `many`: they are one of several scenarios.
void print_reports(const std::vector<reports::Report>& reports, bool many, const RunOptions& options);

}  // namespace spotmix::cli
