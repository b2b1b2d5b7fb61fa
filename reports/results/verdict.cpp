#include "reports/results/verdict.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text/quantities.h"

namespace spotmix::reports {
namespace {

/// The odds that count: on time where there is a deadline, finished elsewhere.
double odds_of(const sim::MixResult& mix) {
  return mix.on_time ? mix.on_time->value : mix.finished.value;
}

bool only_on_demand(const sim::MixResult& mix) {
  return mix.cost_breakdown_usd.on_demand > 0 && mix.cost_breakdown_usd.spot == 0 &&
         mix.cost_breakdown_usd.reserved == 0;
}

bool cheaper(const sim::MixResult& mix, const sim::MixResult& than) {
  return mix.cost_usd->mean < than.cost_usd->mean;
}

bool faster(const sim::MixResult& mix, const sim::MixResult& than) {
  if (!mix.time_to_train_s || !than.time_to_train_s) return mix.time_to_train_s && !than.time_to_train_s;
  return mix.time_to_train_s->mean < than.time_to_train_s->mean;
}

bool likelier(const sim::MixResult& mix, const sim::MixResult& than) {
  if (odds_of(mix) != odds_of(than)) return odds_of(mix) > odds_of(than);
  return odds_of(mix) > 0 ? cheaper(mix, than) : faster(mix, than);
}

/// The low end and the middle of a band promise more than the Spot Advisor does.
bool counts(const Report& report, std::size_t mix) {
  return std::none_of(report.advisor_ranges.begin(), report.advisor_ranges.end(),
                      [&](const AdvisorRange& range) { return mix == range.low || mix == range.middle; });
}

bool only_step_time_varies(const sim::MixResult& mix) {
  return mix.time_spread && mix.time_spread->market == 0 && mix.time_spread->convergence == 0;
}

constexpr double kNextToNone = 0.005;

/// "60 % is the step time's known error, 40 % the market", or "all is the market"; what would round to none
/// is left out.
std::string shares_text(const sim::SpreadShares& spread) {
  std::vector<std::pair<double, const char*>> shares{{spread.step_time, "the step time's known error"},
                                                     {spread.market, "the market"},
                                                     {spread.convergence, "how soon the target is reached"}};
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::erase_if(shares, [](const auto& share) { return share.first < kNextToNone; });
  if (shares.size() == 1) return fmt::format("all is {}", shares.front().second);
  std::string text;
  for (const auto& [share, name] : shares)
    text += fmt::format("{}{:.0f} %{} {}", text.empty() ? "" : ", ", share * 100, text.empty() ? " is" : "",
                        name);
  return text;
}

/// "on time in 97.5% of replications", and what these leave out.
std::string odds_text(const Report& report, std::size_t index) {
  const sim::MixResult& mix = report.batch.mixes[index];
  std::string text = report.deadline ? "on time" : "finished";
  if (!certain(mix)) text += fmt::format(" in {} of replications", percent_text(odds_of(mix)));
  if (only_step_time_varies(mix)) text += ", in which only the step time varies";
  if (report.uninterrupted.contains(index)) text += ", but no interruption of spot instances is modeled";
  return text;
}

std::string likely_text(const Report& report, std::size_t index) {
  const sim::MixResult& likely = report.batch.mixes[index];
  if (odds_of(likely) > 0)
    return fmt::format("No mix is {} in {} of replications. The best odds: {}, {}.",
                       report.deadline ? "on time" : "finished", percent_text(kGoodOdds), likely.name,
                       odds_text(report, index));
  if (!likely.time_to_train_s) return "No mix trains to the end in any replication.";
  return fmt::format("No mix is on time in any replication. The fastest: {}, {} on average.", likely.name,
                     duration_text(likely.time_to_train_s->mean));
}

}  // namespace

Verdict verdict_of(const Report& report) {
  Verdict verdict;
  const auto& mixes = report.batch.mixes;
  const auto prefer = [&](std::optional<std::size_t>& held, std::size_t i, auto better) {
    if (!held || better(mixes[i], mixes[*held])) held = i;
  };
  for (std::size_t i = 0; i < mixes.size(); ++i) {
    if (!feasible(mixes[i]) || !mixes[i].cost_usd || !counts(report, i)) continue;
    const bool judged = !report.references.contains(i);
    if (judged) prefer(verdict.likely, i, likelier);
    if (odds_of(mixes[i]) < kGoodOdds) continue;
    if (judged) prefer(verdict.best, i, cheaper);
    if (only_on_demand(mixes[i])) prefer(verdict.on_demand, i, cheaper);
  }
  if (verdict.best) verdict.likely.reset();
  if (verdict.best && verdict.on_demand && verdict.best != verdict.on_demand) {
    verdict.saving = 1 - mixes[*verdict.best].cost_usd->mean / mixes[*verdict.on_demand].cost_usd->mean;
  }
  return verdict;
}

bool any_can_train(const Report& report) {
  const auto& mixes = report.batch.mixes;
  return std::any_of(mixes.begin(), mixes.end(), feasible);
}

std::string verdict_text(const Report& report) {
  const Verdict verdict = verdict_of(report);
  const auto& mixes = report.batch.mixes;
  if (verdict.best) {
    const sim::MixResult& best = mixes[*verdict.best];
    std::string text =
        fmt::format("Cheapest that makes it: {}, {}{}, {}", best.name, money_text(best.cost_usd->mean),
                    certain(best) ? "" : " on average", odds_text(report, *verdict.best));
    if (verdict.saving) {
      text +=
          fmt::format("; saves {} against {}", percent_text(*verdict.saving), mixes[*verdict.on_demand].name);
    }
    if (best.within_budget && best.within_budget->value < kGoodOdds)
      text += fmt::format("; within the budget in {}", percent_text(best.within_budget->value));
    return text + ".";
  }
  if (verdict.likely) return likely_text(report, *verdict.likely);
  return "No mix can train this model.";
}

std::string certainty_text(const Report& report) {
  std::vector<std::string> names;
  std::size_t trained = 0;
  for (const sim::MixResult& mix : report.batch.mixes) {
    trained += feasible(mix) ? 1 : 0;
    if (certain(mix)) names.push_back(mix.name);
  }
  if (names.empty()) return "";
  if (names.size() == trained) return "Nothing is left to chance: each mix is simulated once.";
  return fmt::format("Simulated once, because nothing is left to chance: {}.", fmt::join(names, ", "));
}

std::string spread_text(const Report& report) {
  const Verdict verdict = verdict_of(report);
  const auto index = verdict.best ? verdict.best : verdict.likely;
  if (!index) return "";
  const sim::MixResult& mix = report.batch.mixes[*index];
  const std::string cost = mix.cost_spread ? shares_text(*mix.cost_spread) : "";
  const std::string time = mix.time_spread ? shares_text(*mix.time_spread) : "";
  if (cost.empty() && time.empty()) return "";
  if (cost == time) return fmt::format("{}: of the spread of cost and time {}.", mix.name, cost);
  if (time.empty()) return fmt::format("{}: of the cost's spread {}.", mix.name, cost);
  if (cost.empty()) return fmt::format("{}: of the time's spread {}.", mix.name, time);
  return fmt::format("{}: of the cost's spread {}; of the time's, {}.", mix.name, cost, time);
}

std::string range_text(const Report& report, const AdvisorRange& range) {
  const sim::MixResult& low = report.batch.mixes[range.low];
  const sim::MixResult& high = report.batch.mixes[range.high];
  std::string text = range.mix + " over its Spot Advisor band: ";
  if (!feasible(low) || !low.cost_usd || !high.cost_usd) return text + "infeasible";
  text += fmt::format("{} to {}", money_text(low.cost_usd->mean), money_text(high.cost_usd->mean));
  if (low.time_to_train_s && high.time_to_train_s)
    text += fmt::format(" and {} to {} on average", duration_text(low.time_to_train_s->mean),
                        duration_text(high.time_to_train_s->mean));
  return text + fmt::format(", {} in {} to {}", report.deadline ? "on time" : "finished",
                            percent_text(odds_of(low)), percent_text(odds_of(high)));
}

}  // namespace spotmix::reports
