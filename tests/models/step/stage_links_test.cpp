// What stages send one another: each boundary its own bytes, over its own link.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "bench/nodes.h"
#include "models/parallelism/placement.h"
#include "models/parallelism/stages.h"
#include "models/step/step.h"
#include "models/workload/library.h"
#include "tests/models/step/step_seconds.h"

using namespace spotmix;
using models::Parallelism;
using tests::seconds_of;

namespace {

constexpr int kDevices = 8;  // of a p3.16xlarge

models::StepInput on_v100(const std::string& model, int instances, int global_batch) {
  return {.workload = models::find_workload(model).value(),
          .precision = models::Precision::fp16,
          .global_batch = global_batch,
          .optimizer = models::Optimizer::adam,
          .cluster = {.groups = {bench::instances_of("p3.16xlarge", instances)}},
          .check_memory = false};
}

/// Seconds that one message takes from each stage to the next, by the number of the first of the two.
std::map<int, double> sent_forward(const std::vector<models::Span>& spans) {
  std::map<int, double> sent;
  for (const models::Span& span : spans) {
    if (span.name.rfind("activations to stage ", 0) == 0)
      sent[std::stoi(span.name.substr(21)) - 1] = seconds_of(span.length);
  }
  return sent;
}

}  // namespace

TEST_CASE("Pairs of ranks that lie in one node are inside it however far apart") {
  const models::GroupShape ends = models::pairs_shape(0, 7, 1, 8, true);
  CHECK(ends.nodes == 1);
  CHECK(ends.ranks_per_node == 2);
  CHECK_FALSE(ends.across_zones);
  CHECK(models::pairs_shape(0, 4, 4, 8, false).nodes == 1);
}

TEST_CASE("Pairs of ranks that cross nodes share the adapters with those that cross beside them") {
  CHECK(models::pairs_shape(7, 8, 1, 8, false).nodes == 2);
  CHECK(models::pairs_shape(7, 8, 1, 8, false).concurrent_groups == 1);
  CHECK(models::pairs_shape(4, 8, 4, 8, false).concurrent_groups == 4);
  CHECK(models::pairs_shape(0, 16, 16, 8, true).concurrent_groups == 8);
  CHECK(models::pairs_shape(0, 16, 16, 8, true).across_zones);
  // Ranks 6, 7, 8 send to 9, 10, 11: two of the three leave their node.
  CHECK(models::pairs_shape(6, 9, 3, 8, false).concurrent_groups == 2);
  CHECK(models::pairs_shape(0, 5, 5, 1, false).concurrent_groups == 1);
}

TEST_CASE("A boundary between two nodes costs the network and one inside a node does not") {
  // Four ranks a stage: stages 0 and 1 on the first node, 2 and 3 on the second.
  models::StepInput input = on_v100("gpt3-2.7b", 2, 32);
  input.parallelism = Parallelism{.data = 4, .pipeline = 4, .micro_batch = 1};
  std::vector<models::Span> spans;
  REQUIRE(models::step_time(input, &spans).feasible());
  std::map<int, double> sent = sent_forward(spans);
  REQUIRE(sent.size() == 3);
  CHECK(sent[0] == sent[2]);
  // 2048 tokens of 2560 half-precision numbers from each of four ranks, through 25 Gbit/s.
  const double on_the_wire_s = 4 * 2048 * 2560 * 2 / (25e9 / 8);
  CHECK(sent[1] > on_the_wire_s);
  CHECK(sent[1] < 3 * on_the_wire_s);
  CHECK(sent[0] < on_the_wire_s / 4);
}

