// Exchanging gradients in buckets while backward still runs, and gathering sharded weights while layers
// compute.
#pragma once

#include <functional>
#include <vector>

namespace spotmix::models {

/// `count` equal layers one after the other, in the order of backward.
struct GradientRun {
  int count = 1;
  double backward_s = 0;  ///< Of each layer.
  double bytes = 0;       ///< Gradients that each makes ready when its backward pass ends.
};

/// Equal buckets ready at equal distances.
struct BucketRun {
  int count = 1;
  double first_ready_s = 0;  ///< After backward began.
  double spacing_s = 0;
  double bytes = 0;  ///< Of each.
};

/// Fills buckets of at least `bucket_bytes` in the order of backward; the last may be smaller. Together they
/// hold all the bytes.
std::vector<BucketRun> fill_buckets(const std::vector<GradientRun>& backward, double bucket_bytes);

/// One bucket on the link.
struct BucketTime {
  double start_s = 0;  ///< After backward began.
  double length_s = 0;
  double bytes = 0;
};

struct Exchange {
  double busy_s = 0;  ///< Of the link.
  double end_s = 0;   ///< Of the last bucket, after backward began.
};

/// One bucket after another, each from the moment it is ready; `bucket_s` gives the time of one of so many
/// bytes.
Exchange exchange(const std::vector<BucketRun>& buckets, const std::function<double(double)>& bucket_s);

/// The same bucket by bucket, for a timeline.
std::vector<BucketTime> bucket_times(const std::vector<BucketRun>& buckets,
                                     const std::function<double(double)>& bucket_s);

/// `count` equal layers whose weights are sharded.
struct ShardedRun {
  int count = 1;
  double forward_s = 0, backward_s = 0;
  double gather_s =
      0;  ///< All-gather of one layer's weights, before its forward and again before its backward pass.
  double scatter_s = 0;  ///< Reduce-scatter of its gradients, after its backward pass.
};

struct ShardedPass {
  double forward_s = 0, backward_s = 0;  ///< From begin to end, waiting included.
  double link_s = 0;                     ///< Time the link is busy, both passes.
};

/// One micro-batch through layers in the order of forward. The weights of a layer are gathered while the
/// layer before it computes; the link does one thing at a time.
ShardedPass sharded_pass(const std::vector<ShardedRun>& layers);

}  // namespace spotmix::models
