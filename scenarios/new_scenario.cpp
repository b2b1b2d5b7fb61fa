#include "scenarios/new_scenario.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text/nearest.h"
#include "models/hardware/device.h"
#include "scenarios/build.h"
#include "scenarios/experiment/workload.h"

namespace spotmix::scenarios {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostInstances = 8;
constexpr std::size_t kMostTypes = 3;
/// Share of the deadline that training alone may take: the rest is for boots, checkpoints and interruptions.
constexpr double kShareOfDeadline = 0.8;
/// Samples of a step: a million tokens, as models of this size were trained with, or as many images.
constexpr double kTokensPerStep = 1 << 20;
constexpr int kSamplesPerStep = 1024;
/// An upper end for the Spot Advisor's band that has none.
constexpr int kHighestPercent = 40;

/// Some instances of one type, and what training on them takes.
struct Candidate {
  const InstanceType* type = nullptr;
  int count = 1;
  double usd_per_h = 0;  ///< Of all instances, on demand.
  double hours = 0;      ///< Of training alone.

  double cost_usd() const { return usd_per_h * hours; }
};

double latest_price(const InstanceType& type, const std::string& region) {
  const auto prices = type.on_demand.find(region);
  return prices == type.on_demand.end() || prices->second.empty()
             ? 0
             : to_usd_per_hour(prices->second.back().price);
}

/// Of each kind of accelerator that computes in bf16 the type that has most of them, the cheapest of equals.
std::vector<const InstanceType*> training_types(const Provider& provider, const std::string& region) {
  std::map<std::string, const InstanceType*> best;
  for (const InstanceType& type : provider.instances) {
    const models::DeviceSpec* device = type.device.empty() ? nullptr : models::find_device(type.device);
    if (device == nullptr || !device->peak(models::Precision::bf16) || latest_price(type, region) == 0)
      continue;
    const InstanceType*& held = best[type.device];
    const bool better =
        held == nullptr || type.devices > held->devices ||
        (type.devices == held->devices && latest_price(type, region) < latest_price(*held, region));
    if (better) held = &type;
  }
  std::vector<const InstanceType*> types;
  for (const auto& [device, type] : best) types.push_back(type);
  return types;
}

class Author {
 public:
  Author(const NewScenario& asked, const Provider& provider) : asked_(asked), provider_(provider) {}

  Result<ScenarioText> write() {
    begin();
    Result<Scenario> alone = parse(probe(training_types(provider_, asked_.region), 1));
    if (!alone) return alone.problems;
    const Result<models::Workload> model = workload_of(*alone.value, sizes_of(alone.value->workload));
    if (!model) return model.problems;
    set_batch(*model.value);
    const std::vector<Candidate> chosen = choose();
    if (chosen.empty())
      return Problem{asked_.file.string(), "workload.model",
                     fmt::format("none of the instance types of {} trains it on up to {} instances",
                                 asked_.region, kMostInstances)};
    return text_of(chosen);
  }

 private:
  std::string name() const { return asked_.model ? *asked_.model : asked_.huggingface->stem().string(); }

  void begin() {
    document_["name"] = name();
    document_["description"] = "";
    Json& workload = document_["workload"];
    if (asked_.model) {
      workload["model"] = *asked_.model;
    } else {
      const auto folder = std::filesystem::absolute(asked_.file).parent_path();
      workload["model"]["huggingface"] =
          std::filesystem::absolute(*asked_.huggingface).lexically_proximate(folder).generic_string();
    }
    workload["precision"] = "bf16";
    workload["global_batch"] = kSamplesPerStep;
    if (asked_.tokens) workload["tokens"] = *asked_.tokens;
    if (asked_.samples) workload["samples"] = *asked_.samples;
    document_["market"]["region"] = asked_.region;
    document_["mixes"] = Json::array();
    if (asked_.deadline_h) document_["deadline_h"] = *asked_.deadline_h;
    if (asked_.budget_usd) document_["budget_usd"] = *asked_.budget_usd;
  }

  void set_batch(const models::Workload& model) {
    const bool sequences = model.family == "transformer" && model.sequence_length > 0;
    const double samples =
        sequences ? std::max(8.0, kTokensPerStep / model.sequence_length) : kSamplesPerStep;
    document_["workload"]["global_batch"] = static_cast<int>(samples);
    if (sequences) document_["workload"]["software"] = "llm_foundry";
    if (model.sequence_length > 0) document_["workload"]["sequence_length"] = model.sequence_length;
    notes_.push_back(
        fmt::format("a step trains {} {}s{}, chosen by spotmix: workload.global_batch changes it",
                    static_cast<int>(samples), model.sample_name,
                    sequences ? fmt::format(" of {} tokens", model.sequence_length) : ""));
  }

