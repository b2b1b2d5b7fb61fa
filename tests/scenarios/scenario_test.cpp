#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/schema.h"
#include "base/json/schema_words.h"
#include "base/text/text_values.h"
#include "scenarios/build.h"
#include "scenarios/embedded.h"
#include "sim/batch/batch.h"
#include "tests/scenarios/bad_input.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;
using tests::build;
using tests::built;
using tests::mix_with;
namespace fs = std::filesystem;

namespace {

const fs::path kExamples = fs::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "examples";

std::vector<fs::path> examples() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kExamples)) files.push_back(entry.path());
  return files;
}

/// Changes one place of the document, chosen and changed at random.
void mutate(json& value, std::mt19937& random) {
  const bool deeper = value.is_structured() && !value.empty() && random() % 4 != 0;
  if (deeper) {
    auto child = value.begin();
    std::advance(child, static_cast<std::ptrdiff_t>(random() % value.size()));
    if (random() % 8 == 0) {
      value.erase(child);
    } else {
      mutate(*child, random);
    }
    return;
  }
  if (value.is_object() && random() % 2 == 0) {
    value["surprise"] = 1;
    return;
  }
  const std::vector<json> others{nullptr,        -1,     0,         1.5,
                                 1e12,           "text", "",        json::array(),
                                 json::object(), true,   "2023-99", json::array({1})};
  value = others[random() % others.size()];
}

}  // namespace

TEST_CASE("Every example is valid and builds and runs") {
  const auto files = examples();
  CHECK(files.size() >= 5);
  for (const fs::path& file : files) {
    INFO(file.string());
    BuiltExperiment experiment = built(load_scenario(file, tests::shipped()));
    experiment.experiment.replications = 2;
    const sim::BatchResult result = sim::run_batch(experiment.experiment);
    for (const sim::MixResult& mix : result.mixes) {
      INFO(mix.name);
      CHECK_FALSE(mix.infeasible_reason);
      CHECK(mix.cost_usd->mean > 0);
    }
  }
}

TEST_CASE("plain words are found for a document exactly when valijson finds it invalid") {
  const json schema = json::parse(scenario_schema_text());
  std::mt19937 random(4);
  int invalid = 0;
  for (const fs::path& file : examples()) {
    const json original = json::parse(*read_file(file, kScenarioBytesLimit).value);
    for (int round = 0; round < 60; ++round) {
      json document = original;
      mutate(document, random);
      INFO(document.dump());
      json copy = document;
      const bool in_words = !violations_in_words("test", copy, schema).empty();
      CHECK(in_words == !check_schema("test", document, schema).empty());
      invalid += in_words ? 1 : 0;
    }
  }
  CHECK(invalid > 300);
}

TEST_CASE("A mutated scenario is loaded or refused with a reason and never crashes") {
  std::mt19937 random(5);
  const auto mutate_often = [&](const fs::path& file, const json& original, int rounds) {
    for (int round = 0; round < rounds; ++round) {
      json document = original;
      mutate(document, random);
      mutate(document, random);
      INFO(document.dump());
      const Result<Scenario> scenario = parse_scenario(file, document.dump(), tests::shipped());
      CHECK(scenario.value.has_value() == scenario.problems.empty());
      if (!scenario) continue;
      const Result<BuiltExperiment> built = build_experiment(*scenario.value, tests::shipped());
      CHECK(built.value.has_value() == built.problems.empty());
    }
  };
  const tests::Scratch scratch;
  scratch.write("prices.trace", tests::bases().at("one_price").dump());
  for (const char* base : {"spot", "traced", "modeled"})
    mutate_often(scratch / "mutant.json", tests::bases().at(base), 250);
  // The examples name more settings, but some take half a second to build.
  for (const fs::path& file : examples())
    mutate_often(file, json::parse(*read_file(file, kScenarioBytesLimit).value), 4);
}

TEST_CASE("training time is samples over samples per second") {
  const BuiltExperiment small = build({});
  CHECK(small.experiment.mixes[0].work == hours{1});
  CHECK(small.details[0].samples_per_s == 100);
  CHECK(small.details[0].sources.front() ==
        models::Source{"training rate", models::SourceKind::given, "workload.samples_per_s", "assumed", {}});
  const json steps = {{"workload", {{"samples", nullptr}, {"steps", 1000}, {"global_batch", 36}}}};
  CHECK(build(steps).experiment.mixes[0].work == seconds{360});
  const json epochs = {{"workload", {{"samples", nullptr}, {"epochs", 2}, {"samples_per_epoch", 18000}}}};
  CHECK(build(epochs).experiment.mixes[0].work == seconds{360});
}

TEST_CASE("defaults are those that the documentation names") {
  const sim::Experiment e = build({}).experiment;
  const sim::Mix& mix = e.mixes[0];
  CHECK(mix.policy.name == "fixed");
  CHECK(mix.policy.decision_interval == Duration{0});
  CHECK(mix.launch.boot == seconds{360});
  CHECK(mix.launch.pending == Duration{0});
  CHECK(mix.launch.retry == minutes{1});
  CHECK(mix.recovery.checkpoint.interval == minutes{30});
  // 1 GB at the baseline EBS bandwidth of a p3.2xlarge, 1,750 Mbit/s.
  CHECK(to_seconds(mix.recovery.checkpoint.write) == Approx(1e9 / (1750e6 / 8)));
  CHECK(e.market.notice == minutes{2});
  CHECK(e.market.regime == sim::Regime::aws_smoothed);
  CHECK(e.billing.granularity == seconds{1});
  CHECK(e.billing.minimum == seconds{60});
  CHECK(e.billing.first_hour_free);
  CHECK(e.seed == 1);
  CHECK(e.replications == 1000);
  CHECK(e.start.fixed == *parse_time("2023-03-01"));
}

