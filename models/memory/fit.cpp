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
            Parallelism tried = settings_.parallelism;
            tried.expert = expert;
            tried.sharding = sharding;
            tried.recompute = recompute;
            tried.micro_batch = micro_batch;
            if (auto fit = try_one(tried)) return fit;
          }
        }
      }
    }
    return std::nullopt;
  }

  std::vector<NearestFit> single_changes() {
    Parallelism whole = settings_.parallelism;
    whole.micro_batch = samples_;
    std::vector<NearestFit> fits;
    const auto keep = [&](auto Parallelism::*setting, auto value) {
      Parallelism tried = whole;
      tried.*setting = value;
      auto fit = tried.*setting == whole.*setting ? std::nullopt : try_one(tried);
      if (!fit) return false;
      fits.push_back(*std::move(fit));
      return true;
    };
    if (whole.pipeline > 1 && whole.schedule == PipelineSchedule::gpipe)
      keep(&Parallelism::schedule, PipelineSchedule::one_forward_one_backward);
    for (int micro_batch = samples_ / 2; micro_batch >= 1; micro_batch /= 2) {
      if (keep(&Parallelism::micro_batch, micro_batch)) break;
    }
    for (const Recompute recompute : recomputations()) {
      if (keep(&Parallelism::recompute, recompute)) break;
    }
    for (const Sharding sharding : shardings()) {
      if (keep(&Parallelism::sharding, sharding)) break;
    }
    for (const int expert : experts()) {
      if (keep(&Parallelism::expert, expert)) break;
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
    if (p.gradient_sync != GradientSync::all_reduce) return {p.expert};
    std::vector<int> degrees = expert_degrees(workload_, p.data);
    std::erase_if(degrees, [&](int degree) { return degree < p.expert; });
    return degrees;
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

  std::optional<NearestFit> try_one(const Parallelism& tried) const {
    const Parallelism& asked = settings_.parallelism;
    MemorySettings settings = settings_;
    settings.parallelism = tried;
    const double bytes = memory_per_device(workload_, settings).total_bytes();
    if (bytes > limit_bytes_) return std::nullopt;
    std::string change;
    const auto say = [&](const std::string& text) { change += (change.empty() ? "" : " and ") + text; };
    if (tried.schedule != asked.schedule) say("schedule " + std::string(name_of(tried.schedule)));
    if (tried.micro_batch != samples_) say("micro_batch " + std::to_string(tried.micro_batch));
    if (tried.recompute != asked.recompute) say("recompute " + std::string(name_of(tried.recompute)));
    if (tried.sharding != asked.sharding) say("sharding " + std::string(name_of(tried.sharding)));
    if (tried.expert != asked.expert) say("expert " + std::to_string(tried.expert));
    return NearestFit{tried, change, bytes};
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
