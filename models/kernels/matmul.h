// How long a matrix product takes on a device: a tile-and-wave roofline fitted to the profile's samples,
// corrected by interpolating what the samples show beyond it.
//
//   log time = mean over two views of (log formula(shape) + residual(shape)),   see matmul_views.h
//
// A model is made once per device, precision and library and may be shared between threads. Every time says
// whether it rests on measured, published or scaled samples and how far the nearest sample is. No time is
// below FLOP ÷ peak or bytes ÷ bandwidth. On samples a prediction reproduces them to the noise that the fit
// allows.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/kernels/profile.h"

namespace spotmix::models {

/// Beyond this distance from the nearest sample (in length scales of the interpolation) a time is an
/// extrapolation.
inline constexpr double kExtrapolationDistance = 1.0;

struct KernelTime {
  double time_s = 0;
  SourceKind source = SourceKind::published;
  double sample_distance = 0;  ///< Length scales to the nearest sample; infinite where there is none.
  bool extrapolated = false;
};

class MatmulModel {
 public:
  struct Data;
  explicit MatmulModel(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }

 private:
  std::shared_ptr<const Data> data_;
};

/// Which of a profile's groups answers; empty strings mean "the one with most samples that fits the
/// question".
struct MatmulChoice {
  Precision precision = Precision::fp32;
  std::string library;
  std::string source;
};

/// The model of one device, or nullopt when the profile has no group of that choice. fp16 and bf16 stand for
/// one another (tensor cores run them alike; the time is then marked as scaled). Requires fitted groups
/// (`fit_matmul`).
std::optional<MatmulModel> make_matmul_model(const KernelProfile& profile, const MatmulChoice& choice);

/// The same shares of peak, bandwidth and multiprocessors, and the same residual, on another device or in
/// another precision; every time is marked as scaled. Requires a peak for `precision` on `device`.
MatmulModel scale_matmul_model(const MatmulModel& from, const std::string& device_name,
                               const DeviceLimits& device, Precision precision);

/// Sizes must be positive. Costs a few microseconds: cache by shape.
KernelTime matmul_time(const MatmulModel& model, const MatmulShape& shape);
inline double matmul_time_s(const MatmulModel& model, const MatmulShape& shape) {
  return matmul_time(model, shape).time_s;
}

/// "torch-cublas-graph (aiconfigurator)", or "scaled from V100-PCIE-32GB: …".
std::string describe(const MatmulModel& model);

/// The same as a source with its error: of samples of the device itself, that of each predicted from the
/// others; of scaled ones, what was seen between such devices (scaling_error.h).
Source source_of(const MatmulModel& model);

/// Fits every group of matrix products of the profile in place (roofline, then the residual of all groups of
/// a precision together). Seconds for a thousand samples; the result ships with the profile.
void fit_matmul(KernelProfile& profile);

}  // namespace spotmix::models
