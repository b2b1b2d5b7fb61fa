// A report made by hand, with figures that are easy to tell apart, for tests of the writers.
#pragma once

#include <string>

#include "reports/results/report.h"

namespace spotmix::tests {

inline sim::SampleSummary around(double mean) {
  return {mean,     mean / 8,  mean * 0.75, mean * 0.9375, mean * 1.25, {{mean * 0.96875, mean * 1.03125}},
          mean / 2, mean * 1.5};
}

inline sim::MixResult sample_mix(const std::string& name, double cost_usd, double time_s) {
  sim::MixResult mix;
  mix.name = name;
  mix.simulated = 2;
  mix.time_to_train_s = around(time_s);
  mix.cost_usd = around(cost_usd);
  mix.interruptions = around(4);
  mix.goodput = around(0.75);
  mix.cost_breakdown_usd.spot = cost_usd;
  mix.cost_by_cause_usd = {{cost_usd / 2, cost_usd / 8, cost_usd / 8, cost_usd / 4, 0, 0}, 0, 0, 0};
  mix.time_by_cause_s = {time_s / 2, time_s / 8, time_s / 8, time_s / 8, time_s / 8, 0};
  mix.finished = {1, {{0.875, 1}}};
  mix.on_time = sim::Proportion{0.96875, {{0.9375, 0.984375}}};
  mix.within_budget = sim::Proportion{1, {{0.875, 1}}};
  mix.on_pareto_front = true;
  mix.fingerprint = 0x0123456789abcdef;
  return mix;
}

inline sim::MixResult infeasible_mix(const std::string& name) {
  sim::MixResult mix;
  mix.name = name;
  mix.infeasible_reason = "one device needs 21.5 GiB and has 16";
  return mix;
}

inline sim::ReplicationOutcome outcome(double time_s, double cost_usd, std::uint32_t interruptions) {
  return {time_s < 0 ? Duration{-1} : from_seconds(time_s), from_usd(cost_usd), 0xfeedULL, interruptions,
          0.9F};
}

/// Four mixes: on demand, two of spot, of which one does not always finish, and one that cannot train.
inline reports::Report sample_report() {
  reports::Report report;
  report.spotmix_version = "0.1.0";
  report.scenario = "sample";
  report.description = "Made by hand";
  report.deadline = hours{20};
  report.budget = from_usd(1500);
  report.pools = {{"p3.2xlarge", "us-east-1a"}, {"p3.2xlarge", "us-east-1b"}};
  report.batch.seed = 42;
  report.batch.replications = 2;

  sim::MixResult on_demand = sample_mix("on demand", 1234.5, 11520);
  on_demand.cost_breakdown_usd = {0, 1234.5, 0, 0, 0, 0};
  on_demand.on_time = sim::Proportion{1, {{0.875, 1}}};
  on_demand.cost_spread = on_demand.time_spread = sim::SpreadShares{0, 1, 0};
  on_demand.replications = {outcome(11520, 1234.5, 0), outcome(11520.5, 1234.500000001, 0)};
  sim::MixResult spot = sample_mix("spot across zones", 432, 14400);
  spot.cost_spread = sim::SpreadShares{0.5, 0.375, 0.125};
  spot.time_spread = sim::SpreadShares{0.25, 0.75, 0};
  spot.replications = {outcome(14400, 400, 3), outcome(14400, 464, 5)};
  sim::MixResult single = sample_mix("spot, us-east-1a only, without any fallback", 321, 64000);
  single.finished = {0.5, {{0.25, 0.75}}};
  single.on_time = sim::Proportion{0.5, {{0.25, 0.75}}};
  single.within_budget = sim::Proportion{0.5, {{0.25, 0.75}}};
  single.time_to_train_s->stddev.reset();
  single.time_to_train_s->ci95.reset();
  single.replications = {outcome(64000, 300, 8), outcome(-1, 342, 12)};
  report.batch.mixes = {on_demand, spot, single, infeasible_mix("too small")};

  reports::StepFigures step;
  step.time_s = 0.25;
  step.compute_s = 0.1875;
  step.communication_s = 0.125;
  step.exposed_communication_s = 0.0625;
  step.bubble_s = 0;
  step.samples_per_s = 1024;
  step.memory_per_device_gib = 8;
  step.memory = reports::MemoryFigures{1, 1, 2.5, 2.25, 0.25, 1, 16};
  step.rates = reports::RateFigures{.mfu = 0.375,
                                    .hfu = 0.5,
                                    .model_tflop_per_s_per_device = 46.875,
                                    .tokens_per_s = {},
                                    .device_hours = 64,
                                    .usd_per_million_tokens = {},
                                    .usd_per_million_samples = 12.5};
  step.error = reports::StepErrorFigures{0.25, {{"matrix products", 0.75}, {"memory-bound work", 0.25}}};
  step.parallelism = reports::ParallelismFigures{
      .data = 2,
      .pipeline = 4,
      .micro_batch = 16,
      .schedule = "1f1b",
      .stage_layers = {9, 10, 10, 3},
      .recompute = "none",
      .sharding = "optimizer",
      .gradient_sync = reports::GradientSyncFigures{"all_reduce", true, 25, {}, {}, {}, {}}};
  report.steps = {step, step, std::nullopt, std::nullopt};
  const models::Source products{"matrix products", models::SourceKind::published, "V100-SXM2-16GB in fp32",
                                "cublas (a table), Apache-2.0", 0.0625};
  const models::Source prices{"spot price", models::SourceKind::published, "spot.json", "a trace (MIT)", {}};
  const models::Source boot{"boot time", models::SourceKind::assumed, "360 s", "a default", {}};
  report.sources = {{products, boot}, {products, prices, boot}, {products, prices, boot}, {boot}};
  report.thresholds = {{"on demand", "cost_usd.p95", std::nullopt, 500, 1543.125, false},
                       {"spot across zones", "on_time_probability", 0.95, std::nullopt, 0.96875, true}};
  return report;
}

/// The sample with the story and the bill of replication 1 of "spot across zones".
inline reports::Report sample_with_replay() {
  using sim::TimelineKind;
  constexpr Time kStart{hours{24 * 365 * 50}};
  const auto spot = sim::Purchase::spot;
  reports::Report report = sample_report();
  reports::Replay replay{1, 1, {}};
  replay.record.start = kStart;
  replay.record.timeline = {
      {kStart, TimelineKind::launch_requested, 0, 1, spot, {}, {}},
      {kStart + from_seconds(30.5), TimelineKind::instance_running, 0, 1, spot, {}, {}},
      {kStart + minutes{60}, TimelineKind::interrupted, 0, 1, spot, minutes{40}, from_usd(0.915)},
      {kStart + minutes{60}, TimelineKind::work_lost, sim::kNoInstance, 0, spot, minutes{40}, {}},
      {kStart + minutes{61}, TimelineKind::launch_failed, sim::kNoInstance, 0, spot, minutes{40}, {}},
      {kStart + hours{4}, TimelineKind::finished, sim::kNoInstance, 0, spot, hours{3}, {}}};
  replay.record.bill = {{0, 1, spot, kStart + from_seconds(30.5), kStart + minutes{60}, seconds{3570},
                         usd_per_hour(0.9226), from_usd(0.914911667)}};
  report.replays = {replay};
  return report;
}

}  // namespace spotmix::tests
