#include "reports/results/dated_prices.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/text_values.h"
#include "reports/results/verdict.h"

namespace spotmix::reports {
namespace {

std::string price_text(HourlyPrice price) {
  return "$" + format_price(price) + " an hour";
}

/// The price of another mix that is the latest of those later than this one.
const DatedPrice* later_price(const DatedPrice& price, const std::vector<DatedPrice>& all) {
  const DatedPrice* latest = nullptr;
  for (const DatedPrice& other : all) {
    if (other.mix == price.mix || other.seen <= price.seen) continue;
    if (latest == nullptr || other.seen > latest->seen) latest = &other;
  }
  return latest;
}

bool is_dated(const DatedPrice& price, const std::vector<DatedPrice>& all) {
  if (price.seen >= price.day) return false;
  return price.day - price.seen > kOldPrice || later_price(price, all) != nullptr;
}

/// What the mix would cost if its prices had changed as in us-east-1; nullopt if that is not known. Several
/// prices weigh alike: how much was bought at which is not in the result.
std::optional<double> cost_at_changed_prices(const sim::MixResult& mix, const std::vector<DatedPrice>& dated,
                                             std::size_t number) {
  double changes = 0;
  int count = 0;
  for (const DatedPrice& price : dated) {
    if (price.mix != number) continue;
    if (!price.change) return std::nullopt;
    changes += *price.change;
    ++count;
  }
  if (count == 0 || !mix.cost_usd) return std::nullopt;
  const double at_those_prices = mix.cost_breakdown_usd.on_demand + mix.cost_breakdown_usd.reserved;
  return mix.cost_usd->mean + at_those_prices * (changes / count - 1);
}

/// The verdict needs neither replications nor replays.
Report judged_alone(const Report& report) {
  Report bare;
  bare.deadline = report.deadline;
  bare.budget = report.budget;
  bare.advisor_ranges = report.advisor_ranges;
  bare.references = report.references;
  for (const sim::MixResult& mix : report.batch.mixes) {
    bare.batch.mixes.push_back(mix);
    bare.batch.mixes.back().replications.clear();
  }
  return bare;
}

std::string winner_of(const Report& report) {
  const Verdict verdict = verdict_of(report);
  return verdict.best ? report.batch.mixes[*verdict.best].name : "";
}

/// "the winner would stay A", with the prices of all mixes changed alike.
std::string effect_on_winner(const Report& report, const std::vector<DatedPrice>& dated) {
  Report changed = judged_alone(report);
  for (std::size_t i = 0; i < changed.batch.mixes.size(); ++i) {
    sim::MixResult& mix = changed.batch.mixes[i];
    if (const auto cost = cost_at_changed_prices(mix, dated, i)) mix.cost_usd->mean = *cost;
  }
  const std::string before = winner_of(report);
  const std::string after = winner_of(changed);
  if (after.empty()) return "no mix would win";
  return after == before ? "the winner would stay " + after : "the winner would be " + after;
}

std::string dates_text(const DatedPrice& price, const std::vector<DatedPrice>& all, const Report& report) {
  std::string text =
      fmt::format("its price of {} in {}, {}, is of {}; the day simulated is {}", price.instance,
                  price.region, price_text(price.price), format_date(price.seen), format_date(price.day));
  if (const DatedPrice* later = later_price(price, all))
    text += fmt::format(", the price of {} is of {}", report.batch.mixes.at(later->mix).name,
                        format_date(later->seen));
  return text;
}

}  // namespace

std::vector<DatedPriceRemark> dated_price_remarks(const Report& report,
                                                  const std::vector<DatedPrice>& prices) {
  std::vector<DatedPrice> dated;
  std::copy_if(prices.begin(), prices.end(), std::back_inserter(dated), [&](const DatedPrice& price) {
    return feasible(report.batch.mixes.at(price.mix)) && is_dated(price, prices);
  });
  std::vector<DatedPriceRemark> remarks;
  for (const DatedPrice& price : dated) {
    std::string text = dates_text(price, prices, report);
    const auto cost = cost_at_changed_prices(report.batch.mixes.at(price.mix), dated, price.mix);
    if (price.change && cost) {
      text += fmt::format(
          ". In us-east-1 that price went to {} of itself in between; at that ratio the mix would "
          "cost {}, and {}",
          percent_text(*price.change), money_text(*cost), effect_on_winner(report, dated));
    } else {
      text += ". How it changed in between is not known";
    }
    remarks.push_back({price.mix, text + "."});
  }
  return remarks;
}

}  // namespace spotmix::reports
