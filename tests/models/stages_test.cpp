#include "models/parallelism/stages.h"

#include <numeric>

#include <catch2/catch.hpp>

#include "models/memory/memory.h"
#include "models/workload/library.h"
#include "tests/models/fixtures.h"

using namespace spotmix::models;
using spotmix::tests::named;

namespace {

int layers_in(const std::vector<Stage>& stages) {
  int layers = 0;
  for (const Stage& stage : stages) {
    for (const LayerShare& share : stage) layers += share.count;
  }
  return layers;
}

/// The repeated layers of one stage.
int dealt(const Workload& workload, const Stage& stage) {
  int layers = 0;
  for (const LayerShare& share : stage) {
    if (workload.layers[share.layer].repeat > 1) layers += share.count;
  }
  return layers;
}

}  // namespace

TEST_CASE("Layers divide evenly with the first stages taking one more or as given") {
  const Workload workload = named("gpt3-6.7b");  // 32 transformer layers between embedding and head
  CHECK(layers_of_pieces(workload, {.pipeline = 5}) == std::vector{7, 7, 6, 6, 6});
  const Parallelism given{.pipeline = 4, .stage_layers = {9, 10, 10, 3}};
  CHECK(layers_of_pieces(workload, given) == given.stage_layers);
  const std::vector<Stage> stages = divide_into_pieces(workload, given);
  REQUIRE(stages.size() == 4);
  for (std::size_t i = 0; i < stages.size(); ++i) CHECK(dealt(workload, stages[i]) == given.stage_layers[i]);
  CHECK(stages.front().front().layer == 0);
  CHECK(stages.back().back().layer + 1 == workload.layers.size());
  CHECK(layers_in(stages) == layer_count(workload));
}

TEST_CASE("Costs of zero leave every model cut where it would have been") {
  for (const char* model : {"resnet50", "vgg16", "gnmt", "bert-large", "gpt3-1.3b", "t5-large", "dlrm"}) {
    const Workload workload = named(model);
    for (int pipeline = 2; pipeline <= layer_count(workload) && pipeline <= 9; ++pipeline) {
      Parallelism p{.pipeline = pipeline};
      const std::vector<Stage> usual = divide_into_pieces(workload, p);
      p.stage_layers = layers_of_pieces(workload, p);
      CAPTURE(model, pipeline);
      REQUIRE_FALSE(stage_problem(workload, p).has_value());
      const std::vector<Stage> given = divide_into_pieces(workload, p);
      REQUIRE(given.size() == usual.size());
      for (std::size_t i = 0; i < given.size(); ++i) {
        REQUIRE(given[i].size() == usual[i].size());
        for (std::size_t j = 0; j < given[i].size(); ++j) {
          CHECK(given[i][j].layer == usual[i][j].layer);
          CHECK(given[i][j].count == usual[i][j].count);
        }
      }
    }
  }
}

TEST_CASE("The last stage may hold the head alone and no stage is empty") {
  const Workload workload = named("gpt3-6.7b");
  const Parallelism head_alone{.pipeline = 3, .stage_layers = {16, 16, 0}};
  CHECK_FALSE(stage_problem(workload, head_alone).has_value());
  CHECK(divide_into_pieces(workload, head_alone).back().size() == 1);
  CHECK(stage_problem(workload, {.pipeline = 3, .stage_layers = {16, 0, 16}}).value() ==
        "found no layer for stage 2, expected at least one in each");
}

TEST_CASE("Layers of stages that do not fit the model say what they add up to") {
  const Workload workload = named("gpt3-6.7b");
  CHECK(stage_problem(workload, {.pipeline = 4, .stage_layers = {9, 10, 10}}).value() ==
        "found 3 numbers, expected 4: one for each stage");
  CHECK(stage_problem(workload, {.pipeline = 4, .stage_layers = {9, 10, 10, 4}}).value() ==
        "found 33 layers in all, expected 32: the repeated layers of gpt3-6.7b");
  const Parallelism interleaved{
      .pipeline = 2, .chunks = 2, .stage_layers = {20, 12}, .schedule = PipelineSchedule::interleaved};
  CHECK(stage_problem(workload, interleaved).value() ==
        "found 2 numbers, expected 4: one for each stage and each of its chunks, in the order of the layers");
}

TEST_CASE("A device holds all of its chunks and memory follows the layers of the stages") {
  const Workload workload = named("gpt3-6.7b");
  const Parallelism interleaved{
      .pipeline = 2, .chunks = 2, .stage_layers = {2, 4, 10, 16}, .schedule = PipelineSchedule::interleaved};
  const std::vector<Stage> devices = device_stages(workload, interleaved);
  REQUIRE(devices.size() == 2);
  CHECK(dealt(workload, devices[0]) == 12);
  CHECK(dealt(workload, devices[1]) == 20);

  const auto fullest_bytes = [&](std::vector<int> stage_layers) {
    const Parallelism p{.pipeline = 4, .micro_batch = 1, .stage_layers = std::move(stage_layers)};
    return memory_per_device(workload, {.precision = Precision::bf16, .parallelism = p, .global_batch = 8})
        .total_bytes();
  };
  CHECK(fullest_bytes({}) == fullest_bytes({8, 8, 8, 8}));
  CHECK(fullest_bytes({14, 8, 6, 4}) > fullest_bytes({8, 8, 8, 8}));
}
