#include "models/memory/fit.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "models/parallelism/experts.h"

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

/// Tries settings in order of what they cost.
class Ladder {
 public:
  Ladder(const Workload& workload, const MemorySettings& settings, double limit_bytes)
      : workload_(workload),
        settings_(settings),
        limit_bytes_(limit_bytes),
        samples_(micro_batch_samples(settings.parallelism, settings.global_batch)) {}

  std::optional<NearestFit> climb() {
    for (const int expert : experts()) {
      for (const Sharding sharding : shardings()) {
        for (const Recompute recompute : recomputations()) {
          for (int micro_batch = samples_; micro_batch >= 1; micro_batch /= 2) {
            if (auto fit = try_one(micro_batch, recompute, sharding, expert)) return fit;
          }
        }
      }
    }
    return std::nullopt;
  }

  std::vector<NearestFit> single_changes() {
    const Parallelism& p = settings_.parallelism;
    std::vector<NearestFit> fits;
    const auto keep = [&](std::optional<NearestFit> fit) {
      if (!fit) return false;
      fits.push_back(*std::move(fit));
      return true;
    };
    if (p.pipeline > 1 && p.schedule == PipelineSchedule::gpipe) {
      MemorySettings other = settings_;
      other.parallelism.schedule = PipelineSchedule::one_forward_one_backward;
      const double bytes = memory_per_device(workload_, other).total_bytes();
      if (bytes <= limit_bytes_) fits.push_back({other.parallelism, "schedule 1f1b", bytes});
    }
    for (int micro_batch = samples_ / 2; micro_batch >= 1; micro_batch /= 2) {
      if (keep(try_one(micro_batch, p.recompute, p.sharding, p.expert))) break;
    }
    for (const Recompute recompute : recomputations()) {
      if (recompute != p.recompute && keep(try_one(samples_, recompute, p.sharding, p.expert))) break;
    }
    for (const Sharding sharding : shardings()) {
      if (sharding != p.sharding && keep(try_one(samples_, p.recompute, sharding, p.expert))) break;
    }
    for (const int expert : experts()) {
      if (expert != p.expert && keep(try_one(samples_, p.recompute, p.sharding, expert))) break;
    }
    return fits;
  }

 private:
  /// The settings' own first.
  std::vector<Sharding> shardings() const {
    const Parallelism& p = settings_.parallelism;
    std::vector<Sharding> from{p.sharding};
    if (p.data == 1 || p.gradient_sync != GradientSync::all_reduce) return from;
    for (const Sharding sharding : {Sharding::optimizer, Sharding::gradients, Sharding::parameters}) {
      if (sharding > p.sharding) from.push_back(sharding);
    }
    return from;
  }

  std::vector<int> experts() const {
    const Parallelism& p = settings_.parallelism;
    std::vector<int> from{p.expert};
    if (p.gradient_sync != GradientSync::all_reduce) return from;
    for (int expert = p.expert + 1; expert <= p.data; ++expert) {
      if (p.data % expert == 0 && !expert_problem(workload_, expert)) from.push_back(expert);
    }
    return from;
  }

  std::vector<Recompute> recomputations() const {
    std::vector<Recompute> from{settings_.parallelism.recompute};
    const bool possible = std::any_of(workload_.layers.begin(), workload_.layers.end(),
                                      [](const Layer& layer) { return layer.recomputable; });
    for (const Recompute recompute : {Recompute::selective, Recompute::full}) {
      if (possible && recompute > settings_.parallelism.recompute) from.push_back(recompute);
    }
    return from;
  }

  std::optional<NearestFit> try_one(int micro_batch, Recompute recompute, Sharding sharding,
                                    int expert) const {
    MemorySettings tried = settings_;
    tried.parallelism.micro_batch = micro_batch;
    tried.parallelism.recompute = recompute;
    tried.parallelism.sharding = sharding;
    tried.parallelism.expert = expert;
    const double bytes = memory_per_device(workload_, tried).total_bytes();
    if (bytes > limit_bytes_) return std::nullopt;
    std::string change;
    const auto say = [&](const std::string& text) { change += (change.empty() ? "" : " and ") + text; };
    if (micro_batch != samples_) say("micro_batch " + std::to_string(micro_batch));
    if (recompute != settings_.parallelism.recompute)
      say("recompute " + std::string(recompute_name(recompute)));
    if (sharding != settings_.parallelism.sharding) say("sharding " + std::string(sharding_name(sharding)));
    if (expert != settings_.parallelism.expert) say("expert " + std::to_string(expert));
    return NearestFit{tried.parallelism, change, bytes};
  }

  const Workload& workload_;
  const MemorySettings& settings_;
  double limit_bytes_;
  int samples_;
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

std::vector<NearestFit> single_changes_that_fit(const Workload& workload, const MemorySettings& settings,
                                                double limit_bytes) {
  return Ladder(workload, settings, limit_bytes).single_changes();
}

std::string memory_problem(const Workload& workload, const MemorySettings& settings, double limit_bytes) {
  const MemoryUse use = memory_per_device(workload, settings);
  if (use.total_bytes() <= limit_bytes) return "";
  std::string text = "does not fit: needs " + gib_text(use.total_bytes()) + " of " + gib_text(limit_bytes) +
                     " (" + largest_part(use) + "); ";
  std::string changes;
  for (const NearestFit& fit : single_changes_that_fit(workload, settings, limit_bytes))
    changes += (changes.empty() ? "" : " or ") + fit.change;
  if (!changes.empty()) return text + changes + " fits";
  if (const auto fit = nearest_fit(workload, settings, limit_bytes)) return text + fit->change + " fit";
  return text +
         "no micro-batch, recomputation, sharding or division of experts and tables over these devices makes "
         "it fit";
}

}  // namespace spotmix::models
