#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "scenarios/experiment/interruptions.h"
#include "sim/batch/batch.h"
#include "sim/billing/meter.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;
using tests::build;
using tests::mix_with;

namespace {

sim::Experiment with_market(json market) {
  return build({{"market", std::move(market)}}).experiment;
}

sim::Experiment with_hazard(json hazard) {
  return with_market({{"interruptions", {{"hazard", std::move(hazard)}}}});
}

sim::Experiment with_group(json group) {
  return build(mix_with("groups", json::array({std::move(group)}))).experiment;
}

}  // namespace

TEST_CASE("a hazard gives every spot instance a lifetime of its mean") {
  CHECK_FALSE(build({}).experiment.market.pools[0].lifetime);
  CHECK(with_hazard({{"per_hour", 0.5}}).market.pools[0].lifetime->mean_hours() == Approx(2));
  const json weibull = {{"weibull", {{"shape", 1}, {"scale_h", 8}}}};
  CHECK(with_hazard(weibull).market.pools[0].lifetime->mean_hours() == Approx(8));
  const json bathtub = json::parse(
      R"({"bathtub": {"early_per_hour": 0.2, "early_h": 3, "middle_per_hour": 0.01, "late_per_hour": 1,
                      "late_h_before_cap": 2, "cap_h": 24}})");
  const double mean = with_hazard(bathtub).market.pools[0].lifetime->mean_hours();
  CHECK(mean > 3);
  CHECK(mean < 24);
}

TEST_CASE("A Spot Advisor band is an interval: its mix is run at both ends and in the middle", "[rule 20]") {
  const sim::Experiment e = with_hazard({{"spot_advisor", "5-10%"}});
  REQUIRE(e.mixes.size() == 3);
  const std::array<const char*, 3> names{"spot (5 %/month)", "spot (7.5 %/month)", "spot (10 %/month)"};
  const std::array fractions{0.05, 0.075, 0.10};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(e.mixes[i].name == names[i]);
    const auto& lifetime = e.market.pools[e.mixes[i].groups[0].pools[0]].lifetime;
    CHECK(1 / lifetime->mean_hours() == Approx(-std::log(1 - fractions[i]) / 730));
  }
}

TEST_CASE("The lowest band begins at no interruptions and the highest ends where the scenario says") {
  const sim::Experiment lowest = with_hazard({{"spot_advisor", {{"p3.2xlarge", "<5%"}}}});
  CHECK(lowest.mixes[0].name == "spot (0 %/month)");
  CHECK_FALSE(lowest.market.pools[lowest.mixes[0].groups[0].pools[0]].lifetime);
  const sim::Experiment highest =
      with_hazard({{"spot_advisor", ">20%"}, {"spot_advisor_highest_percent", 40}});
  CHECK(highest.mixes[0].name == "spot (20 %/month)");
  CHECK(highest.mixes[2].name == "spot (40 %/month)");
}

TEST_CASE("A mix that has no band or buys no spot is run once") {
  CHECK(with_hazard({{"spot_advisor", {{"p3.8xlarge", "<5%"}}}}).mixes.size() == 1);
  json more = mix_with("groups", json::parse(R"([{"instance": "p3.2xlarge", "purchase": "on_demand"}])"));
  more["market"]["interruptions"]["hazard"]["spot_advisor"] = "<5%";
  CHECK(build(more).experiment.mixes.size() == 1);
}

TEST_CASE("a threshold of a mix that becomes three holds for each") {
  json document = json::parse(R"({"name": "x", "workload": {"samples": 360000,
      "samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "interruptions": {"hazard": {"spot_advisor": "<5%"}},
      "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9}]},
    "mixes": [{"name": "a/b", "groups": [{"instance": "p3.2xlarge"}], "recovery": {"checkpoint": {"size_gb": 1}}}],
    "thresholds": {"cost_usd.p95": ["< 500", ">= 1"], "a/b/on_time_probability": [">0.95"]}})");
  const Result<Scenario> scenario = parse_scenario("x.json", document.dump(), tests::shipped());
  REQUIRE(scenario);
  const auto& thresholds = scenario.value->thresholds;
  REQUIRE(thresholds.size() == 5);
  CHECK(thresholds[0].mix == "a/b (0 %/month)");
  CHECK(thresholds[0].metric == "on_time_probability");
  CHECK(thresholds[0].min == 0.95);
  CHECK(thresholds[0].excludes_limit);
  CHECK(thresholds[2].mix == "a/b (5 %/month)");
  CHECK_FALSE(thresholds[3].mix);
  CHECK(thresholds[3].max == 500);
  CHECK(thresholds[4].min == 1);
  CHECK_FALSE(thresholds[4].excludes_limit);
}

