// Reports from a file that keeps them: a result JSON or a database of results, told apart by their content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reports/files/file_formats.h"
#include "reports/results/report.h"

namespace spotmix::reports {

/// Of a database the run of that number, or the last. Throws BadDocument without the
/// file's name, or DatabaseError with it.
std::vector<Report> read_reports(const std::filesystem::path& file, std::optional<std::uint64_t> run);

/// What the format needs and the report does not hold, such as "replications"; empty when nothing is missing.
std::string missing_for(const FileFormat& format, const Report& report);

}  // namespace spotmix::reports
