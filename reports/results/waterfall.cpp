#include "reports/results/waterfall.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text/quantities.h"
#include "reports/results/figures.h"
#include "reports/results/verdict.h"

namespace spotmix::reports {
namespace {

/// From this amount on, what the causes leave is told.
constexpr double kLeastOther = 0.005;
constexpr std::size_t kMostInText = 4;

struct CauseName {
  std::string_view cause;
  std::string_view saves;
  std::string_view costs;
};

constexpr std::array<CauseName, 9> kCauseNames{
    {{"useful", "cheaper hours", "dearer hours"},
     {"lost_work", "lost work", "lost work"},
     {"checkpoint", "checkpoints", "checkpoints"},
     {"startup", "start-up", "start-up"},
     {"waiting", "waiting", "waiting"},
     {"unused_commitment", "unused commitment", "unused commitment"},
     {"transfer", "traffic", "traffic"},
     {"storage", "storage", "storage"},
     {"service_fee", "fees", "fees"}}};

std::string name_of_step(std::string_view cause, double usd) {
  const auto* const known = std::find_if(kCauseNames.begin(), kCauseNames.end(),
                                         [&](const CauseName& name) { return name.cause == cause; });
  return std::string(known == kCauseNames.end() ? cause : usd < 0 ? known->saves : known->costs);
}

/// What older results do not tell apart is part of another cause there.
double part_of(const FigurePart& part, const sim::MixResult& mix) {
  static const StepFigures kNoStep;
  return part.get(mix, kNoStep).value_or(0);
}

/// What is left between the steps and the whole: a step of its own, or the last digits of the largest.
void settle(std::vector<WaterfallStep>& steps, double whole) {
  double left = whole;
  for (const WaterfallStep& step : steps) left -= step.usd;
  if (std::abs(left) >= kLeastOther || (steps.empty() && left != 0)) {
    steps.push_back({"other", "other", left});
  } else if (!steps.empty()) {
    const auto largest = std::max_element(
        steps.begin(), steps.end(),
        [](const WaterfallStep& a, const WaterfallStep& b) { return std::abs(a.usd) < std::abs(b.usd); });
    largest->usd += left;
  }
}

/// The largest steps in their order, then the others as one.
std::vector<WaterfallStep> told(const std::vector<WaterfallStep>& steps) {
  if (steps.size() <= kMostInText + 1) return steps;
  std::vector<double> sizes;
  for (const WaterfallStep& step : steps) sizes.push_back(std::abs(step.usd));
  std::nth_element(sizes.begin(), sizes.begin() + (kMostInText - 1), sizes.end(), std::greater<>());
  const double least = sizes[kMostInText - 1];
  std::vector<WaterfallStep> largest;
  WaterfallStep other{"other", "other", 0};
  for (const WaterfallStep& step : steps) {
    if (std::abs(step.usd) >= least && step.cause != "other" && largest.size() < kMostInText)
      largest.push_back(step);
    else
      other.usd += step.usd;
  }
  largest.push_back(other);
  return largest;
}

double in_cents(double usd) {
  return std::round(usd * 100) / 100;
}

}  // namespace

std::optional<Waterfall> waterfall_of(const Report& report) {
  const Verdict verdict = verdict_of(report);
  if (!verdict.best || !verdict.on_demand || verdict.best == verdict.on_demand) return std::nullopt;
  const sim::MixResult& winner = report.batch.mixes[*verdict.best];
  const sim::MixResult& reference = report.batch.mixes[*verdict.on_demand];
  Waterfall waterfall{*verdict.on_demand, *verdict.best, reference.cost_usd->mean, winner.cost_usd->mean, {}};
  for (const FigurePart& cause : figure_named("cost_by_cause_usd").parts) {
    const double change = part_of(cause, winner) - part_of(cause, reference);
    if (change != 0) waterfall.steps.push_back({cause.name, name_of_step(cause.name, change), change});
  }
  settle(waterfall.steps, waterfall.winner_usd - waterfall.reference_usd);
  return waterfall;
}

std::string waterfall_text(const Report& report) {
  const auto waterfall = waterfall_of(report);
  if (!waterfall) return "";
  std::string text = fmt::format("Why: {} {}", report.batch.mixes[waterfall->reference].name,
                                 money_text(waterfall->reference_usd));
  // Each amount is the difference of two sums in cents, so that what is shown adds up.
  double exact = waterfall->reference_usd;
  double shown = in_cents(exact);
  for (const WaterfallStep& step : told(waterfall->steps)) {
    exact += step.usd;
    const double change = in_cents(exact) - shown;
    shown = in_cents(exact);
    if (in_cents(change) == 0) continue;
    text +=
        fmt::format(" {} {} {}", change < 0 ? "−" : "+", money_text(std::abs(in_cents(change))), step.name);
  }
  return text + fmt::format(" = {}.", money_text(waterfall->winner_usd));
}

}  // namespace spotmix::reports
