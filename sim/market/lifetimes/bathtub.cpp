#include <algorithm>
#include <array>
#include <cmath>

#include "base/random/random.h"
#include "sim/market/lifetime.h"

namespace spotmix::sim {
namespace {

/// A hazard that is constant piece by piece, and certain death at the end of the last piece.
class PiecewiseHazard final : public LifetimeModel {
 public:
  struct Piece {
    double per_hour;
    double until_hours;
  };
  explicit PiecewiseHazard(std::array<Piece, 3> pieces) : pieces_(pieces) {}

  /// Spends one exponential of mean 1 on the integrated hazard.
  Duration draw(RandomStream& random) const override {
    double left = random.exponential(1);
    double begin = 0;
    for (const Piece& piece : pieces_) {
      const double integrated = piece.per_hour * (piece.until_hours - begin);
      if (left < integrated) return lifetime_of_hours(begin + left / piece.per_hour);
      left -= integrated;
      begin = piece.until_hours;
    }
    return lifetime_of_hours(begin);
  }

  /// The integral of the survival function.
  double mean_hours() const override {
    double survival = 1;
    double begin = 0;
    double mean = 0;
    for (const Piece& piece : pieces_) {
      const double length = piece.until_hours - begin;
      const double surviving = survival * std::exp(-piece.per_hour * length);
      mean += piece.per_hour > 0 ? (survival - surviving) / piece.per_hour : survival * length;
      survival = surviving;
      begin = piece.until_hours;
    }
    return mean;
  }

 private:
  std::array<Piece, 3> pieces_;
};

}  // namespace

std::shared_ptr<const LifetimeModel> bathtub_lifetime(const Bathtub& b) {
  const double early = std::min(b.early_hours, b.cap_hours);
  const double middle = std::clamp(b.cap_hours - b.late_hours_before_cap, early, b.cap_hours);
  return std::make_shared<PiecewiseHazard>(std::array<PiecewiseHazard::Piece, 3>{
      {{b.early_per_hour, early}, {b.middle_per_hour, middle}, {b.late_per_hour, b.cap_hours}}});
}

}  // namespace spotmix::sim
