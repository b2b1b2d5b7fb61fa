// The instance catalogue: what each instance type is and what it costs on demand, by date.
//
// The figures are scenarios/data/catalog.json, linked into the program; importers/catalog_tables.h says how
// that file is made and where each figure is from. Bandwidths are one direction. Unknown is nullopt.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/problem.h"
#include "base/series/series.h"

namespace spotmix::scenarios {

struct DatedPrice {
  Time from{0};  ///< the first day on which this price was seen; it may be older
  HourlyPrice price;
  std::string source;
};

struct InstanceType {
  std::string name;
  std::string family;
  int vcpu = 0;
  double memory_gib = 0;
  std::string device;  ///< a name that models::find_device knows; empty: no accelerator
  int devices = 0;
  std::optional<double> device_memory_gib;
  std::string interconnect;  ///< between the accelerators of one instance, in words
  std::optional<double> interconnect_gb_per_s;
  std::optional<double> network_baseline_gbit_per_s;
  std::optional<double> network_burst_gbit_per_s;
  std::optional<double> ebs_baseline_mbit_per_s;
  std::optional<double> ebs_max_mbit_per_s;
  std::map<std::string, std::vector<DatedPrice>> on_demand;  ///< by region, oldest first
  std::map<std::string, std::string> sources;  ///< by group of figures: specification, network, storage, …
};

struct Catalog {
  std::vector<InstanceType> instances;  ///< in the order of the file: by family, then size

  /// The instance type of that name, or nullptr.
  const InstanceType* find(std::string_view name) const;
  std::vector<std::string> names() const;
  /// The last day for which any price is known to hold.
  Time prices_until{0};
};

/// The catalogue that is part of the program.
const Catalog& catalog();

/// Reads a catalogue file's text; `file` names it in messages.
Result<Catalog> read_catalog(const std::string& file, const std::string& text);

/// The on-demand price over time in a region; empty where it is not known. Before the first known day the
/// first known price is used: compare the start with `DatedPrice::from` to warn of it.
PriceSeries on_demand_series(const InstanceType& instance, const std::string& region);

/// Bandwidth of one instance's network: the baseline, or the burst where no baseline is published.
std::optional<double> network_bytes_per_s(const InstanceType& type);

/// "us-east-1" of "us-east-1a" and of "us-east-1"; "us-central1" of "us-central1-a".
std::string region_of_zone(const std::string& zone);

}  // namespace spotmix::scenarios
