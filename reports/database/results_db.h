// A database of results in one SQLite file, so that SELECT answers questions over many runs. schema.sql is
// its documented schema.
//
// A run is appended in one transaction: it is there whole or not at all. Several programs may append to one
// file at once; each waits for the others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "reports/results/report.h"

namespace spotmix::reports {

/// One line that names the file and what SQLite says.
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Makes the database if it is not there, and checks that it is one of ours and can be written.
void prepare_results_db(const std::filesystem::path& file);

/// The whole result JSON of the run of that number, or of the last. Nothing is changed.
std::string stored_result(const std::filesystem::path& file, std::optional<std::uint64_t> run);

/// Appends a report, with its replications and replays where it has them.
void append_to_results_db(const std::filesystem::path& file, const Report& report);

}  // namespace spotmix::reports
