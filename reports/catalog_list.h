// The list of instance types that `spotmix catalog` prints, in each format.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/units/money.h"
#include "reports/terminal/table.h"

namespace spotmix::reports {

/// One instance type. Unknown is nullopt.
struct CatalogRow {
  std::string name;
  int vcpu = 0;
  double memory_gib = 0;
  std::string device;  ///< empty: no accelerator
  int devices = 0;
  std::optional<double> device_memory_gib;
  std::optional<double> interconnect_gb_per_s;
  std::optional<double> network_gbit_per_s;
  std::optional<HourlyPrice> on_demand;  ///< the latest that is known in the region
  std::string on_demand_from;            ///< the day it was first seen
  std::string source;                    ///< of the price
};

struct CatalogList {
  std::string region;
  std::vector<CatalogRow> rows;
};

/// One model that scenarios may name.
struct ModelRow {
  std::string name;
  std::string family;
  double parameters = 0;
  std::string sample;  ///< "image", "sequence", …
  std::optional<int> sequence_length;
  std::optional<int> image_size;
  std::string source;
};

void write_models_table(const std::vector<ModelRow>& models, const TerminalStyle& style, std::ostream& out);
void write_models_json(const std::vector<ModelRow>& models, std::ostream& out);
void write_models_csv(const std::vector<ModelRow>& models, std::ostream& out);

void write_catalog_table(const CatalogList& list, const TerminalStyle& style, std::ostream& out);
void write_catalog_json(const CatalogList& list, std::ostream& out);
void write_catalog_csv(const CatalogList& list, std::ostream& out);

}  // namespace spotmix::reports
