// Scores d_gavel_measured_throughputs: PyTorch jobs of 2019 on K80, P100 and V100.
//
// The rates are sums over the workers, so a step of all takes workers ÷ rate. GPUs of different servers met
// over a network that the table does not name; those rows are not scored. Cross-validated: the software's
// constants are fitted without one fold of (job, batch, GPUs).
#include <map>

#include "bench/accuracy/registry.h"
#include "bench/accuracy/step_scoring.h"
#include "bench/accuracy/training_rows.h"
#include "models/kernels/profile_set.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

/// The family of the workloads and the architecture.
using Program = std::pair<std::string, models::Architecture>;

constexpr const char* kTable = "d_gavel_measured_throughputs";

/// The jobs as the scheduler's repository defines them; nothing where the family is not modelled.
std::optional<models::Workload> workload_of(const std::string& job) {
  if (job == "ResNet-18") return models::find_workload("resnet18-cifar");
  if (job == "ResNet-50") return models::find_workload("resnet50");
  if (job == "LM") return models::find_workload("lstm-wikitext2");
  if (job == "Transformer") return models::find_workload("transformer-multi30k");
  if (job == "Recommendation") return models::find_workload("autoencoder-movielens");
  return std::nullopt;
}

std::string ask(const Table& table, std::size_t row, std::map<Program, StepRows>& all) {
  const std::string& job = table.text(row, "job");
  const std::string& worker = table.text(row, "worker_type");
  const int gpus = static_cast<int>(table.number(row, "scale_factor_gpus").value_or(0));
  if (contains(worker, "unconsolidated") && gpus > 1) return "the network between the servers is not named";
  const auto workload = workload_of(job);
  if (!workload) return "family not modelled: " + job;
  const auto batch = table.number(row, "batch_per_gpu");
  const auto rate = table.number(row, "steps_per_s");
  if (!batch || !rate || gpus < 1) return "the row lacks its batch, GPUs or result";
  const std::string name = worker.substr(0, worker.find('_'));
  const models::DeviceSpec* device = models::find_device(name == "k80"    ? "K80"
                                                         : name == "p100" ? "P100-PCIE-16GB"
                                                                          : "V100-SXM2-16GB");
  const int samples = static_cast<int>(*batch);
  const std::string size = std::to_string(gpus) + " x " + std::to_string(samples);
  StepRow step{.system = name + " " + job + " " + size,
               .choice = {},
               .fold_key = job + " " + size,
               .parallelism = {.data = gpus, .micro_batch = samples},
               .global_batch = gpus * samples,
               .measured_s = gpus / *rate,
               .label = name + " " + job + ": " + size};
  StepRows& rows = all[{workload->family, device->architecture}];
  rows.systems.try_emplace(
      step.system,
      sim::StepInput{
          .workload = *workload,
          .software =
              models::framework_software(models::Framework::pytorch, device->architecture, workload->family),
          .cluster = {.groups = {{.device = std::string(device->name), .devices_per_instance = gpus}}}});
  rows.rows.push_back(std::move(step));
  return "";
}

}  // namespace

std::vector<Score> score_gavel(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  ScoreBuilder one(kTable, "one GPU"), several(kTable, "several GPUs");
  std::map<Program, StepRows> all;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string reason = ask(*table, row, all);
    if (!reason.empty())
      (table->number(row, "scale_factor_gpus").value_or(1) > 1 ? several : one).skip(reason);
  }
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  for (const auto& [program, rows] : all) {
    StepModels models(rows, profiles);
    predict_steps(models, rows, fit, rows.systems.begin()->second.software, program_constants(program.first),
                  [&](const StepRow& row, const sim::StepBreakdown& step) {
                    ScoreBuilder& score = row.parallelism.data > 1 ? several : one;
                    if (!step.feasible()) return score.skip(step.infeasible_reason);
                    score.add(row.measured_s, step.time_s, row.label);
                  });
  }
  return {one.finish(), several.finish()};
}

std::string show_gavel_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  std::map<Program, StepRows> all;
  for (std::size_t row = 0; row < table->rows(); ++row) ask(*table, row, all);
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  std::string text;
  for (const auto& [program, rows] : all) {
    text += show_software_fit("PyTorch jobs of Gavel, " + program.first + " on " +
                                  std::string(models::architecture_name(program.second)),
                              rows, profiles, rows.systems.begin()->second.software,
                              program_constants(program.first));
  }
  return text;
}

}  // namespace spotmix::accuracy