TEST_CASE("The auction has the billing of its time in every setting", "[rule 4]") {
  const sim::BillingRules auction = build({{"market", {{"regime", "aws_auction"}}}}).experiment.billing;
  CHECK(auction.whole_spot_hours);
  CHECK_FALSE(auction.first_hour_free);
  CHECK(auction.granularity == hours{1});
  CHECK(auction.spot_price == sim::SpotPriceRule::hour_anchored);
  const json own = {
      {"market", {{"regime", "aws_auction"}, {"billing", {{"granularity_s", 1}, {"minimum_s", 60}}}}}};
  CHECK(build(own).experiment.billing.granularity == seconds{1});
}

TEST_CASE("Policies go by both of their names as text or as an object") {
  const auto kind = [](json policy) {
    json more = mix_with("policy", std::move(policy));
    more["deadline_h"] = 10;
    return build(more).experiment.mixes[0].policy;
  };
  CHECK(kind("rc_cr_threshold").name == "uniform_progress");
  CHECK(kind("uniform_progress").name == "uniform_progress");
  CHECK(kind("strawman").name == "greedy");
  CHECK(kind("uniform_progress").decision_interval == minutes{10});
  CHECK(kind({{"name", "pair_amortize_avg"}, {"pair_slice_h", 4}}).pair_slice == hours{4});
  CHECK(kind({{"name", "on_demand_fallback"}, {"fallback_wait_s", 60}}).fallback_wait == seconds{60});
}

TEST_CASE("Checkpoints are none or continuous or at an interval") {
  using Kind = sim::CheckpointSpec::Kind;
  const auto checkpoint = [](json settings) {
    return build(mix_with("recovery", {{"checkpoint", std::move(settings)}}))
        .experiment.mixes[0]
        .recovery.checkpoint;
  };
  CHECK(checkpoint({{"interval_min", "none"}}).kind == Kind::none);
  CHECK(checkpoint({{"interval_min", "continuous"}}).kind == Kind::continuous);
  CHECK(checkpoint({{"interval_min", "continuous"}, {"size_gb", 4}}).write == Duration{0});
  const auto ten =
      checkpoint({{"interval_min", 10}, {"size_gb", 2}, {"write_gb_per_s", 0.5}, {"read_gb_per_s", 1}});
  CHECK(ten.kind == Kind::interval);
  CHECK(ten.interval == minutes{10});
  CHECK(ten.write == seconds{4});
  CHECK(ten.read == seconds{2});
}

TEST_CASE("An on-demand price is the scenario's or else the trace's or else the catalogue's of the day") {
  const auto price = [](const json& market) {
    const auto e = build(market.is_null() ? json() : json({{"market", market}})).experiment;
    return value_at(e.market.pools[0].on_demand_price, e.start.fixed);
  };
  CHECK(price({}) == usd_per_hour(3.06));
  CHECK(price({{"on_demand_usd_per_h", {{"p3.2xlarge", 2.5}}}}) == usd_per_hour(2.5));
  const json pool = json::parse(
      R"([{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9, "on_demand_usd_per_h": 2.75}])");
  CHECK(price({{"pools", pool}}) == usd_per_hour(2.75));
}

TEST_CASE("a price from before the first known one is used with a warning") {
  const json early = json::parse(
      R"({"name": "x", "workload": {"samples": 1, "samples_per_s": [{"cluster": {"c5.large": 1}, "samples_per_s": 1, "source": "assumed"}]},
    "market": {"start": "2019-06-01"}, "mixes": [{"name": "m", "groups": [{"instance": "c5.large", "purchase": "on_demand"}]}]})");
  const Result<Scenario> scenario = parse_scenario("x.json", early.dump(), tests::shipped());
  REQUIRE(scenario);
  const auto result = build_experiment(*scenario.value, tests::shipped());
  REQUIRE(result);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].message.find("known from 2022-07-05 only") != std::string::npos);
}

TEST_CASE("a sampled start leaves the deadline within the traces") {
  const BuiltExperiment nine = built(load_scenario(kExamples / "nine-zone-p3.json", tests::shipped()));
  const sim::StartRule& start = nine.experiment.start;
  CHECK(start.sampled);
  CHECK(start.earliest == *parse_time("2023-02-15T22:08:16Z"));
  CHECK(start.latest + *nine.experiment.deadline == *parse_time("2023-04-02T10:01:46Z"));
}

TEST_CASE("zones that are not named are all that sell the instance type") {
  const BuiltExperiment nine = built(load_scenario(kExamples / "nine-zone-p3.json", tests::shipped()));
  for (const sim::Mix& mix : nine.experiment.mixes) {
    if (mix.name == "spot, nine zones") CHECK(mix.groups[0].pools.size() == 9);
  }
}

TEST_CASE("A model that does not fit the device is infeasible instead of an error") {
  const json large =
      json::parse(R"({"workload": {"samples_per_s": null, "model": "resnet50", "global_batch": 4096},
                       "parallelism": {"data": 1, "micro_batch": 4096}})");
  const BuiltExperiment e = build(large);
  REQUIRE(e.experiment.mixes[0].infeasible_reason);
  CHECK(e.experiment.mixes[0].infeasible_reason->find("GiB") != std::string::npos);
}
