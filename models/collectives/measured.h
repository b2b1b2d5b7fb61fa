// Measured times of one collective, interpolated over bytes.
//
// Between samples the logarithm of (time ÷ shape) runs straight over the logarithm of bytes, where
// shape(bytes) = latency + bytes ÷ rate, taken from the ends of the series; where a model of the same library
// on the same topology is given, the mean of that and of (time ÷ model) is used, so that a switch of protocol
// between two samples falls where the library makes it. Beyond the samples the ratio at the end holds.
#pragma once

#include <functional>
#include <vector>

namespace spotmix::models {

struct TimeSample {
  double bytes = 0;
  double time_s = 0;
};

class MeasuredSeries {
 public:
  /// Seconds for a number of bytes, of the model that is corrected; may be empty.
  using Model = std::function<double(double bytes)>;

  /// `samples`: at least one, in any order; several of the same size count by their median. A sample that
  /// took longer than a larger one by a quarter counts as disturbed and takes that one's time.
  explicit MeasuredSeries(std::vector<TimeSample> samples, Model model = {});

  double time_s(double bytes) const;

 private:
  double shape_s(double bytes) const { return latency_s_ + bytes * s_per_byte_; }

  Model model_;
  double latency_s_ = 0;
  double s_per_byte_ = 0;
  std::vector<double> log_bytes_;
  std::vector<double> log_shape_ratio_;
  std::vector<double> log_model_ratio_;
};

/// Rank counts below and above `ranks`, or the nearest on one side, among those that were measured.
/// REQUIRES: `measured` is not empty.
std::vector<int> neighbouring_ranks(std::vector<int> measured, int ranks);

/// What one or two rank counts say of another: straight over log2(ranks).
double across_ranks(const std::vector<int>& ranks, const std::vector<double>& value, int at);

}  // namespace spotmix::models
