// One row of the table of instance types: what an instance is made of, and what it costs on demand, by date.
//
// Bandwidths are one direction. Unknown is nullopt.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/series/series.h"
#include "models/hardware/topology.h"

namespace spotmix::scenarios {

struct DatedPrice {
  Time from{};   ///< The first day on which this price was seen; it may be older.
  Time until{};  ///< The last day on which it is known to hold.
  HourlyPrice price;
  std::string source;
};

struct InstanceType {
  std::string name;
  std::string family;
  int vcpu = 0;
  double memory_gib = 0;
  std::string device;  ///< A name that models::find_device knows; empty: no accelerator.
  int devices = 0;
  std::optional<double> device_memory_gib;
  int pcie_lanes = 16;                           ///< Of each accelerator's slot.
  std::optional<models::Interconnect> link{};    ///< None: as such devices are usually connected.
  std::optional<models::Transport> transport{};  ///< None: by the elastic fabric adapters.
  std::string interconnect;                      ///< Between the accelerators of one instance, in words.
  std::optional<double> interconnect_gb_per_s;
  std::optional<double> network_baseline_gbit_per_s;
  std::optional<double> network_burst_gbit_per_s;
  int efa_interfaces = 0;  ///< Elastic Fabric Adapters; 0: TCP alone.
  int efa_generation = 0;
  std::optional<double> ebs_baseline_mbit_per_s;
  std::optional<double> ebs_max_mbit_per_s;
  std::map<std::string, std::vector<DatedPrice>> on_demand;  ///< By region, oldest first.
  std::map<std::string, std::string> sources;  ///< By group of figures: specification, network, storage, …
};

/// The on-demand price over time in a region; empty if none is known. Before the first known day the first
/// known price is used: compare the start with `DatedPrice::from` to warn of it.
PriceSeries on_demand_series(const InstanceType& instance, const std::string& region);

/// Bandwidth of one instance's network: the baseline, or the burst where no baseline is published.
std::optional<double> network_bytes_per_s(const InstanceType& type);

/// The node that collectives run on.
/// REQUIRES: the type has an accelerator.
models::NodeSpec node_of(const InstanceType& type);

/// "us-east-1" of "us-east-1a" and of "us-east-1"; "us-central1" of "us-central1-a".
std::string region_of_zone(const std::string& zone);

}  // namespace spotmix::scenarios
