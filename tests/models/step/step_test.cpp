#include "models/step/step.h"

#include <random>

#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/step/estimator.h"
#include "models/step/proportional.h"
#include "models/step/search.h"
#include "models/workload/library.h"

using namespace spotmix;
using models::Parallelism;

namespace {

models::StepInput resnet_on_v100(int instances) {
  return {.workload = models::find_workload("resnet50").value(),
          .precision = models::Precision::fp16,
          .global_batch = 128 * 8 * instances,
          .cluster = {
              .groups = {{.node = {.device = "V100-SXM2-16GB", .devices = 8, .network_bytes_per_s = 25e9 / 8},
                          .instances = instances}}}};
}

models::StepInput gpt_on_a100(const std::string& model, int instances) {
  return {.workload = models::find_workload(model).value(),
          .precision = models::Precision::bf16,
          .global_batch = 64 * instances,
          .optimizer = models::Optimizer::adam,
          .cluster = {.groups = {bench::instances_of("p4de.24xlarge", instances)}},
          .check_memory = false};
}

}  // namespace

TEST_CASE("One device has no communication") {
  models::StepInput input = resnet_on_v100(1);
  input.cluster.groups[0].node.devices = 1;
  input.global_batch = 64;
  const models::StepBreakdown step = models::step_time(input);
  REQUIRE(step.feasible());
  CHECK(step.communication_s == 0);
  CHECK(step.time_s == Approx(step.compute_s));
}

TEST_CASE("A step is never faster than its FLOP at the devices' peak however it is divided") {
  std::mt19937 random(5);
  models::StepInput input = gpt_on_a100("gpt3-6.7b", 4);
  models::StepEstimator estimator(input);
  const double peak = models::find_device("A100-SXM4-80GB")->peak(models::Precision::bf16).value();
  int tried = 0;
  for (int i = 0; i < 300; ++i) {
    Parallelism p;
    p.tensor = 1 << random() % 4;
    p.pipeline = 1 << random() % 3;
    p.data = 32 / p.tensor / p.pipeline;
    p.micro_batch = 1 << random() % 4;
    p.recompute = static_cast<models::Recompute>(random() % 3);
    p.sharding = static_cast<models::Sharding>(random() % 4);
    p.sequence_parallel = random() % 2 == 1;
    const models::StepBreakdown step = estimator.step(p, input.global_batch);
    if (!step.feasible()) continue;
    ++tried;
    CHECK(step.time_s >= models::training_flop(input.workload) * input.global_batch / (32 * peak));
    CHECK(step.time_s == Approx(step.compute_s + step.exposed_communication_s + step.bubble_s));
    CHECK(step.exposed_communication_s >= 0);
    CHECK(step.bubble_s >= 0);
    if (p.pipeline == 1) CHECK(step.bubble_s == Approx(0).margin(1e-9));
  }
  CHECK(tried > 200);
}

TEST_CASE("More bandwidth is never slower") {
  double last = 1e9;
  for (const double gbit : {1.0, 5.0, 10.0, 25.0, 100.0, 400.0}) {
    models::StepInput input = resnet_on_v100(4);
    input.cluster.groups[0].node.network_bytes_per_s = gbit * 1e9 / 8;
    const models::StepBreakdown step = models::step_time(input);
    REQUIRE(step.feasible());
    CHECK(step.time_s <= last);
    CHECK(step.exposed_communication_s <= step.communication_s);
    last = step.time_s;
  }
}

TEST_CASE("Recomputation costs time and spares memory") {
  models::StepInput input = gpt_on_a100("gpt3-1.3b", 1);
  models::StepEstimator estimator(input);
  const auto with = [&](models::Recompute recompute) {
    return estimator.step({.data = 8, .micro_batch = 4, .recompute = recompute}, 64);
  };
  const auto none = with(models::Recompute::none), selective = with(models::Recompute::selective),
             full = with(models::Recompute::full);
  CHECK(none.time_s < selective.time_s);
  CHECK(selective.time_s < full.time_s);
  CHECK(none.memory.activations_bytes > selective.memory.activations_bytes);
  CHECK(selective.memory.activations_bytes > full.memory.activations_bytes);
}

