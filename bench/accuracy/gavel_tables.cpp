// Scores d_gavel_measured_throughputs: PyTorch jobs of 2019 on K80, P100 and V100.
//
// The rates are sums over the workers, so a step of all takes workers ÷ rate. GPUs of different servers met
// over a network that the table does not name; those rows are not scored. Cross-validated: the software's
// constants are fitted without one fold of (job, batch, GPUs).
#include "bench/accuracy/program_scoring.h"
#include "bench/accuracy/registry.h"
#include "bench/accuracy/training_rows.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

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

std::string ask(const Table& table, std::size_t row, ProgramRows& all) {
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
  models::StepInput input{
      .workload = *workload,
      .cluster = {.groups = {{.node = {.device = std::string(device->name), .devices = gpus}}}}};
  const Program program = program_of("pytorch", input);
  input.software = software_of(program);
  StepRows& rows = all[program];
  rows.systems.try_emplace(step.system, std::move(input));
  rows.rows.push_back(std::move(step));
  return "";
}

}  // namespace

std::vector<Score> score_gavel(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  ScoreBuilder one(kTable, "one GPU"), several(kTable, "several GPUs");
  ProgramRows all;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string reason = ask(*table, row, all);
    if (!reason.empty())
      (table->number(row, "scale_factor_gpus").value_or(1) > 1 ? several : one).skip(reason);
  }
  predict_programs(all, fit, [&](const StepRow& row, const models::StepBreakdown& step) {
    ScoreBuilder& score = row.parallelism.data > 1 ? several : one;
    if (!step.feasible()) return score.skip(step.infeasible_reason);
    score.add(row.measured_s, step.time_s, row.label);
  });
  return {one.finish(), several.finish()};
}

std::string show_gavel_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  ProgramRows all;
  for (std::size_t row = 0; row < table->rows(); ++row) ask(*table, row, all);
  return show_program_fits("PyTorch jobs of Gavel", all);
}

}  // namespace spotmix::accuracy
