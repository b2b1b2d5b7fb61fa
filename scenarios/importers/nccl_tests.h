// nccl-tests' output → a kernel profile's collectives.
//
// Text: the columns are read from the header of the table, so that the old form (no root, "error"), the new
// one (root, "#wrong") and those with columns per iteration all work; lines of a launcher's prefix such as
// "[1,0]<stdout>:" and NCCL's own log lines in between are passed over. JSON: file versions 1 to 3. A run
// that did not come to its summary, or that computed wrong results, is refused.
//
// Times are those of the out-of-place run, the one that nccl-tests' own averages start with; where a run has
// none, in-place. Bytes are nccl-tests' own. Neither host names nor the environment are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/import.h"
#include "scenarios/importers/formats.h"

namespace spotmix::scenarios {

/// One run of one of nccl-tests' programs.
struct NcclRun {
  std::string operation;   ///< "all_reduce", …; empty when the output does not say.
  std::string device;      ///< As the driver names it; empty when the output does not say.
  std::int64_t ranks = 0;  ///< 0 when the output does not say.
  std::int64_t nodes = 1;
  std::optional<std::string> date;  ///< ISO 8601 day.
  std::string tests_version;        ///< Of nccl-tests; empty when the output does not say.
  std::string nccl_version;         ///< "2.29.3"; empty when the output does not say.
  std::string reduction;            ///< "sum", "none", …
  std::optional<std::int64_t> iterations;
  struct Row {
    double bytes = 0;
    double time_s = 0;
    double bus_factor = 0;  ///< Bus ÷ algorithm bandwidth, 0 when both are too small to tell.
  };
  std::vector<Row> rows;
};

bool is_nccl_text(const std::string& text);
bool is_nccl_json(const std::string& text);
inline bool is_nccl_tests(const std::string& text) {
  return is_nccl_text(text) || is_nccl_json(text);
}

Result<NcclRun> parse_nccl_text(const std::string& file, const std::string& text);
Result<NcclRun> parse_nccl_json(const std::string& file, const std::string& text);

/// "2.29.3" of 22903, and "2.8.4" of 2804 (NCCL changed its coding with 2.9).
std::string nccl_version_text(std::int64_t code);

/// All runs together as the text of one profile with fitted lines; they must be of one device.
Result<Imported> import_nccl_tests(std::span<const ImportedFile> files, const ImportOptions& options);

}  // namespace spotmix::scenarios
