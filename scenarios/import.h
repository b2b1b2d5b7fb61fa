// Other people's files → spotmix's own formats.
//
// The kind of an input is recognised by its content, never asked for:
// - pages of `aws ec2 describe-spot-price-history`, one or many, with or without the outer object, JSON
// Lines,
//   `--output text`, and tables with a header, --columns or columns that show what they are: prices
// - CSV of timestamp_utc,price_usd_per_hour; instance and zone from the options or the file's name: prices
// - JSON of {"metadata": {"gap_seconds", …}, "data": [...], "prices": [...]}, a value per tick: capacity,
// prices
// - CSV of milliseconds,add|remove,node: capacity
// - trace files of our own: merged
// - the instance table and the price history of importers/catalog_tables.h: the catalogue
// - nccl-tests' output, text or JSON: a kernel profile
// - the Spot Advisor's spot-advisor-data.json: bands of interruption (spot_advisor.h)
// - Auto Scaling groups, EC2 Fleets and Spot Fleets: mixes for a scenario (importers/fleet_documents.h)
//
// All inputs of one call go into one output. Any may be packed with gzip or zstd.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/enums/enums.h"
#include "base/result/problem.h"
#include "base/units/time.h"
#include "scenarios/trace.h"

namespace spotmix::scenarios {

/// What the numbers of a capacity file mean.
enum class CapacityMeaning : std::uint8_t {
  unavailable_is_one,  ///< 1: unavailable, 0: available
  available_is_one,    ///< 1: available, 0: unavailable
  count,               ///< how many are available
};
/// As --capacity-values spells them.
constexpr auto enum_names(CapacityMeaning) {
  using enum CapacityMeaning;
  return enum_table<CapacityMeaning>(
      {{unavailable_is_one, "unavailable"}, {available_is_one, "available"}, {count, "count"}});
}

/// What an input does not say itself, or must not be taken from it. Names an option of `spotmix import`.
struct ImportOptions {
  std::optional<std::string> instance;              ///< --instance
  std::optional<std::string> zone;                  ///< --zone
  std::optional<std::string> product;               ///< --product: keep only this one
  std::optional<CapacityMeaning> capacity_meaning;  ///< --capacity-values unavailable|available|count
  std::optional<Time> start;                        ///< --start: of a file that names no dates
  std::optional<Time> end;                          ///< --end: the last value holds until then
  std::optional<std::string> source;                ///< --source: where the data is from
  std::optional<std::string> licence;               ///< --licence
  std::optional<std::string> device;                ///< --device: of nccl-tests' output
  std::optional<std::string> operation;             ///< --operation: of nccl-tests' output that names none
  std::optional<std::string> topology;              ///< --topology: what connects the devices, e.g. nvswitch
  std::optional<std::vector<std::string>> columns;  ///< --columns: of a table of prices without a header
  std::optional<int> ranks;                         ///< --ranks: of nccl-tests' output that lists none
  std::optional<int> nodes;                         ///< --nodes: of nccl-tests' output that lists no devices
  std::optional<int> count;                         ///< --count: units of a group that names no capacity
};

struct Imported {
  std::string text;                  ///< the output file's content
  std::vector<std::string> summary;  ///< one line per pool, or what else the file holds
};

/// Reads all inputs; every broken one is reported. Write the text with write_file (base/files/whole_file.h).
Result<Imported> import_files(const std::vector<std::filesystem::path>& inputs, const ImportOptions& options);

/// The inputs as one trace; only prices and capacity can be.
Result<Trace> import_trace(const std::vector<std::filesystem::path>& inputs, const ImportOptions& options);

}  // namespace spotmix::scenarios
