#include "scenarios/importers/nccl_tests.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text/nearest.h"
#include "models/collectives/measured_topology.h"
#include "models/hardware/device.h"
#include "models/kernels/collective_fit.h"
#include "models/kernels/profile_io.h"

namespace spotmix::scenarios {
namespace {

const std::vector<std::string>& operations() {
  static const std::vector<std::string> kNames{"all_reduce", "all_gather", "reduce_scatter", "all_to_all"};
  return kNames;
}

/// The operation whose bandwidths and reduction the rows show; empty when two operations would look alike.
std::string operation_by_bandwidths(const NcclRun& run, std::int64_t ranks) {
  if (!bandwidths_tell(run) || ranks < 2 || run.reduction == "none" || run.reduction.empty()) return {};
  for (const char* operation : {"all_reduce", "reduce_scatter"})
    if (contradictions("", run, operation, ranks).empty()) return operation;
  return {};
}

std::string operation_of(const NcclRun& run, std::int64_t ranks, const ImportOptions& options) {
  const std::string name =
      options.operation.value_or(run.operation.empty() ? operation_by_bandwidths(run, ranks) : run.operation);
  return name == "alltoall" ? "all_to_all" : name;
}

/// What --ranks or --nodes says beside what the log says; 0 in `logged`: it does not say.
Result<std::int64_t> agreed(const ImportedFile& file, const char* option, std::optional<int> given,
                            std::int64_t logged) {
  if (given && logged > 0 && *given != logged)
    return Problem{
        file.name, "",
        fmt::format("found {} {} in the log, expected {} as {} says", logged, option + 2, *given, option)};
  return given.value_or(logged);
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

/// A topology that no model knows would never be used.
Problems topology_problems(const std::string& topology) {
  const std::string word = models::unknown_topology_word(topology);
  if (word.empty()) return {};
  return {{"--topology", "",
           fmt::format("found {}, expected {}, or several of them such as \"nvswitch+efa\"{}",
                       in_quotes(topology), one_of(models::topology_words()),
                       did_you_mean(word, models::topology_words()))}};
}

/// Adds one run to the profile; says what is missing.
Problems add_run(models::KernelProfile& profile, const ImportedFile& file, NcclRun run,
                 const ImportOptions& options, Problems& warnings) {
  Result<std::int64_t> ranks = agreed(file, "--ranks", options.ranks, run.ranks);
  Result<std::int64_t> nodes = agreed(file, "--nodes", options.nodes, run.nodes);
  append(ranks.problems, nodes.problems);
  if (!ranks.problems.empty()) return ranks.problems;
  const std::string operation = operation_of(run, *ranks.value, options);
  if (std::find(operations().begin(), operations().end(), operation) == operations().end()) {
    return {{file.name, "",
             fmt::format("found the operation {}, expected {}: --operation says which", in_quotes(operation),
                         one_of(operations()))}};
  }
  run.ranks = *ranks.value > 0 ? *ranks.value : ranks_by_bandwidths(run, operation);
  if (run.ranks < 1)
    return {{file.name, "",
             "found neither a list of ranks nor nGpus, expected the number of ranks: --ranks says it"}};
  if (run.ranks == 1)
    return {{file.name, "", "found a run of one rank, expected two or more: one rank exchanges nothing"}};
  if (Problems found = contradictions(file.name, run, operation, run.ranks); !found.empty()) return found;
  run.nodes = *nodes.value;
  if (run.nodes == 0) {
    run.nodes = 1;
    warnings.push_back({file.name, "",
                        fmt::format("no list of devices says on how many nodes the {} ranks were: one is "
                                    "assumed; --nodes says otherwise",
                                    run.ranks)});
  }
  const std::string named = options.device.value_or(run.device);
  const models::DeviceSpec* device = models::find_device(named);
  if (device == nullptr) {
    return {{file.name, "",
             fmt::format("found the device {}, expected a known one (--device says which){}",
                         in_quotes(named), did_you_mean(named, models::device_names()))}};
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
  Problems problems, warnings;
  if (options.topology) append(problems, topology_problems(*options.topology));
  for (const ImportedFile& file : files) {
    if (!is_nccl_tests(file.text)) {
      problems.push_back(
          {file.name, "", "found another format, expected nccl-tests' output as in the other inputs"});
      continue;
    }
    Result<std::vector<NcclRun>> runs = is_nccl_json(file.text) ? parse_nccl_json(file.name, file.text)
                                                                : parse_nccl_text(file.name, file.text);
    append(problems, runs.problems);
    if (!runs) continue;
    for (NcclRun& run : *runs.value)
      append(problems, add_run(profile, file, std::move(run), options, warnings));
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
  Result<Imported> result = std::move(imported);
  result.warnings = std::move(warnings);
  return result;
}

}  // namespace spotmix::scenarios