TEST_CASE("Quotas count vCPUs of a family class", "[rule 15]") {
  CHECK(quota_class("p3.2xlarge") == "p");
  CHECK(quota_class("g4dn.xlarge") == "g");
  CHECK(quota_class("vt1.3xlarge") == "g");
  CHECK(quota_class("c5.large") == "standard");
  CHECK(quota_class("dl1.24xlarge") == "dl");
  CHECK(quota_class("inf1.xlarge") == "inf");
  const sim::Experiment e = with_market({{"quotas", {{{"family_class", "p"}, {"spot_vcpus", 16}}}}});
  REQUIRE(e.market.quotas.size() == 1);
  CHECK(e.market.pools[0].quota == 0);
  CHECK(e.market.pools[0].vcpus == 8);
  CHECK(e.market.quotas[0].spot_vcpus == 16);
  const json standard = {{"quotas", {{{"family_class", "standard"}, {"spot_vcpus", 16}}}}};
  CHECK(with_market(standard).market.pools[0].quota == sim::Pool::kNoQuota);
}

TEST_CASE("An operating system adds a constant to what is charged and SUSE bills whole hours", "[rule 1]") {
  const auto with_system = [](const char* name) {
    return with_market({{"operating_system", {{"name", name}, {"surcharge_usd_per_h", 0.06}}}});
  };
  const sim::Experiment rhel = with_system("rhel");
  CHECK(rhel.market.pools[0].surcharge == usd_per_hour(0.06));
  // The prices of the market, with which maximum prices are compared, stay what they are.
  CHECK(rhel.market.pools[0].spot_price.value[0] == usd_per_hour(0.9));
  CHECK(value_at(rhel.market.pools[0].on_demand_price, rhel.start.fixed) == usd_per_hour(3.06));
  CHECK(rhel.billing.granularity == seconds{1});
  CHECK(with_system("suse").billing.granularity == hours{1});
}

TEST_CASE("Who ends an instance in which hour under which system decides its bill", "[rule 1][rule 2]") {
  // EC2 User Guide, "Billing for interrupted Spot Instances"; $1 an hour of spot, $3.06 on demand, no
  // surcharge.
  constexpr auto kUser = sim::UsageEnd::stopped_by_user, kProvider = sim::UsageEnd::interrupted_by_provider;
  struct Case {
    const char* system;
    sim::UsageEnd end;
    int minutes;
    double spot_usd;
  };
  const std::vector<Case> cases{
      {"linux", kUser, 30, 0.5},     {"linux", kUser, 90, 1.5},    {"linux", kProvider, 30, 0},
      {"linux", kProvider, 90, 1.5}, {"rhel", kUser, 30, 0.5},     {"rhel", kUser, 90, 1.5},
      {"rhel", kProvider, 30, 0},    {"rhel", kProvider, 90, 1.5}, {"suse", kUser, 30, 1},
      {"suse", kUser, 90, 2},        {"suse", kProvider, 30, 0},   {"suse", kProvider, 60, 1},
      {"suse", kProvider, 90, 1},    {"suse", kProvider, 150, 2}};
  const PriceSeries one = constant_series(usd_per_hour(1));
  for (const Case& c : cases) {
    CAPTURE(c.system, c.minutes, c.end == kUser);
    const json system = {{"operating_system", {{"name", c.system}, {"surcharge_usd_per_h", 0.06}}}};
    const sim::BillingRules rules =
        with_market(c.system == std::string("linux") ? json::object() : system).billing;
    SeriesCursor<HourlyPrice> price(one);
    const sim::Usage usage{{}, Time{} + minutes{c.minutes}, c.end};
    CHECK(sim::bill_spot(rules, price, {}, usage, [](const sim::Charge&) {}) == from_usd(c.spot_usd));
    // On demand nobody interrupts; SUSE rounds up to whole hours.
    const bool whole_hours = c.system == std::string("suse");
    const double hours = whole_hours ? (c.minutes + 59) / 60 : c.minutes / 60.0;  // NOLINT: whole hours
    CHECK(sim::bill_on_demand(rules, price, {}, {{}, usage.to, kUser}, [](const sim::Charge&) {}) ==
          from_usd(hours));
  }
}

TEST_CASE("what the market does besides prices and capacity is as written") {
  const sim::Experiment e =
      with_market({{"interruptions",
                    {{"rebalance_lead_s", 600}, {"zone_reclaims", {{"mean_between_h", 50}, {"share", 0.5}}}}},
                   {"service_fee_usd_per_h", {{"p3.2xlarge", 0.27}}}});
  CHECK(e.market.rebalance_lead == minutes{10});
  CHECK(e.market.zone_reclaims.mean_between == hours{50});
  CHECK(e.market.zone_reclaims.share == 0.5);
  CHECK(e.market.pools[0].service_fee == usd_per_hour(0.27));
}

