#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "sim/market/fits/fits.h"

namespace spotmix::sim::fits {
namespace {

/// Lives by length, with what each prefix of them adds up to.
class Table {
 public:
  explicit Table(const std::vector<Life>& lives) {
    for (const Life& life : lives) {
      const bool by_hazard = life.ended && life.hours < lives.back().hours;
      hours_.push_back(life.hours);
      sum_.push_back((sum_.empty() ? 0 : sum_.back()) + life.hours);
      ends_.push_back((ends_.empty() ? 0 : ends_.back()) + (by_hazard ? 1 : 0));
    }
  }
  double longest() const { return hours_.back(); }
  double ends() const { return ends_.back(); }

  /// Ends at ages up to `hours`.
  double ends_until(double hours) const {
    const std::size_t n = count_until(hours);
    return n == 0 ? 0 : ends_[n - 1];
  }
  /// Hours lived at ages up to `hours`: Σ min(x, hours).
  double lived_until(double hours) const {
    const std::size_t n = count_until(hours);
    return (n == 0 ? 0 : sum_[n - 1]) + static_cast<double>(hours_.size() - n) * hours;
  }

 private:
  std::size_t count_until(double hours) const {
    return static_cast<std::size_t>(std::upper_bound(hours_.begin(), hours_.end(), hours) - hours_.begin());
  }
  std::vector<double> hours_, sum_, ends_;
};

/// d ln(d ÷ T) − d: what a piece of constant hazard adds to the log-likelihood at its likeliest rate.
double log_likelihood_of(double ends, double hours) {
  return ends > 0 ? ends * std::log(ends / hours) - ends : 0;
}

/// Ages at which the rate may change: lengths at even steps through the ends, each once.
std::vector<double> candidates(const std::vector<Life>& lives) {
  constexpr std::size_t kSteps = 300;
  std::vector<double> ends;
  for (const Life& life : lives) {
    if (life.ended) ends.push_back(life.hours);
  }
  std::vector<double> ages;
  for (std::size_t i = 1; i < kSteps; ++i) ages.push_back(ends[ends.size() * i / kSteps]);
  ages.erase(std::unique(ages.begin(), ages.end()), ages.end());
  return ages;
}

}  // namespace

/// Each piece's rate is its ends per hour lived at those ages; the two ages at which the rate changes are
/// those of the greatest likelihood among even steps through the ends, with at least one end in twenty in
/// each piece, so that no piece is drawn around a few coincidences. The cap is the longest life seen; what
/// ends there ends by the cap, not by a rate.
FittedLifetime bathtub(const std::vector<Life>& lives) {
  const Table table(lives);
  const std::vector<double> ages = candidates(lives);
  const double cap = table.longest();
  const double fewest = std::max(3.0, table.ends() / 20);
  FittedLifetime fit;
  fit.form = LifetimeForm::bathtub;
  fit.parameters = 6;
  fit.log_likelihood = -std::numeric_limits<double>::infinity();
  std::vector<double> ends_until, lived_until;
  for (const double age : ages) {
    ends_until.push_back(table.ends_until(age));
    lived_until.push_back(table.lived_until(age));
  }
  for (std::size_t e = 0; e < ages.size(); ++e) {
    for (std::size_t l = e; l < ages.size() && ages[l] < cap; ++l) {
      const std::array ends{ends_until[e], ends_until[l] - ends_until[e], table.ends() - ends_until[l]};
      const std::array hours{lived_until[e], lived_until[l] - lived_until[e],
                             table.lived_until(cap) - lived_until[l]};
      if (*std::ranges::min_element(ends) < fewest) continue;
      double sum = 0;
      for (std::size_t piece = 0; piece < 3; ++piece) sum += log_likelihood_of(ends[piece], hours[piece]);
      if (sum <= fit.log_likelihood) continue;
      fit.log_likelihood = sum;
      fit.bathtub = {ends[0] / hours[0], ages[e], ends[1] / hours[1], ends[2] / hours[2], cap - ages[l], cap};
    }
  }
  return fit;
}

}  // namespace spotmix::sim::fits
