#include "models/memory/fit.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace spotmix::models {
namespace {

constexpr double kGib = 1073741824.0;

std::string largest_part(const MemoryUse& use) {
  const std::array<std::pair<const char*, double>, 6> parts{{{"parameters", use.parameters_bytes},
                                                             {"gradients", use.gradients_bytes},
                                                             {"optimizer", use.optimizer_bytes},
                                                             {"activations", use.activations_bytes},
                                                             {"buffers", use.buffers_bytes},
                                                             {"reserved", use.reserved_bytes}}};
  const auto* largest = std::max_element(parts.begin(), parts.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
  return std::string(largest->first) + " " + gib_text(largest->second);
}

const char* sharding_text(Sharding sharding) {
  switch (sharding) {
    case Sharding::optimizer:
      return "sharded optimizer state";
    case Sharding::gradients:
      return "sharded gradients and optimizer state";
    case Sharding::parameters:
      return "sharded parameters";
    case Sharding::none:
      break;
  }
  return "";
}

/// Tries settings in order of what they cost.
class Ladder {
 public:
  Ladder(const Workload& workload, const MemorySettings& settings, double limit_bytes)
      : workload_(workload), settings_(settings), limit_bytes_(limit_bytes) {}

  std::optional<NearestFit> climb() {
    const int samples = micro_batch_samples(settings_.parallelism, settings_.global_batch);
    const bool recomputable = std::any_of(workload_.layers.begin(), workload_.layers.end(),
                                          [](const Layer& layer) { return layer.recomputable; });
    for (const Sharding sharding :
         {Sharding::none, Sharding::optimizer, Sharding::gradients, Sharding::parameters}) {
      if (sharding < settings_.parallelism.sharding) continue;
      if (sharding > settings_.parallelism.sharding && settings_.parallelism.data == 1) continue;
      for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
        if (recompute < settings_.parallelism.recompute) continue;
        if (recompute > settings_.parallelism.recompute && !recomputable) continue;
        for (int micro_batch = samples; micro_batch >= 1; micro_batch /= 2) {
          if (auto fit = try_one(micro_batch, recompute, sharding, samples)) return fit;
        }
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<NearestFit> try_one(int micro_batch, Recompute recompute, Sharding sharding, int samples) {
    MemorySettings tried = settings_;
    tried.parallelism.micro_batch = micro_batch;
    tried.parallelism.recompute = recompute;
    tried.parallelism.sharding = sharding;
    const double bytes = memory_per_device(workload_, tried).total_bytes();
    if (bytes > limit_bytes_) return std::nullopt;
    std::string change;
    const auto say = [&](const std::string& text) { change += (change.empty() ? "" : " and ") + text; };
    if (micro_batch != samples) say("micro_batch " + std::to_string(micro_batch));
    if (recompute != settings_.parallelism.recompute) {
      say(recompute == Recompute::full ? "full recomputation" : "selective recomputation");
    }
    if (sharding != settings_.parallelism.sharding) say(sharding_text(sharding));
    return NearestFit{tried.parallelism, change, bytes};
  }

  const Workload& workload_;
  const MemorySettings& settings_;
  double limit_bytes_;
};

}  // namespace

std::string gib_text(double bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f GiB", bytes / kGib);
  return text.data();
}

std::optional<NearestFit> nearest_fit(const Workload& workload, const MemorySettings& settings,
                                      double limit_bytes) {
  return Ladder(workload, settings, limit_bytes).climb();
}

std::string memory_problem(const Workload& workload, const MemorySettings& settings, double limit_bytes) {
  const MemoryUse use = memory_per_device(workload, settings);
  if (use.total_bytes() <= limit_bytes) return "";
  std::string text = "needs " + gib_text(use.total_bytes()) + " of " + gib_text(limit_bytes) +
                     " per device (" + largest_part(use) + ")";
  if (const auto fit = nearest_fit(workload, settings, limit_bytes)) {
    return text + "; fits with " + fit->change + " (" + gib_text(fit->bytes) + ")";
  }
  return text + "; no micro-batch, recomputation or sharding over these devices makes it fit";
}

}  // namespace spotmix::models
