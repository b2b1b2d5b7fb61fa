#include "sim/step/overlap.h"

#include <algorithm>
#include <cstddef>

namespace spotmix::sim {

std::vector<Bucket> fill_buckets(const std::vector<GradientSource>& backward, double bucket_bytes) {
  std::vector<Bucket> buckets;
  double clock_s = 0;
  double filled = 0;
  for (const GradientSource& source : backward) {
    clock_s += source.backward_s;
    filled += source.bytes;
    if (filled > 0 && filled >= bucket_bytes) {
      buckets.push_back({clock_s, filled});
      filled = 0;
    }
  }
  if (filled > 0) buckets.push_back({clock_s, filled});
  return buckets;
}

double exchange_end_s(const std::vector<Bucket>& buckets, const std::vector<double>& bucket_s) {
  double end_s = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) end_s = std::max(end_s, buckets[i].ready_s) + bucket_s[i];
  return end_s;
}

}  // namespace spotmix::sim