TEST_CASE("Each boundary costs what its own layer hands on") {
  models::StepInput input = on_v100("resnet50", 1, 1024);
  input.parallelism = Parallelism{.pipeline = 8, .micro_batch = 128};
  std::vector<models::Span> spans;
  REQUIRE(models::step_time(input, &spans).feasible());
  std::map<int, double> sent = sent_forward(spans);
  REQUIRE(sent.size() == 7);
  const std::vector<models::Stage> stages = models::divide_into_stages(input.workload, 8);
  double least = 1e12, most = 0;
  for (int boundary = 0; boundary < 7; ++boundary) {
    const models::Layer& last =
        input.workload.layers[stages[static_cast<std::size_t>(boundary)].back().layer];
    const double bytes = last.output_elements * 128 * 2;
    least = std::min(least, bytes);
    most = std::max(most, bytes);
    // One or two NVLinks of 25 GB/s at most, and some microseconds before the first byte.
    INFO("boundary " << boundary << ", " << bytes << " bytes");
    CHECK(sent[boundary] > bytes / 50e9);
    CHECK(sent[boundary] < bytes / 15e9 + 50e-6);
  }
  CHECK(most > 3 * least);
}

TEST_CASE("Every layer before the last of every shipped model hands something on") {
  for (const std::string& name : models::workload_names()) {
    INFO(name);
    const models::Workload workload = models::find_workload(name).value();
    for (std::size_t i = 0; i + 1 < workload.layers.size(); ++i) {
      INFO(workload.layers[i].name);
      CHECK(workload.layers[i].output_elements > 0);
    }
  }
}

TEST_CASE("A tied embedding is exchanged between the first and the last stage at the rate of their link") {
  models::StepInput input = on_v100("gpt3-2.7b", 1, 16);
  input.parallelism = Parallelism{.pipeline = kDevices, .micro_batch = 1};
  std::vector<models::Span> spans;
  const models::StepBreakdown step = models::step_time(input, &spans);
  REQUIRE(step.feasible());
  // Nothing is data-parallel: no other gradients are exchanged.
  CHECK(step.communication.gradients_s == 0);
  double embedding_bytes = 0;
  for (const models::Layer& layer : input.workload.layers) embedding_bytes += 2 * layer.tied_parameters;
  REQUIRE(embedding_bytes > 250e6);
  // One NVLink of a V100 carries 25 GB/s at its best, two devices of a cube mesh have at most two.
  CHECK(step.communication.tied_embeddings_s > embedding_bytes / 50e9);
  CHECK(step.communication.tied_embeddings_s < embedding_bytes / 12e9);
  std::set<std::string> rows;
  for (const models::Span& span : spans) {
    if (span.name.rfind("all-reduce of tied embeddings", 0) != 0) continue;
    rows.insert(span.row);
    CHECK(seconds_of(span.length) == Approx(step.communication.tied_embeddings_s).epsilon(1e-6));
  }
  CHECK(rows == std::set<std::string>{"stage 0: device 0: links", "stage 7: device 7: links"});
}

TEST_CASE("A tied embedding goes over the network where the first and the last stage are nodes apart") {
  models::StepInput input = on_v100("gpt3-2.7b", 2, 16);
  input.parallelism = Parallelism{.pipeline = 16, .micro_batch = 1};
  const models::StepBreakdown step = models::step_time(input);
  REQUIRE(step.feasible());
  double embedding_bytes = 0;
  for (const models::Layer& layer : input.workload.layers) embedding_bytes += 2 * layer.tied_parameters;
  CHECK(step.communication.tied_embeddings_s > embedding_bytes / (25e9 / 8));
}

TEST_CASE("A step without communication exposes none to the last bit") {
  for (const int batch : {1, 7, 64, 100}) {
    models::StepInput input = on_v100("resnet50", 1, batch);
    input.cluster.groups[0] = {.node = {.device = "V100-SXM2-16GB"}};
    for (const int micro_batch : {0, 1, 3}) {
      input.parallelism = Parallelism{.micro_batch = micro_batch};
      const models::StepBreakdown step = models::step_time(input);
      CHECK(step.communication_s == 0);
      CHECK(step.exposed_communication_s == 0);
      CHECK(step.bubble_s == 0);
    }
  }
}
