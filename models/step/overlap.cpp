#include "models/step/overlap.h"

#include <algorithm>
#include <cmath>

namespace spotmix::models {
namespace {

/// Layers whose bytes fill a bucket that already holds `held`; a bucket without bounds takes more than there
/// are.
int layers_to_fill(double held, double each, double bucket_bytes) {
  constexpr double kMoreThanAny = 1e9;
  return static_cast<int>(std::clamp(std::ceil((bucket_bytes - held) / each), 1.0, kMoreThanAny));
}

}  // namespace

std::vector<BucketRun> fill_buckets(const std::vector<GradientRun>& backward, double bucket_bytes) {
  std::vector<BucketRun> buckets;
  double clock_s = 0;
  double held = 0;
  for (const GradientRun& run : backward) {
    int left = run.count;
    if (run.bytes > 0 && held > 0) {
      // The first bucket also holds what earlier layers left over.
      const int taken = layers_to_fill(held, run.bytes, bucket_bytes);
      if (taken <= left) {
        buckets.push_back({1, clock_s + taken * run.backward_s, 0, held + taken * run.bytes});
        clock_s += taken * run.backward_s;
        left -= taken;
        held = 0;
      }
    }
    if (run.bytes > 0 && held == 0) {
      const int each = layers_to_fill(0, run.bytes, bucket_bytes);
      if (const int full = left / each; full > 0) {
        buckets.push_back({full, clock_s + each * run.backward_s, each * run.backward_s, each * run.bytes});
        clock_s += full * each * run.backward_s;
        left -= full * each;
      }
    }
    held += left * run.bytes;
    clock_s += left * run.backward_s;
  }
  if (held > 0) buckets.push_back({1, clock_s, 0, held});
  return buckets;
}

Exchange exchange(const std::vector<BucketRun>& buckets, const std::function<double(double)>& bucket_s) {
  Exchange result;
  for (const BucketRun& run : buckets) {
    const double each_s = bucket_s(run.bytes);
    const double last_ready_s = run.first_ready_s + (run.count - 1) * run.spacing_s;
    // Either the link never idles from the run's first bucket on, or it has caught up before the last.
    result.end_s =
        std::max(std::max(result.end_s, run.first_ready_s) + run.count * each_s, last_ready_s + each_s);
    result.busy_s += run.count * each_s;
  }
  return result;
}

std::vector<BucketTime> bucket_times(const std::vector<BucketRun>& buckets,
                                     const std::function<double(double)>& bucket_s) {
  std::vector<BucketTime> times;
  double link_s = 0;
  for (const BucketRun& run : buckets) {
    const double each_s = bucket_s(run.bytes);
    for (int i = 0; i < run.count; ++i) {
      const double start_s = std::max(link_s, run.first_ready_s + i * run.spacing_s);
      times.push_back({start_s, each_s, run.bytes});
      link_s = start_s + each_s;
    }
  }
  return times;
}

ShardedPass sharded_pass(const std::vector<ShardedRun>& layers) {
  ShardedPass pass;
  double link_s = 0, device_s = 0, start_s = 0;
  for (const ShardedRun& run : layers) {
    for (int i = 0; i < run.count; ++i) {
      link_s = std::max(link_s, start_s) + run.gather_s;
      start_s = std::max(device_s, link_s);
      device_s = start_s + run.forward_s;
    }
    pass.link_s += run.count * (2 * run.gather_s + run.scatter_s);
  }
  pass.forward_s = device_s;

  link_s = device_s = start_s = 0;
  double before_s = 0;  // reduce-scatter of the layer before, which waits for that layer's end
  // NOLINTNEXTLINE(modernize-loop-convert): clang 14 does not compile std::views::reverse
  for (auto run = layers.rbegin(); run != layers.rend(); ++run) {
    for (int i = 0; i < run->count; ++i) {
      const double gathered_s = std::max(link_s, start_s) + run->gather_s;
      link_s = before_s > 0 ? std::max(gathered_s, device_s) + before_s : gathered_s;
      start_s = std::max(device_s, gathered_s);
      device_s = start_s + run->backward_s;
      before_s = run->scatter_s;
    }
  }
  pass.backward_s = std::max(link_s, device_s) + before_s;
  return pass;
}

}  // namespace spotmix::models