TEST_CASE("a bootstrapped start needs no trace after it") {
  const auto examples = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "examples";
  const Result<Scenario> nine = load_scenario(examples / "nine-zone-p3.json", tests::shipped());
  REQUIRE(nine);
  Scenario scenario = *nine.value;
  scenario.market.bootstrap.block = hours{24};
  const auto built = build_experiment(scenario, tests::shipped());
  REQUIRE(built);
  CHECK(built.value->experiment.market.bootstrap.block == hours{24});
  const auto replayed = build_experiment(*nine.value, tests::shipped());
  CHECK(built.value->experiment.start.latest > replayed.value->experiment.start.latest + hours{24});
}

TEST_CASE("what is bought on demand does not depend on how long spot prices are known") {
  const auto folder = std::filesystem::path(SPOTMIX_BINARY_DIR) / "scratch-market";
  std::filesystem::create_directories(folder);
  const auto trace = (folder / "two-days.json").string();
  std::ofstream(trace) << R"({"spotmix_trace": 1, "source": "test", "pools": [
    {"instance": "p3.2xlarge", "zone": "us-east-1a", "start": "2023-02-01T00:00:00Z",
     "end": "2023-02-03T00:00:00Z", "prices": {"after_s": [0], "usd_per_h": ["0.9"]},
     "capacity": {"kind": "binary", "after_s": [0], "available": [1]}},
    {"instance": "p3.2xlarge", "zone": "us-east-1b", "start": "2023-02-02T00:00:00Z",
     "end": "2023-04-01T00:00:00Z", "prices": {"after_s": [0], "usd_per_h": ["0.9"]},
     "capacity": {"kind": "binary", "after_s": [0], "available": [1]}}]})";
  const json groups = json::parse(R"([{"instance": "p3.2xlarge", "zones": ["us-east-1a"]}])");
  const json market = {
      {"start", "2023-02-02T23:50:00Z"}, {"pools", nullptr}, {"prices", trace}, {"capacity", trace}};
  const auto run = [&](const char* purchase, const char* policy, const char* other_zone) {
    json more = mix_with("groups", groups);
    more["mixes"][0]["groups"][0]["purchase"] = purchase;
    more["mixes"][0]["policy"] = policy;
    json spot = more["mixes"][0];
    spot["name"] = "in the other zone";
    spot["groups"][0] = {{"instance", "p3.2xlarge"}, {"zones", {other_zone}}};
    spot["policy"] = "spot_only";
    more["mixes"].push_back(spot);
    more["market"] = market;
    const sim::Experiment e = build(more).experiment;
    const sim::Pool& pool = e.market.pools[e.mixes[0].groups[0].pools[0]];
    CHECK(pool.spot_price.empty());
    CHECK(pool.capacity.empty());
    CHECK_FALSE(e.market.pools[e.mixes[1].groups[0].pools[0]].spot_price.empty());
    return sim::run_batch(e).mixes[0].finished.value;
  };
  CHECK(run("on_demand", "fixed", "us-east-1b") == 1);
  CHECK(run("on_demand", "on_demand", "us-east-1b") == 1);
  CHECK(run("spot", "on_demand", "us-east-1b") == 1);
}

TEST_CASE("Spot pools are known at every sampled start") {
  const auto examples = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "examples";
  Scenario scenario = *load_scenario(examples / "nine-zone-p3.json", tests::shipped()).value;
  const auto built = build_experiment(scenario, tests::shipped());
  REQUIRE(built);
  const sim::Market& market = built.value->experiment.market;
  for (const sim::Mix& mix : built.value->experiment.mixes) {
    for (const sim::Group& group : mix.groups) {
      if (group.purchase != sim::Purchase::spot || mix.policy.name == "on_demand") continue;
      for (const std::uint32_t pool : group.pools) {
        CHECK(market.pools[pool].spot_price.begin() <= built.value->experiment.start.earliest);
        CHECK(market.pools[pool].spot_price.end > built.value->experiment.start.latest);
      }
    }
  }
}

TEST_CASE("An auction takes a maximum price of ten times the on-demand price and not more", "[rule 4]") {
  json more = mix_with("groups", json::parse(R"([{"instance": "p3.2xlarge", "max_price_usd_per_h": 30.6}])"));
  more["market"]["regime"] = "aws_auction";
  CHECK(build(more).experiment.mixes[0].groups[0].max_price == usd_per_hour(30.6));
}