TEST_CASE("Zones apart are slower than one zone") {
  models::StepInput input = resnet_on_v100(4);
  const double together_s = models::step_time(input).time_s;
  input.cluster.zones = 3;
  CHECK(models::step_time(input).time_s > together_s);
}

TEST_CASE("A slower device among fast ones sets the pace of equal shares") {
  models::StepInput input = resnet_on_v100(2);
  input.check_memory = false;
  input.cluster.groups.push_back(
      {.node = {.device = "K80", .devices = 8, .network_bytes_per_s = 25e9 / 8}, .instances = 2});
  models::StepInput only_slow = input;
  only_slow.cluster.groups[0] = only_slow.cluster.groups[1];
  const models::StepBreakdown mixed = models::step_time(input);
  REQUIRE(mixed.feasible());
  CHECK(mixed.compute_s == Approx(models::step_time(only_slow).compute_s).epsilon(0.02));
}

TEST_CASE("Jitter makes the step wait for the slowest of n") {
  models::StepInput input = resnet_on_v100(2);
  const models::StepBreakdown even = models::step_time(input);
  input.jitter = 0.02;
  const models::StepBreakdown uneven = models::step_time(input);
  CHECK(uneven.time_s == Approx(even.time_s + even.compute_s * 0.02 * std::sqrt(2 * std::log(16))));
}

TEST_CASE("What cannot run says why") {
  models::StepInput input = resnet_on_v100(1);
  input.cluster.groups[0].node.device = "V100-SXM2-16BG";
  CHECK(models::step_time(input).infeasible_reason ==
        "no device \"V100-SXM2-16BG\"; did you mean \"V100-SXM2-16GB\"?");
  input = resnet_on_v100(1);
  input.global_batch = 4;
  CHECK(models::step_time(input).infeasible_reason ==
        "a global batch of 4 leaves some of the 8 data-parallel ranks without a sample");
  input.global_batch = 8 * 1024;
  CHECK(models::step_time(input).infeasible_reason.find("; micro_batch ") != std::string::npos);
}

TEST_CASE("Tensor parallelism divides what can be divided") {
  models::StepInput input = gpt_on_a100("gpt2-large", 1);
  input.parallelism = Parallelism{.tensor = 8};
  CHECK(models::step_time(input).infeasible_reason ==
        "tensor 8 does not divide the 20 heads of attention scores");
  input = resnet_on_v100(1);
  input.parallelism = Parallelism{.data = 4, .tensor = 2};
  CHECK(models::step_time(input).infeasible_reason ==
        "resnet50 has no layers that tensor parallelism divides");
}

TEST_CASE("A small model on one node wants data parallelism and a large one must be cut") {
  models::StepInput small = gpt_on_a100("gpt3-350m", 1);
  small.check_memory = true;
  const models::SearchResult data = models::search_parallelism(small);
  REQUIRE(data.best.feasible());
  CHECK(data.best.parallelism.data == 8);
  CHECK(data.best.parallelism.recompute == models::Recompute::none);
  CHECK(data.why.find("data 8 wins: ") == 0);

  models::StepInput large = gpt_on_a100("gpt3-175b", 16);
  large.check_memory = true;
  const models::SearchResult cut = models::search_parallelism(large);
  REQUIRE(cut.best.feasible());
  CHECK(cut.best.memory_per_device_gib.value() <= 80);
  CHECK(cut.best.parallelism.tensor * cut.best.parallelism.pipeline > 1);
  CHECK_FALSE(cut.runners_up.empty());
  for (const models::Alternative& other : cut.runners_up) {
    CHECK_FALSE(other.why.empty());
    if (other.step.feasible()) CHECK(other.step.time_s >= cut.best.time_s);
  }
}

TEST_CASE("Data and tensor and pipeline parallelism each win where they should") {
  const auto best = [](const char* model, int sequence_length, const char* instance, int instances,
                       int global_batch) {
    models::StepInput input{
        .workload = models::find_workload(model, {.sequence_length = sequence_length}).value(),
        .precision = models::Precision::fp16,
        .global_batch = global_batch,
        .optimizer = models::Optimizer::adam,
        .cluster = {.groups = {bench::instances_of(instance, instances)}}};
    return models::search_parallelism(input).best.parallelism;
  };
  // Everything fits and the network is fast: copies of the model.
  CHECK(best("bert-large", 128, "p4d.24xlarge", 2, 512).data == 16);
  // One sequence at a time behind NVSwitch: only the layers can be divided.
  CHECK(best("llama2-7b", 4096, "p4d.24xlarge", 1, 1).tensor == 8);
  // One small device per instance on a slow network: stages exchange least.
  CHECK(best("gpt3-2.7b", 2048, "g5.2xlarge", 8, 64).pipeline == 8);
}

