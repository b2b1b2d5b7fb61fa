#include "models/memory/memory.h"

#include <catch2/catch.hpp>

#include "models/memory/fit.h"
#include "models/workload/library.h"
#include "tests/models/fixtures.h"

using namespace spotmix::models;
using spotmix::tests::named;

namespace {

MemorySettings adam(const Parallelism& parallelism, int global_batch) {
  return {.precision = Precision::fp16,
          .optimizer = Optimizer::adam,
          .parallelism = parallelism,
          .global_batch = global_batch};
}

}  // namespace

TEST_CASE("Adam takes 16 bytes per parameter and 18 with fp32 gradients beside halves") {
  const auto total = [](const ParameterBytes& per) { return per.weights + per.gradients + per.optimizer; };
  CHECK(total(bytes_per_parameter(Precision::fp16, Optimizer::adam, false)) == 16);
  CHECK(total(bytes_per_parameter(Precision::bf16, Optimizer::adam, true)) == 18);
  CHECK(total(bytes_per_parameter(Precision::fp32, Optimizer::adam, false)) == 16);
  CHECK(total(bytes_per_parameter(Precision::fp32, Optimizer::sgd, false)) == 8);
}

TEST_CASE("Sharding over d ranks leaves 4 + 12/d or 2 + 14/d or 16/d bytes per parameter") {
  const Workload workload = named("gpt3-1.3b");
  const double count = parameters(workload);
  const auto state = [&](int data, Sharding sharding) {
    const MemoryUse use =
        memory_per_device(workload, adam({.data = data, .micro_batch = 1, .sharding = sharding}, data));
    return (use.parameters_bytes + use.gradients_bytes + use.optimizer_bytes) / count;
  };
  for (const int d : {2, 8, 64}) {
    CHECK(state(d, Sharding::none) == Approx(16));
    CHECK(state(d, Sharding::optimizer) == Approx(4 + 12.0 / d));
    CHECK(state(d, Sharding::gradients) == Approx(2 + 14.0 / d));
    CHECK(state(d, Sharding::parameters) == Approx(16.0 / d));
  }
}

TEST_CASE("A transformer layer keeps s·b·h(34 + 5as/h) bytes less what parallelism and recomputation save") {
  Workload layer = named("gpt3-175b");
  std::erase_if(layer.layers, [](const Layer& l) { return l.kind != LayerKind::transformer; });
  layer.layers.front().repeat = 1;
  const double s = 2048, b = 2, h = 12288, a = 96, sbh = s * b * h;
  const auto kept = [&](Parallelism p) {
    p.micro_batch = 2;
    return activation_bytes(layer, {{0, 1}}, adam(p, 2));
  };
  CHECK(kept({}) == Approx(sbh * (34 + 5 * a * s / h)));
  CHECK(kept({.tensor = 8}) == Approx(sbh * (10 + 24.0 / 8 + 5 * a * s / (h * 8))));
  CHECK(kept({.tensor = 8, .sequence_parallel = true}) == Approx(sbh / 8 * (34 + 5 * a * s / h)));
  CHECK(kept({.tensor = 8, .recompute = Recompute::selective, .sequence_parallel = true}) ==
        Approx(sbh * 34 / 8));
  CHECK(kept({.recompute = Recompute::full}) == Approx(2 * sbh));
  // One layer at a time comes back whole.
  const MemorySettings full = adam({.micro_batch = 2, .recompute = Recompute::full}, 2);
  CHECK(recomputed_bytes(layer, {{0, 1}}, full) == Approx(sbh * (34 + 5 * a * s / h)));
}

TEST_CASE("Schedules keep as many micro-batches as their order needs") {
  Parallelism p{.pipeline = 8};
  CHECK(micro_batches_in_flight(p, 0, 64) == 8);
  CHECK(micro_batches_in_flight(p, 7, 64) == 1);
  CHECK(micro_batches_in_flight(p, 0, 4) == 4);
  p.schedule = PipelineSchedule::gpipe;
  CHECK(micro_batches_in_flight(p, 7, 64) == 64);
  p.schedule = PipelineSchedule::interleaved;
  p.chunks = 4;
  CHECK(micro_batches_in_flight(p, 0, 64) == Approx(8 * (1 + 7.0 / 32)));
}

TEST_CASE("What does not fit is told what would") {
  const Workload workload = named("bert-large");
  const MemorySettings settings = adam({.data = 8, .micro_batch = 64}, 512);
  const double limit = 16 * 1073741824.0;
  REQUIRE(memory_per_device(workload, settings).total_bytes() > limit);
  const auto fit = nearest_fit(workload, settings, limit);
  REQUIRE(fit);
  CHECK(fit->bytes <= limit);
  CHECK(fit->parallelism.micro_batch < 64);
  const std::string problem = memory_problem(workload, settings, limit);
  CHECK(problem.find("does not fit: needs ") == 0);
  CHECK(problem.find(" of 16.0 GiB (activations ") != std::string::npos);
  CHECK(problem.find("; micro_batch ") != std::string::npos);
  CHECK(problem.substr(problem.size() - 5) == " fits");
  CHECK(memory_problem(workload, adam({.data = 8, .micro_batch = fit->parallelism.micro_batch}, 512), limit)
            .empty());
  CHECK(memory_problem(named("gpt3-1t"), adam({.data = 8, .micro_batch = 1}, 8), limit)
            .find("no micro-batch") != std::string::npos);
}

TEST_CASE("Experts are held by as many ranks as they are divided over and sharded over the others") {
  const Workload workload = named("mixtral-8x7b");
  double experts = 0;
  for (const Layer& layer : workload.layers) experts += layer.repeat * layer.expert_parameters;
  const double dense = parameters(workload) - experts;
  const auto weights = [&](int expert, Sharding sharding) {
    return memory_per_device(workload,
                             adam({.data = 16, .expert = expert, .micro_batch = 1, .sharding = sharding}, 16))
        .parameters_bytes;
  };
  for (const int expert : {1, 2, 8}) {
    CHECK(weights(expert, Sharding::none) == Approx(2 * (dense + experts / expert)));
    CHECK(weights(expert, Sharding::parameters) == Approx(2 * (dense + experts) / 16));
  }
}

TEST_CASE("Lookup tables stay in 32 bits without copies or gradients and are divided over ranks") {
  const Workload workload = named("dlrm");
  double tables = 0;
  for (const Layer& layer : workload.layers) tables += layer.sparse_parameters;
  const double dense = parameters(workload) - tables;
  for (const int expert : {1, 2, 8}) {
    MemorySettings settings = adam({.data = 8, .expert = expert}, 8192);
    settings.optimizer = Optimizer::sgd;
    const MemoryUse use = memory_per_device(workload, settings);
    CHECK(use.parameters_bytes == Approx(2 * dense + 4 * tables / expert));
    CHECK(use.optimizer_bytes == Approx(4 * dense));
    CHECK(use.gradients_bytes == Approx(2 * dense + 4.0 * 1024 * 26 * 128));
  }
}
