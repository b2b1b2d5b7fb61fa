// Scores g_megatron_published: iteration times and memory of GPT models of 22B to 1T, as the papers give
// them.
//
// Rates (model or hardware utilisation, TFLOP/s per GPU) are turned into the iteration time that they mean,
// with the papers' own FLOP count: 96·B·s·L·h²(1 + s/6h + V/16Lh) for the hardware under full recomputation,
// 72·B·s·L·h²(1 + s/3h + V/12Lh) under selective, 72·B·s·L·h²(1 + s/6h + V/12Lh) for the model (arXiv
// 2104.04473, 2205.05198).
#include <optional>

#include "bench/accuracy/registry.h"
#include "models/kernels/profile_set.h"
#include "models/memory/memory.h"
#include "models/step/estimator.h"
#include "models/workload/transformer.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "g_megatron_published";
/// The program's introduction of 2021, with the runs of arXiv 2104.04473.
constexpr std::string_view kReadme2021 = "NVIDIA/Megatron-LM@28802670f9";
constexpr double kGib = 1073741824.0;
constexpr double kVocabulary = 51200;
constexpr int kGpusPerNode = 8;

struct PublishedRun {
  std::string gpu, recompute, measured;
  bool before_fusion = false;  ///< Timed with a Megatron-LM that had no fused accumulation yet.
  int gpus = 0, hidden = 0, heads = 0, layers = 0, sequence_length = 0, global_batch = 0;
  models::Parallelism parallelism{};
  double value = 0;
};

PublishedRun run_of(const Table& table, std::size_t row) {
  const auto whole = [&](const char* column) {
    return static_cast<int>(table.number(row, column).value_or(0));
  };
  PublishedRun run{.gpu = table.text(row, "gpu"),
                   .recompute = table.text(row, "recompute"),
                   .measured = table.text(row, "measured"),
                   .before_fusion = table.text(row, "source").find(kReadme2021) != std::string::npos,
                   .gpus = whole("gpus"),
                   .hidden = whole("hidden"),
                   .heads = whole("heads"),
                   .layers = whole("layers"),
                   .sequence_length = whole("seq"),
                   .global_batch = whole("global_batch"),
                   .value = table.number(row, "value").value_or(0)};
  models::Parallelism& p = run.parallelism;
  p.tensor = whole("tp");
  p.pipeline = whole("pp");
  p.data = whole("dp");
  p.micro_batch = whole("micro_batch");
  p.chunks = std::max(1, whole("interleave"));
  p.schedule = p.chunks > 1 ? models::PipelineSchedule::interleaved
                            : models::PipelineSchedule::one_forward_one_backward;
  p.sequence_parallel = run.recompute.find("seq-parallel") != std::string::npos;
  if (run.recompute.find("full") != std::string::npos) p.recompute = models::Recompute::full;
  if (run.recompute.find("selective") != std::string::npos) p.recompute = models::Recompute::selective;
  return run;
}

models::StepInput input_of(const PublishedRun& run) {
  models::Software software = models::software_of("megatron");
  software.fp32_gradients = true;
  software.fused_accumulation = !run.before_fusion;
  return {.workload = models::transformer({.name = "gpt",
                                           .layers = run.layers,
                                           .hidden = run.hidden,
                                           .heads = run.heads,
                                           .vocabulary = static_cast<int>(kVocabulary),
                                           .positions = run.sequence_length,
                                           .sequence_length = run.sequence_length,
                                           .source = "the row"}),
          .precision = models::Precision::fp16,
          .global_batch = run.global_batch,
          .optimizer = models::Optimizer::adam,
          .software = software,
          // Selene: eight 200 Gb/s adapters per node (arXiv 2104.04473, section 5).
          .cluster = {.groups = {{.node = {.device = "A100-SXM4-80GB",
                                           .devices = std::min(run.gpus, kGpusPerNode),
                                           .network_bytes_per_s = 200e9,
                                           .transport = models::Transport::infiniband,
                                           .network_adapters = 8},
                                  .instances = std::max(1, run.gpus / kGpusPerNode)}}},
          .parallelism = run.parallelism,
          .check_memory = false};
}

