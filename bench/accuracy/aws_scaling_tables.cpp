// Scores d_scaling_aws_tf_horovod: TensorFlow's own benchmarks of 2017 through parameter servers and
// replicas, and Horovod on p3 instances.
//
// A parameter server on the host's memory of a single machine moves as many bytes over PCIe as a reduction
// does and is asked as one; across instances the servers stand on the workers. Cross-validated: the
// software's slowdowns are fitted without two fifths of (model, batch, GPUs).
#include <array>

#include "bench/accuracy/program_scoring.h"
#include "bench/accuracy/registry.h"
#include "bench/accuracy/training_rows.h"
#include "models/workload/library.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "d_scaling_aws_tf_horovod";

std::string workload_name(const std::string& model) {
  constexpr std::array<std::pair<const char*, const char*>, 7> kNames{{{"InceptionV3", "inception-v3"},
                                                                       {"ResNet-50", "resnet50"},
                                                                       {"ResNet-152", "resnet152"},
                                                                       {"ResNet101V1_b", "resnet101"},
                                                                       {"AlexNet", "alexnet"},
                                                                       {"VGG16", "vgg16"},
                                                                       {"VGG-16", "vgg16"}}};
  for (const auto& [name, workload] : kNames) {
    if (model == name) return workload;
  }
  return "";
}

/// Google's machine has the GPUs of a p2.8xlarge.
std::optional<models::InstanceGroup> instances_of(const std::string& instance, int gpus, int instances) {
  const bool p3 = contains(instance, "p3.16xlarge");
  if (contains(instance, "RoCE")) return std::nullopt;
  return models::InstanceGroup{.node = {.device = contains(instance, "P100") ? "P100-SXM2-16GB"
                                                  : p3                       ? "V100-SXM2-16GB"
                                                                             : "K80",
                                        .devices = gpus / instances,
                                        .network_bytes_per_s = (p3 ? 25 : 10) * 1e9 / 8},
                               .instances = instances};
}

/// "8 inst: 6/8/4 PS" names the servers of Inception, ResNet-50 and ResNet-152 on eight instances; smaller
/// clusters had one on each.
int servers_of(const std::string& model, const std::string& communication, int instances) {
  if (instances < 8) return instances;
  if (contains(communication, "ResNet-50 8 inst: 4")) return model == "ResNet-50" ? 4 : instances;
  if (model == "InceptionV3") return 6;
  return model == "ResNet-152" ? 4 : 8;
}

std::string ask(const Table& table, std::size_t row, ProgramRows& all) {
  const std::string& metric = table.text(row, "metric");
  const std::string& model = table.text(row, "model");
  const std::string name = workload_name(model);
  if (metric != "images_per_s" && metric != "iterations_per_s")
    return "not a throughput, and the row lacks what would make one of it: " + metric;
  if (name.empty()) return "family not modelled: " + model;
  const std::vector<double> batches = numbers_in(table.text(row, "batch_per_gpu"));
  const auto value = table.number(row, "value");
  if (batches.empty() || !value) return "the row lacks its batch or result";
  const int gpus = static_cast<int>(table.number(row, "gpus").value_or(0));
  const int instances = static_cast<int>(table.number(row, "instances").value_or(1));
  const auto group = instances_of(table.text(row, "instance"), gpus, instances);
  if (!group) return "hardware is not named";
  const std::string& communication = table.text(row, "comm");
  const int batch = static_cast<int>(batches.front());
  models::Parallelism parallelism{.data = gpus, .micro_batch = batch};
  if (instances > 1 && contains(communication, "parameter servers")) {
    parallelism.gradient_sync = models::GradientSync::parameter_server;
    parallelism.servers = servers_of(model, communication, instances);
  }
  const double samples = static_cast<double>(batch) * gpus;
  const std::string size = std::to_string(gpus) + " x " + std::to_string(batch);
  StepRow step{.system = table.text(row, "instance") + " " + model + " " + size,
               .choice = {},
               .fold_key = model + " " + size,
               .parallelism = parallelism,
               .global_batch = gpus * batch,
               .measured_s = metric == "iterations_per_s" ? 1 / *value : samples / *value,
               .label = table.text(row, "instance") + " " + model + " " + size + " " + communication};
  models::StepInput input{
      .workload = *models::find_workload(name),
      .precision = metric == "iterations_per_s" ? models::Precision::fp16 : models::Precision::fp32,
      .cluster = {.groups = {*group}}};
  const Program program = program_of(metric == "iterations_per_s" ? "tensorflow2" : "tensorflow", input);
  input.software = software_of(program);
  StepRows& rows = all[program];
  rows.systems.try_emplace(step.system, std::move(input));
  rows.rows.push_back(std::move(step));
  return "";
}

}  // namespace

std::vector<Score> score_aws_scaling(const DataDirectory& data, Fit fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  ScoreBuilder score(kTable, "");
  ProgramRows all;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string reason = ask(*table, row, all);
    if (!reason.empty()) score.skip(reason);
  }
  predict_programs(all, fit, [&](const StepRow& row, const models::StepBreakdown& step) {
    if (!step.feasible()) return score.skip(step.infeasible_reason);
    score.add(row.measured_s, step.time_s, row.label);
  });
  return {score.finish()};
}

std::string show_aws_scaling_fit(const DataDirectory& data) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return "";
  ProgramRows all;
  for (std::size_t row = 0; row < table->rows(); ++row) ask(*table, row, all);
  return show_program_fits("TensorFlow's benchmarks", all);
}

}  // namespace spotmix::accuracy
