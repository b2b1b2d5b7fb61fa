#include "scenarios/importers/nccl_tests.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/statistics/quantile.h"
#include "base/text/nearest.h"
#include "models/hardware/device.h"
#include "models/kernels/collective_fit.h"
#include "models/kernels/profile_io.h"

namespace spotmix::scenarios {
namespace {

const std::vector<std::string>& operations() {
  static const std::vector<std::string> kNames{"all_reduce", "all_gather", "reduce_scatter", "all_to_all"};
  return kNames;
}

/// The operation whose factor between bus and algorithm bandwidth (nccl-tests, PERFORMANCE.md) and reduction
/// the rows show; empty when two operations would look alike.
std::string operation_by_factor(const NcclRun& run) {
  std::vector<double> factors;
  for (const NcclRun::Row& row : run.rows)
    if (row.bus_factor > 0) factors.push_back(row.bus_factor);
  if (factors.empty() || run.ranks < 2 || run.reduction == "none" || run.reduction.empty()) return {};
  const double share = static_cast<double>(run.ranks - 1) / static_cast<double>(run.ranks);
  const double found = upper_median(std::move(factors));
  constexpr double kTolerance = 0.05;
  if (std::abs(found / (2 * share) - 1) < kTolerance) return "all_reduce";
  if (std::abs(found / share - 1) < kTolerance) return "reduce_scatter";
  return {};
}

std::string operation_of(const NcclRun& run, const ImportOptions& options) {
  const std::string name =
      options.operation.value_or(run.operation.empty() ? operation_by_factor(run) : run.operation);
  return name == "alltoall" ? "all_to_all" : name;
}

models::CollectiveSamples to_samples(const NcclRun& run, const std::string& operation,
                                     const ImportOptions& options) {
  models::CollectiveSamples samples;
  samples.provenance.kind = models::SourceKind::measured;
  samples.provenance.source =
      options.source.value_or(run.tests_version.empty() ? "nccl-tests" : "nccl-tests " + run.tests_version);
  samples.provenance.library = run.nccl_version.empty() ? "nccl" : "nccl-" + run.nccl_version;
  samples.provenance.licence = options.licence.value_or("");
  samples.provenance.note = "out of place; the mean of a run's iterations stands as the median";
  samples.operation = operation;
  samples.algorithm = "auto";
  samples.topology = options.topology.value_or("unspecified");
  samples.nodes = run.nodes;
  for (const NcclRun::Row& row : run.rows) {
    samples.ranks.push_back(run.ranks);
    samples.bytes.push_back(row.bytes);
    samples.median_s.push_back(row.time_s);
    if (run.iterations) samples.count.push_back(*run.iterations);
  }
  return samples;
}

/// Adds one run to the profile; says what is missing.
Problems add_run(models::KernelProfile& profile, const ImportedFile& file, const NcclRun& run,
                 const ImportOptions& options) {
  const std::string operation = operation_of(run, options);
  if (std::find(operations().begin(), operations().end(), operation) == operations().end()) {
    return {{file.name, "",
             fmt::format("found the operation {}, expected {}: --operation says which", in_quotes(operation),
                         one_of(operations()))}};
  }
  if (run.ranks < 1)
    return {{file.name, "", "found neither a list of ranks nor nGpus, expected the number of ranks"}};
  const std::string named = options.device.value_or(run.device);
  const models::DeviceSpec* device = models::find_device(named);
  if (device == nullptr) {
    return {{file.name, "",
             fmt::format("found the device {}, expected a known one such as \"{}\": --device says which",
                         in_quotes(named), models::nearest_device_name(named))}};
  }
  if (!profile.device.empty() && profile.device != device->name) {
    return {{file.name, "",
             fmt::format("found the device {}, expected {} as in the other inputs", device->name,
                         profile.device)}};
  }
  profile.device = device->name;
  profile.limits = models::limits_of(*device);
  if (run.date) profile.date = run.date;
  profile.collectives.push_back(to_samples(run, operation, options));
  return {};
}

}  // namespace

std::string nccl_version_text(std::int64_t code) {
  constexpr std::int64_t kNewCoding = 10'000;
  if (code >= kNewCoding) return fmt::format("{}.{}.{}", code / 10'000, code / 100 % 100, code % 100);
  return fmt::format("{}.{}.{}", code / 1000, code / 100 % 10, code % 100);
}

Result<Imported> import_nccl_tests(std::span<const ImportedFile> files, const ImportOptions& options) {
  models::KernelProfile profile;
  Problems problems;
  for (const ImportedFile& file : files) {
    if (!is_nccl_tests(file.text)) {
      problems.push_back(
          {file.name, "", "found another format, expected nccl-tests' output as in the other inputs"});
      continue;
    }
    const Result<NcclRun> run = is_nccl_json(file.text) ? parse_nccl_json(file.name, file.text)
                                                        : parse_nccl_text(file.name, file.text);
    append(problems, run.problems);
    if (run) append(problems, add_run(profile, file, *run.value, options));
  }
  if (!problems.empty()) return problems;
  models::fit_collectives(profile);
  Imported imported;
  imported.text = models::to_json(profile);
  for (const models::CollectiveSamples& samples : profile.collectives) {
    imported.summary.push_back(fmt::format("{} {} over {} ranks on {} node{}: {} sizes, {} to {} bytes",
                                           profile.device, samples.operation, samples.ranks.front(),
                                           samples.nodes, samples.nodes == 1 ? "" : "s", samples.bytes.size(),
                                           samples.bytes.front(), samples.bytes.back()));
  }
  return imported;
}

}  // namespace spotmix::scenarios
