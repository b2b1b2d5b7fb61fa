#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/catalog_list.h"
#include "reports/terminal/paint.h"

namespace spotmix::reports {
namespace {

std::string number_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:g}", *value) : "–";
}

std::string instance_line(const std::string& name, const std::string& vcpu, const std::string& memory,
                          const std::string& devices, const std::string& network, const std::string& price) {
  return padded_right(shortened(name, 16), 16) + padded_left(vcpu, 6) + padded_left(memory, 10) + "  " +
         padded_right(shortened(devices, 22), 22) + padded_left(network, 9) + padded_left(price, 13);
}

std::string devices_text(const CatalogRow& row) {
  return row.device.empty() ? "" : fmt::format("{} × {}", row.devices, row.device);
}

std::string sample_text(const ModelRow& row) {
  if (row.sequence_length) return fmt::format("{} of {} tokens", row.sample, *row.sequence_length);
  if (row.image_size) return fmt::format("{} of {} px", row.sample, *row.image_size);
  return row.sample;
}

std::string model_line(const std::string& name, const std::string& parameters, const std::string& sample) {
  return padded_right(name, 24) + padded_left(parameters, 14) + "  " + sample;
}

}  // namespace

void write_models_table(const std::vector<ModelRow>& models, const TerminalStyle& style, std::ostream& out) {
  out << painted(model_line("model", "million param.", "sample"), kBold, style) << '\n';
  for (const ModelRow& row : models)
    out << model_line(row.name, number_text(row.parameters / 1e6), sample_text(row)) << '\n';
  const std::string text = fmt::format(
      "{} models for workload.model; sources: --format json; a config.json or a list of layers names any "
      "other",
      models.size());
  out << '\n' << painted(wrapped(text, style.width, 2), kDim, style) << '\n';
}

void write_catalog_table(const CatalogList& list, const TerminalStyle& style, std::ostream& out) {
  out << painted(instance_line("instance", "vCPU", "memory", "accelerators", "network", "on demand"), kBold,
                 style)
      << '\n'
      << painted(instance_line("", "", "GiB", "", "Gbit/s", "$/h"), kBold, style) << '\n';
  for (const CatalogRow& row : list.rows) {
    out << instance_line(row.name, std::to_string(row.vcpu), fmt::format("{:g}", row.memory_gib),
                         devices_text(row), number_or_dash(row.network_gbit_per_s),
                         row.on_demand
                             ? fmt::format("{:g}", static_cast<double>(row.on_demand->nano_usd_per_h) / 1e9)
                             : "–")
        << '\n';
  }
  out << '\n'
      << painted(wrapped(fmt::format("{} instance types; latest known prices of {}; sources: --format json",
                                     list.rows.size(), list.region),
                         style.width, 2),
                 kDim, style)
      << '\n';
}

}  // namespace spotmix::reports