  static Json on_demand(const InstanceType& type, int count) {
    return {{"name", fmt::format("{} x {} on demand", count, type.name)},
            {"groups", Json::array({{{"instance", type.name}, {"purchase", "on_demand"}, {"count", count}}})},
            {"policy", "on_demand"}};
  }

  Json probe(const std::vector<const InstanceType*>& types, int count) const {
    Json probe = document_;
    for (const InstanceType* type : types) probe["mixes"].push_back(on_demand(*type, count));
    return probe;
  }

  Result<Scenario> parse(const Json& document) const {
    return parse_scenario(asked_.file, document.dump(), provider_);
  }

  bool is_on_time(const Candidate& candidate) const {
    return !asked_.deadline_h || candidate.hours <= kShareOfDeadline * *asked_.deadline_h;
  }

  /// Of each type the fewest instances that make the deadline, or the most; the best types of these.
  std::vector<Candidate> choose() const {
    std::map<const InstanceType*, Candidate> by_type;
    std::vector<const InstanceType*> open = training_types(provider_, asked_.region);
    for (int count = 1; count <= kMostInstances && !open.empty(); count *= 2) {
      const Result<Scenario> scenario = parse(probe(open, count));
      if (!scenario) break;
      const Result<BuiltExperiment> built = build_experiment(*scenario.value, provider_);
      if (!built) break;
      std::vector<const InstanceType*> slow;
      for (std::size_t i = 0; i < open.size(); ++i) {
        const sim::Mix& mix = built.value->experiment.mixes[i];
        const Candidate candidate{open[i], count, count * latest_price(*open[i], asked_.region),
                                  to_hours(mix.work)};
        if (!mix.infeasible_reason) by_type[open[i]] = candidate;
        if (mix.infeasible_reason || !is_on_time(candidate)) slow.push_back(open[i]);
      }
      open = std::move(slow);
    }
    std::vector<Candidate> best;
    for (const auto& [type, candidate] : by_type) best.push_back(candidate);
    std::sort(best.begin(), best.end(), [&](const Candidate& a, const Candidate& b) {
      if (is_on_time(a) != is_on_time(b)) return is_on_time(a);
      if (!is_on_time(a)) return a.hours < b.hours;
      return a.cost_usd() < b.cost_usd();
    });
    if (best.size() > kMostTypes) best.resize(kMostTypes);
    return best;
  }

  bool has_band(const InstanceType& type) const {
    const auto region = provider_.spot_advisor.regions.find(asked_.region);
    if (region == provider_.spot_advisor.regions.end()) return false;
    const auto bands = region->second.find("linux");
    return bands != region->second.end() && bands->second.contains(type.name);
  }

  void add_spot(const Candidate& candidate) {
    const InstanceType& type = *candidate.type;
    if (!has_band(type)) {
      notes_.push_back(fmt::format("{} has no Spot Advisor band and is bought on demand only", type.name));
      return;
    }
    const double price = candidate.usd_per_h / candidate.count * (1 - asked_.saving);
    Json& market = document_["market"];
    market["interruptions"]["hazard"] = {{"spot_advisor_data", "published"},
                                         {"spot_advisor_highest_percent", kHighestPercent}};
    market["pools"].push_back({{"instance", type.name},
                               {"zone", asked_.region + "a"},
                               {"spot_usd_per_h", std::round(price * 1e4) / 1e4}});
    document_["mixes"].push_back({{"name", fmt::format("{} x {} spot", candidate.count, type.name)},
                                  {"groups", Json::array({{{"instance", type.name},
                                                           {"zones", {asked_.region + "a"}},
                                                           {"count", candidate.count}}})}});
  }

  ScenarioText text_of(const std::vector<Candidate>& chosen) {
    for (const Candidate& candidate : chosen) {
      document_["mixes"].push_back(on_demand(*candidate.type, candidate.count));
      add_spot(candidate);
    }
    if (document_["market"].contains("pools")) {
      notes_.push_back(
          fmt::format("spot prices are assumed: on demand less {:g}%, since no trace is given; market.prices "
                      "names one",
                      asked_.saving * 100));
      notes_.push_back(
          fmt::format("interruptions are the Spot Advisor's bands of {}, the open one up to {}% a "
                      "month",
                      asked_.region, kHighestPercent));
    }
    if (!is_on_time(chosen.front()))
      notes_.push_back(fmt::format(
          "no type makes the deadline with up to {} instances: these are the fastest", kMostInstances));
    std::string description = "Made by spotmix new.";
    for (const std::string& note : notes_) {
      std::string sentence = note;
      sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
      description += " " + sentence + ".";
    }
    document_["description"] = description;
    return {document_.dump(2) + "\n", notes_};
  }

  const NewScenario& asked_;
  const Provider& provider_;
  Json document_;
  std::vector<std::string> notes_;
};

}  // namespace

Result<ScenarioText> new_scenario(const NewScenario& asked, const Provider& provider) {
  return Author(asked, provider).write();
}

}  // namespace spotmix::scenarios
