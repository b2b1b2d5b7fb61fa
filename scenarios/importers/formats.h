// One reader per input format of import.h; each turns a file's text into pools of a trace.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "scenarios/import.h"
#include "scenarios/trace.h"

namespace spotmix::scenarios {

/// One input of an import.
struct ImportedFile {
  std::string name;  ///< for messages
  std::string stem;  ///< without folder and endings such as ".csv.gz"
  std::string text;
};

struct ImportedPools {
  std::vector<TracePool> pools;
  bool dated = true;
};

bool is_aws_price_history(const std::string& text, const ImportOptions& options);
/// All pages together: rows are sorted, repeated rows and unchanged prices dropped. A price holds until the
/// next row of its pool, the last ones until one second after the newest row of all.
Result<ImportedPools> import_aws_price_history(std::span<const ImportedFile> pages,
                                               const ImportOptions& options);

bool is_price_csv(const std::string& text);
/// The file's name may say the pool: YEAR-ZONE-PRODUCT-INSTANCE.
Result<ImportedPools> import_price_csv(const ImportedFile& file, const ImportOptions& options);

bool is_tick_capacity(const std::string& text);
/// The file's name may say the pool and what the values mean: ZONE_DEVICE_COUNT.txt (1 = unavailable),
/// YEAR-ZONE_DEVICE_COUNT.json and COUNTnode-ZONE-INSTANCE.json (counts); files with price_info in their
/// metadata say 1 for unavailable. Anything else must be told by the options.
Result<ImportedPools> import_tick_capacity(const ImportedFile& file, const ImportOptions& options);

bool is_add_remove_log(const std::string& text);
/// Needs --instance and --zone; time starts at --start, else at 1970-01-01.
Result<ImportedPools> import_add_remove_log(const ImportedFile& file, const ImportOptions& options);

}  // namespace spotmix::scenarios