TEST_CASE("An Auto Scaling group is its on-demand base and a percentage of the rest and spot", "[rule 16]") {
  const json rate =
      json::parse(R"([{"cluster": {"p3.2xlarge": 10}, "samples_per_s": 100, "source": "assumed"}])");
  json more = mix_with("groups", json::parse(R"([{"instance": "p3.2xlarge", "count": 10, "on_demand_base": 3,
                                                  "on_demand_percentage": 20, "max_price_usd_per_h": 1}])"));
  more["workload"]["samples_per_s"] = rate;
  const sim::Mix mix = build(more).experiment.mixes[0];
  REQUIRE(mix.groups.size() == 2);
  CHECK(mix.groups[0].purchase == sim::Purchase::on_demand);
  CHECK(mix.groups[0].count == 5);  // 3 + ⌈0.2 × 7⌉
  CHECK_FALSE(mix.groups[0].max_price);
  CHECK(mix.groups[1].purchase == sim::Purchase::spot);
  CHECK(mix.groups[1].count == 5);
}

TEST_CASE("A group of several types has the pools of each with its weight") {
  const json pools = json::parse(R"([
    {"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 0.9},
    {"instance": "p3.8xlarge", "zone": "us-east-1a", "spot_usd_per_h": 3.6},
    {"instance": "p3.8xlarge", "zone": "us-east-1b", "spot_usd_per_h": 3.5}])");
  json more = mix_with("groups", json::parse(R"([{"instances": [{"instance": "p3.2xlarge"},
      {"instance": "p3.8xlarge", "weight": 4}], "count": 8, "allocation": "price_capacity_optimized",
      "launch_together": true}])"));
  more["market"]["pools"] = pools;
  more["workload"]["samples_per_s"] =
      json::parse(R"([{"cluster": {"p3.2xlarge": 8}, "samples_per_s": 100, "source": "assumed"}])");
  const sim::Group group = build(more).experiment.mixes[0].groups[0];
  CHECK(group.instance_type == "p3.2xlarge + p3.8xlarge");
  CHECK(group.pools == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(group.weights == std::vector<int>{1, 4, 4});
  CHECK(group.allocation == sim::Allocation::price_capacity_optimized);
  CHECK(group.launch_together);
}

TEST_CASE("A reservation costs its price or the measured discount off on demand", "[rule 7]") {
  const sim::Experiment given =
      with_group({{"instance", "p3.2xlarge"}, {"purchase", "reserved"}, {"reserved_usd_per_h", 1.5}});
  CHECK(given.market.pools[0].reserved_price == usd_per_hour(1.5));
  const auto by_terms = [](int years, const char* payment) {
    return with_group({{"instance", "p3.2xlarge"},
                       {"purchase", "reserved"},
                       {"reservation", {{"term_years", years}, {"payment", payment}}}})
        .market.pools[0]
        .reserved_price;
  };
  CHECK(by_terms(1, "all_upfront") == usd_per_hour(3.06 * 0.64));  // p3's own figure of 2023
  CHECK(by_terms(3, "partial_upfront") == usd_per_hour(3.06 * 0.40));
}

TEST_CASE("A reserved instance is paid for the job's clock-hours or nothing when it is paid already",
          "[rule 7]") {
  const auto cost = [](const char* view) {
    json more = mix_with("groups", json::parse(R"([{"instance": "p3.2xlarge", "purchase": "reserved",
                                                    "reserved_usd_per_h": 1.5}])"));
    more["market"]["billing"]["reserved_view"] = view;
    return sim::run_batch(build(more).experiment).mixes[0].cost_usd->mean;
  };
  CHECK(cost("amortised") == Approx(3.0));  // one hour of training after the boot touches two clock-hours
  CHECK(cost("marginal") == 0);
}

TEST_CASE(
    "Without checkpoints a long job on spot costs several times one with them and more than on demand") {
  const auto examples = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "examples";
  BuiltExperiment e = tests::built(load_scenario(examples / "checkpoint-intervals.json", tests::shipped()));
  e.experiment.replications = 1000;
  const sim::BatchResult result = sim::run_batch(e.experiment);
  const auto cost = [&](std::size_t mix) { return result.mixes[mix].cost_usd->mean; };
  CHECK(cost(1) > 2 * cost(0));
  for (std::size_t mix = 2; mix < 5; ++mix) {
    INFO(result.mixes[mix].name);
    CHECK(cost(mix) < cost(0));
    CHECK(cost(1) > 5 * cost(mix));
  }
}