/// FLOP of one iteration on all GPUs.
double iteration_flop(const PublishedRun& run, bool recomputed_too) {
  const double s = run.sequence_length, h = run.hidden, l = run.layers, b = run.global_batch;
  const double layers = 24 * b * s * l * h * h * (1 + s / (6 * h));
  // The paper counts the attention's forward and backward again, s/3h where the model's FLOP have s/6h; the
  // ratio of its two utilisations says so too.
  const double attention_again = 12 * b * s * s * l * h;
  const double vocabulary = 6 * b * s * h * kVocabulary;
  if (!recomputed_too) return 3 * layers + vocabulary;
  return 3 * layers + vocabulary +
         (run.parallelism.recompute == models::Recompute::full ? layers : attention_again);
}

/// The iteration time that the row's figure means; nothing where it is another quantity.
std::optional<double> measured_s(const PublishedRun& run) {
  if (run.measured == "iteration_time_s") return run.value;
  const double peak = 312e12;
  if (run.measured == "MFU_pct") return iteration_flop(run, false) / (run.value / 100 * peak * run.gpus);
  if (run.measured == "HFU_pct") return iteration_flop(run, true) / (run.value / 100 * peak * run.gpus);
  if (run.measured == "TFLOPs_per_gpu") return iteration_flop(run, true) / (run.value * 1e12 * run.gpus);
  return std::nullopt;
}

/// The papers count the transformer layers alone, without embedding, head and what the runtime keeps.
std::optional<double> predicted_gib(const PublishedRun& run) {
  models::Workload layers = input_of(run).workload;
  std::erase_if(layers.layers,
                [](const models::Layer& layer) { return layer.kind != models::LayerKind::transformer; });
  const models::MemoryUse use = models::memory_per_device(layers, {.precision = models::Precision::fp16,
                                                                   .optimizer = models::Optimizer::adam,
                                                                   .fp32_gradients = true,
                                                                   .parallelism = run.parallelism,
                                                                   .global_batch = run.global_batch});
  if (run.measured == "param+optimizer_GiB_per_gpu")
    return (use.parameters_bytes + use.gradients_bytes + use.optimizer_bytes) / kGib;
  if (run.measured == "activation_GiB_per_gpu") return use.activations_bytes / kGib;
  return std::nullopt;
}

std::string label_of(const Table& table, std::size_t row) {
  return table.text(row, "model") + ", " + table.text(row, "recompute") + ", " + table.text(row, "gpus") +
         " GPUs, " + table.text(row, "measured");
}

}  // namespace

std::vector<Score> score_megatron(const DataDirectory& data, Fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder time(kTable, "time"), memory(kTable, "memory");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const PublishedRun run = run_of(*table, row);
    const bool is_memory = run.measured.find("GiB") != std::string::npos;
    if (run.hidden == 0 || run.parallelism.tensor == 0) {
      (is_memory ? memory : time).skip("the row does not say how the model is cut");
      continue;
    }
    if (!(run.value > 0)) {
      (is_memory ? memory : time).skip("the row has no value");
      continue;
    }
    if (is_memory) {
      if (const auto gib = predicted_gib(run)) {
        memory.add(run.value, *gib, label_of(*table, row));
      } else {
        memory.skip("'" + run.measured + "' is not a part of memory that is modelled");
      }
      continue;
    }
    const auto expected_s = measured_s(run);
    if (!expected_s) {
      time.skip("'" + run.measured + "' does not mean a time");
      continue;
    }
    models::StepInput input = input_of(run);
    input.profiles = &profiles;
    const models::StepBreakdown step = models::step_time(input);
    if (!step.feasible()) {
      time.skip(step.infeasible_reason);
      continue;
    }
    time.add(*expected_s, step.time_s, label_of(*table, row));
  }
  return {time.finish(), memory.finish()};
}

}  // namespace spotmix::accuracy
