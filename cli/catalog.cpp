// `spotmix catalog`: the instance types that the program knows.
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "base/text/text_values.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "models/workload/library.h"
#include "reports/catalog_list.h"
#include "scenarios/provider/provider.h"

namespace spotmix::cli {
namespace {

reports::CatalogRow row_of(const scenarios::InstanceType& type, const std::string& region) {
  reports::CatalogRow row{type.name,
                          type.vcpu,
                          type.memory_gib,
                          type.device,
                          type.devices,
                          type.device_memory_gib,
                          type.interconnect_gb_per_s,
                          type.network_baseline_gbit_per_s,
                          std::nullopt,
                          "",
                          ""};
  const auto prices = type.on_demand.find(region);
  if (prices == type.on_demand.end() || prices->second.empty()) return row;
  const scenarios::DatedPrice& latest = prices->second.back();
  row.on_demand = latest.price;
  row.on_demand_from = format_date(latest.from);
  row.source = latest.source;
  return row;
}

/// A region that no instance type has a price in is a mistake.
void check_region(const scenarios::Provider& provider, const std::string& region) {
  std::set<std::string> known;
  for (const scenarios::InstanceType& type : provider.instances) {
    for (const auto& [name, prices] : type.on_demand) known.insert(name);
  }
  if (known.contains(region)) return;
  const std::vector<std::string> names(known.begin(), known.end());
  throw BadArguments(fmt::format("--region: found {}, expected {}{}", in_quotes(region), one_of(names),
                                 did_you_mean(region, names)));
}

reports::CatalogList list_of(const scenarios::Provider& provider, const CatalogOptions& options) {
  reports::CatalogList list{options.region, {}};
  for (const scenarios::InstanceType& type : provider.instances) {
    if (type.name.find(options.name_contains) == std::string::npos) continue;
    list.rows.push_back(row_of(type, options.region));
  }
  if (!list.rows.empty()) return list;
  const std::vector<std::string> names = provider.names();
  throw BadArguments(fmt::format("NAME: found {}, expected a part of the name of an instance type{}",
                                 in_quotes(options.name_contains),
                                 did_you_mean(options.name_contains, names)));
}

std::vector<reports::ModelRow> models_of(const CatalogOptions& options) {
  std::vector<reports::ModelRow> rows;
  const auto if_any = [](int size) { return size > 0 ? std::optional(size) : std::nullopt; };
  for (const std::string& name : models::workload_names()) {
    if (name.find(options.name_contains) == std::string::npos) continue;
    const models::Workload model = models::find_workload(name).value();
    rows.push_back({name, model.family, models::parameters(model), model.sample_name,
                    if_any(model.sequence_length), if_any(model.image_size), model.source});
  }
  if (!rows.empty()) return rows;
  throw BadArguments(fmt::format("NAME: found {}, expected a part of the name of a model{}",
                                 in_quotes(options.name_contains),
                                 did_you_mean(options.name_contains, models::workload_names())));
}

ExitCode list_models(const CatalogOptions& options) {
  const std::vector<reports::ModelRow> models = models_of(options);
  std::ostringstream out;
  switch (options.format) {
    case Format::table:
      write_models_table(models, standard_output_style(), out);
      break;
    case Format::json:
      write_models_json(models, out);
      break;
    case Format::csv:
      write_models_csv(models, out);
      break;
  }
  print(out.str());
  return ExitCode::done;
}

}  // namespace

ExitCode catalog(const CatalogOptions& options) {
  if (options.models) return list_models(options);
  const scenarios::Provider provider = scenarios::shipped_provider();
  check_region(provider, options.region);
  const reports::CatalogList list = list_of(provider, options);
  std::ostringstream out;
  switch (options.format) {
    case Format::table:
      write_catalog_table(list, standard_output_style(), out);
      break;
    case Format::json:
      write_catalog_json(list, out);
      break;
    case Format::csv:
      write_catalog_csv(list, out);
      break;
  }
  print(out.str());
  return ExitCode::done;
}

}  // namespace spotmix::cli
