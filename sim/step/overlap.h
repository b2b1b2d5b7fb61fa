// Exchanging gradients in buckets while backward still runs.
#pragma once

#include <vector>

namespace spotmix::sim {

/// Gradients that one layer makes ready, in the order of backward.
struct GradientSource {
  double backward_s = 0;  ///< Time the layer's backward pass takes.
  double bytes = 0;       ///< Gradients ready when it ends.
};

struct Bucket {
  double ready_s = 0;  ///< After backward began.
  double bytes = 0;
};

/// Fills buckets of at least `bucket_bytes` in the order of backward; the last may be smaller. Together they
/// hold all the bytes.
std::vector<Bucket> fill_buckets(const std::vector<GradientSource>& backward, double bucket_bytes);

/// When the last of the buckets is exchanged, seconds after backward began: one after another, each from the
/// moment it is ready, bucket i taking bucket_s[i].
double exchange_end_s(const std::vector<Bucket>& buckets, const std::vector<double>& bucket_s);

}  // namespace spotmix::sim
