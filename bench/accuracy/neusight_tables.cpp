// Scores k_iteration_neusight: whole iterations in fp32, forward alone or forward and backward, no optimizer.
//
// The table's models run in PyTorch, eager or fused by its compiler; a row that spreads over several devices
// does not say how they are connected and is not scored.
#include "bench/accuracy/registry.h"
#include "models/kernels/profile_set.h"
#include "models/parallelism/layer_cost.h"
#include "models/stacks/stack.h"
#include "models/workload/transformer.h"

namespace spotmix::accuracy {
namespace {

constexpr const char* kTable = "k_iteration_neusight";

std::optional<models::TransformerShape> shape_of(const std::string& model) {
  if (model == "bert_large") {
    return models::TransformerShape{.layers = 24,
                                    .hidden = 1024,
                                    .heads = 16,
                                    .vocabulary = 30522,
                                    .positions = 512,
                                    .token_types = 2,
                                    .head_transform = true,
                                    .causal = false};
  }
  if (model == "gpt2_large") {
    return models::TransformerShape{
        .layers = 36, .hidden = 1280, .heads = 20, .vocabulary = 50257, .positions = 1024};
  }
  if (model == "gpt3_27") {
    return models::TransformerShape{
        .layers = 32, .hidden = 2560, .heads = 32, .vocabulary = 50257, .positions = 2048};
  }
  return std::nullopt;
}

std::string device_name(const std::string& device) {
  if (device == "NVIDIA_A100_80GB_PCIe") return "A100-PCIE-80GB";
  if (device == "NVIDIA_H100_80GB_HBM3") return "H100-SXM";
  return device;  // the short forms are known as they are
}

/// Forward and backward of one batch on one device.
struct Passes {
  double forward_s = 0, backward_s = 0;
};

Passes passes_of(const models::Workload& workload, double samples, const models::OperationCosts& costs) {
  const models::Software software = models::software_of("eager");
  Passes passes;
  for (const models::Layer& layer : workload.layers) {
    const models::LayerCost cost =
        models::layer_cost(layer, {.share = {.samples = samples}, .software = &software}, costs);
    passes.forward_s += layer.repeat * cost.forward.total_s();
    passes.backward_s += layer.repeat * cost.backward.total_s();
  }
  return passes;
}

std::string score_row(const Table& table, std::size_t row, const std::vector<models::KernelProfile>& profiles,
                      ScoreBuilder& score) {
  const std::string& option = table.text(row, "option");
  if (option == "fusion") return "kernels fused by a compiler are not modelled";
  if (!option.empty()) return "the row does not say how its devices are connected";
  auto shape = shape_of(table.text(row, "model"));
  if (!shape) return "family not modelled: " + table.text(row, "model");
  const models::DeviceSpec* device = models::find_device(device_name(table.text(row, "device")));
  if (device == nullptr) return "no device " + table.text(row, "device");
  const bool training = table.text(row, "mode") == "train";
  const auto measured_ms = table.number(row, "e2e_latency");
  if (!measured_ms || *measured_ms <= 0) return "not measured";
  shape->sequence_length = static_cast<int>(table.number(row, "seq").value_or(0));
  const models::OperationCosts costs(*device, models::Precision::fp32, &profiles);
  const Passes passes = passes_of(models::transformer(*shape), table.number(row, "batch").value_or(0), costs);
  score.add(*measured_ms * 1e-3, passes.forward_s + (training ? passes.backward_s : 0));
  return "";
}

}  // namespace

std::vector<Score> score_neusight(const DataDirectory& data, Fit) {
  const Table* table = data.find(kTable);
  if (table == nullptr) return {};
  const std::vector<models::KernelProfile> profiles = models::load_profiles(SPOTMIX_PROFILE_DIR);
  ScoreBuilder score(kTable, "");
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string reason = score_row(*table, row, profiles, score);
    if (!reason.empty()) score.skip(reason);
  }
  return {score.finish()};
}

}  // namespace spotmix::accuracy
