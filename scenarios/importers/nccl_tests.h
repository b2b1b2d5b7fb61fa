// nccl-tests' output → a kernel profile's collectives.
//
// Text: the columns are read from the header of the table, so that the old form (no root, "error"), the new
// one (root, "#wrong") and those with columns per iteration all work; a launcher's prefix is taken off every
// line, and NCCL's own log lines in between are passed over. One log may hold several runs. JSON: file
// versions 1 to 3. A run is refused if it did not come to its summary, computed wrong results or contradicts
// itself.
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
  std::string operation;            ///< "all_reduce", …; empty when the output does not say.
  std::string device;               ///< As the driver names it; empty when the output does not say.
  std::int64_t ranks = 0;           ///< 0 when the output does not say.
  std::int64_t nodes = 0;           ///< 0 when the output does not say.
  std::optional<std::string> date;  ///< ISO 8601 day.
  std::string tests_version;        ///< Of nccl-tests; empty when the output does not say.
  std::string nccl_version;         ///< "2.29.3"; empty when the output does not say.
  std::string reduction;            ///< "sum", "none", …
  std::optional<std::int64_t> iterations;
  struct Row {
    double bytes = 0;
    double time_s = 0;
    double algorithm_gb_per_s = 0;
    double bus_gb_per_s = 0;
    double rounding_gb_per_s = 0;  ///< How far the printed bandwidths may be from the true ones.
    std::string where;             ///< "line 12" or "results[3].out_of_place".
  };
  std::vector<Row> rows;
};

bool is_nccl_text(const std::string& text);
bool is_nccl_json(const std::string& text);
inline bool is_nccl_tests(const std::string& text) {
  return is_nccl_text(text) || is_nccl_json(text);
}

Result<std::vector<NcclRun>> parse_nccl_text(const std::string& file, const std::string& text);
Result<std::vector<NcclRun>> parse_nccl_json(const std::string& file, const std::string& text);

/// "2.29.3" of 22903, and "2.8.4" of 2804 (NCCL changed its coding with 2.9).
std::string nccl_version_text(std::int64_t code);

/// Bus ÷ algorithm bandwidth of `operation` over `ranks` (nccl-tests, PERFORMANCE.md): 2 (n − 1) ÷ n for an
/// all_reduce, (n − 1) ÷ n for the others.
double bus_factor(const std::string& operation, std::int64_t ranks);

/// Whether any row's bandwidths are large enough to tell their ratio.
bool bandwidths_tell(const NcclRun& run);

/// The number of ranks that the rows' bandwidths show for `operation`; 0 if they are too coarse to tell.
std::int64_t ranks_by_bandwidths(const NcclRun& run, const std::string& operation);

/// Where the rows contradict `operation` over `ranks`: the first such row, or empty.
[[nodiscard]] Problems contradictions(const std::string& file, const NcclRun& run,
                                      const std::string& operation, std::int64_t ranks);

/// All runs together as the text of one profile with fitted lines; they must be of one device.
Result<Imported> import_nccl_tests(std::span<const ImportedFile> files, const ImportOptions& options);

}  // namespace spotmix::scenarios