TEST_CASE("A step exports its pipeline as a timeline") {
  models::StepInput input = gpt_on_a100("gpt3-1.3b", 1);
  input.parallelism = Parallelism{.data = 2, .pipeline = 4, .micro_batch = 1};
  std::vector<models::Span> spans;
  const models::StepBreakdown step = models::step_time(input, &spans);
  REQUIRE(step.feasible());
  CHECK(spans.size() >= 4UL * 32 * 2);
}

TEST_CASE("Devices that take samples in proportion to their speed beat equal shares") {
  models::StepInput input = resnet_on_v100(1);
  input.check_memory = false;
  input.cluster.groups[0].node.network_bytes_per_s = 12.5e9;
  input.cluster.groups.push_back(
      {.node = {.device = "T4", .devices = 4, .network_bytes_per_s = 12.5e9}, .instances = 1});
  input.global_batch = 12 * 64;
  const double equal_s = models::step_time(input).time_s;
  input.proportional_shares = true;
  const std::vector<int> shares = models::proportional_shares(input);
  CHECK(shares[0] > shares[1]);
  CHECK(8 * shares[0] + 4 * shares[1] >= input.global_batch);
  CHECK(models::step_time(input).time_s < equal_s);
}

TEST_CASE("An asynchronous parameter server does not wait for stragglers and rare averages cost less") {
  models::StepInput input = resnet_on_v100(4);
  input.jitter = 0.1;
  Parallelism p{.data = 32, .gradient_sync = models::GradientSync::parameter_server, .servers = 4};
  const auto time_s = [&] {
    input.parallelism = p;
    return models::step_time(input).time_s;
  };
  const double synchronous_s = time_s();
  p.asynchronous = true;
  CHECK(time_s() < synchronous_s);
  p.gradient_sync = models::GradientSync::periodic_average;
  double last_s = 1e9;
  for (const int every : {1, 4, 16, 64}) {
    p.average_every = every;
    CHECK(time_s() < last_s);
    last_s = time_s();
  }
}

TEST_CASE("The layers behind a step add up to it") {
  models::StepInput input = resnet_on_v100(1);
  input.cluster.groups[0].node.devices = 1;
  input.global_batch = 64;
  double sum_s = 0;
  for (const models::LayerTiming& layer : models::layer_timings(input)) {
    sum_s += layer.repeat * (layer.forward_s + layer.backward_s);
    CHECK(layer.communication_s == 0);
  }
  const models::StepBreakdown step = models::step_time(input);
  CHECK(sum_s < step.time_s);  // the update comes on top
  CHECK(sum_s > 0.9 * step.time_s);
}

TEST_CASE("A pipeline goes at the pace of its slowest stage however the layers are given to the stages") {
  const models::StepInput input = gpt_on_a100("gpt3-6.7b", 1);
  models::StepEstimator estimator(input);
  Parallelism p{.tensor = 2, .pipeline = 4, .micro_batch = 1};
  const models::StepBreakdown even = estimator.step(p, 64);
  p.stage_layers = {8, 8, 8, 8};
  CHECK(estimator.step(p, 64).time_s == even.time_s);
  p.stage_layers = {4, 16, 8, 4};
  const models::StepBreakdown uneven = estimator.step(p, 64);
  // 64 micro-batches through 16 layers instead of 8: nearly twice the time, most of it idle elsewhere.
  CHECK(uneven.time_s > 1.7 * even.time_s);
  CHECK(uneven.time_s < 2.1 * even.time_s);
  p.stage_layers = {8, 8, 8};
  CHECK(estimator.step(p, 64).infeasible_reason ==
        "the layers of the stages: found 3 numbers, expected 4: one for each stage");
}
