// Ways to divide a step, as a scenario names them, and what the program finds by itself.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/parallelism/gradient_sync.h"
#include "models/workload/library.h"
#include "scenarios/build.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

/// BERT-large on 4 × p3.16xlarge, with `more` merged into it.
Result<BuiltExperiment> bert(const json& more) {
  json document = json::parse(R"({
    "name": "bert",
    "workload": {"model": "bert-large", "precision": "fp16", "sequence_length": 128, "global_batch": 512, "samples": 100000},
    "market": {"start": "2024-01-01"},
    "mixes": [{"name": "od", "groups": [{"instance": "p3.16xlarge", "purchase": "on_demand", "count": 4}], "policy": "on_demand"}]})");
  document.merge_patch(more);
  Result<Scenario> scenario = parse_scenario("bert.json", document.dump(), tests::shipped());
  for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(scenario);
  return build_experiment(*scenario.value, tests::shipped());
}

MixDetails details(const json& more) {
  Result<BuiltExperiment> result = bert(more);
  for (const Problem& problem : result.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(result);
  return result.value->details.at(0);
}

models::StepBreakdown step(const json& parallelism, const json& workload = json::object()) {
  const MixDetails found = details({{"parallelism", parallelism}, {"workload", workload}});
  REQUIRE(found.step);
  CHECK(found.step->infeasible_reason == "");
  return *found.step;
}

/// The settings with plain ones for those left out, so that nothing is searched for: 32 devices.
json plain(const json& parallelism, int batch = 512) {
  const int tensor = parallelism.value("tensor", 1), pipeline = parallelism.value("pipeline", 1);
  json all = {{"tensor", tensor},    {"pipeline", pipeline}, {"data", 32 / tensor / pipeline},
              {"recompute", "none"}, {"sharding", "none"},   {"expert", 1}};
  if (pipeline > 1) all["schedule"] = "1f1b";
  if (tensor > 1) all["sequence_parallel"] = false;
  all.merge_patch(parallelism);
  if (!all.contains("micro_batch")) all["micro_batch"] = batch / all["data"].get<int>();
  return all;
}

models::StepBreakdown plain_step(const json& parallelism, const json& workload = json::object()) {
  return step(plain(parallelism, workload.value("global_batch", 512)), workload);
}

MixDetails example(const char* name) {
  const auto file = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "examples" / name;
  return tests::built(load_scenario(file, tests::shipped())).details.at(0);
}

}  // namespace

TEST_CASE("One example each is won by data and tensor and pipeline parallelism with the reason") {
  const MixDetails data = example("data-parallel-wins.json");
  CHECK(data.step->parallelism.data == 16);
  CHECK(data.phases.at(0).why.find("data 16 wins: the model fits on every device, and only gradients are "
                                   "exchanged; the next best, ") == 0);
  const MixDetails tensor = example("tensor-parallel-wins.json");
  CHECK(tensor.step->parallelism.tensor == 8);
  CHECK(tensor.phases.at(0).why.find("stay inside a node") != std::string::npos);
  const MixDetails pipeline = example("pipeline-parallel-wins.json");
  CHECK(pipeline.step->parallelism.pipeline == 8);
  CHECK(pipeline.phases.at(0).why.find("stages hand on nothing but activations") != std::string::npos);
}

TEST_CASE("What the search finds is at least as fast as each way that lost and says what each lost by") {
  for (const char* name :
       {"data-parallel-wins.json", "tensor-parallel-wins.json", "pipeline-parallel-wins.json"}) {
    INFO(name);
    const MixDetails found = example(name);
    const PhaseDetails& phase = found.phases.at(0);
    CHECK(phase.considered > 40);
    REQUIRE_FALSE(phase.runners_up.empty());
    for (const models::Alternative& other : phase.runners_up) {
      REQUIRE(other.step.feasible());
      CHECK(other.step.time_s >= phase.step.time_s);
      CHECK(other.why.find('+') != std::string::npos);
    }
  }
}

TEST_CASE("Among the ways that lost are some that do not fit with how much memory they lack") {
  const MixDetails found = details({{"workload", {{"model", "gpt3-13b"}}}});
  bool some_fits = false, some_does_not = false;
  for (const models::Alternative& other : found.phases.at(0).runners_up) {
    some_fits = some_fits || other.step.feasible();
    if (other.step.feasible()) continue;
    some_does_not = true;
    CHECK(other.why.find("does not fit: needs at least ") == 0);
  }
  CHECK(some_fits);
  CHECK(some_does_not);
}

TEST_CASE("A batch too small for every device to have a sample is why a model is divided") {
  CHECK(example("tensor-parallel-wins.json").phases.at(0).why.find("a batch of 1 is too small for 8") !=
        std::string::npos);
}

TEST_CASE("auto is never slower than a setting that a user could write") {
  const double best_s = details(json::object()).step->time_s;
  for (const char* text :
       {R"({})", R"({"micro_batch": 4})", R"({"tensor": 2})", R"({"pipeline": 2, "micro_batch": 4})",
        R"({"pipeline": 4, "micro_batch": 2, "schedule": "gpipe"})", R"({"sharding": "parameters"})"}) {
    INFO(text);
    CHECK(step(json::parse(text)).time_s >= best_s * (1 - 1e-12));
  }
}

TEST_CASE("A parameter server takes as long as its formula says and more servers are faster") {
  const auto served = [](int servers, bool overlap) {
    return plain_step(
        {{"gradient_sync", {{"kind", "parameter_server"}, {"servers", servers}, {"overlap", overlap}}}});
  };
  const models::StepBreakdown one = served(1, false);
  const double bytes =
      models::parameters(models::find_workload("bert-large", {.sequence_length = 128}).value()) * 2;
  const double formula_s = models::parameter_server_s({.worker_instances = 4,
                                                       .servers = 1,
                                                       .bytes = bytes,
                                                       .instance_bytes_per_s = 25e9 / 8,
                                                       .server_bytes_per_s = 25e9 / 8});
  CHECK(one.communication.gradients_s == Approx(formula_s).epsilon(0.01));
  CHECK(one.exposed_communication_s == Approx(formula_s).epsilon(0.01));
  CHECK(served(4, false).time_s < one.time_s);
  CHECK(served(1, true).time_s < one.time_s);
}

TEST_CASE("Servers of their own spare the workers' adapters and are paid and do not compute") {
  const json served = {{"gradient_sync", {{"kind", "parameter_server"}, {"overlap", false}}}};
  const json workers = {{"instance", "p3.16xlarge"}, {"purchase", "on_demand"}, {"count", 4}};
  const json servers = {
      {"instance", "c5.9xlarge"}, {"purchase", "on_demand"}, {"count", 4}, {"role", "parameter_server"}};
  const json mixes =
      json::array({{{"name", "od"}, {"groups", json::array({workers, servers})}, {"policy", "on_demand"}}});
  Result<BuiltExperiment> result = bert({{"parallelism", served}, {"mixes", mixes}});
  REQUIRE(result);
  const models::StepBreakdown& step = *result.value->details.at(0).step;
  CHECK(step.parallelism.data == 32);
  CHECK(step.parallelism.servers == 4);
  CHECK_FALSE(step.parallelism.servers_on_workers);
  const double bytes =
      models::parameters(models::find_workload("bert-large", {.sequence_length = 128}).value()) * 2;
  const double formula_s = models::parameter_server_s({.worker_instances = 4,
                                                       .servers = 4,
                                                       .bytes = bytes,
                                                       .instance_bytes_per_s = 25e9 / 8,
                                                       .server_bytes_per_s = 12e9 / 8,
                                                       .on_workers = false});
  CHECK(step.communication.gradients_s == Approx(formula_s).epsilon(0.01));
  CHECK(result.value->experiment.mixes.at(0).groups.size() == 2);
}

TEST_CASE("Averaging through a driver costs less in exact proportion to how rare it is") {
  const auto every = [](int steps) {
    return plain_step({{"gradient_sync", {{"kind", "periodic_average"}, {"every", steps}}}});
  };
  const double once_s = every(1).communication.gradients_s;
  CHECK(every(10).communication.gradients_s == Approx(once_s / 10));
  CHECK(every(10).time_s < every(1).time_s);
}

TEST_CASE("Only synchronous workers wait √(2 ln n) deviations for stragglers") {
  const json jitter = {{"step_jitter", 0.05}};
  const json even = json::object();
  const models::StepBreakdown calm = plain_step(json::object()), uneven = plain_step(json::object(), jitter);
  CHECK(uneven.time_s == Approx(calm.time_s + calm.compute_s * 0.05 * std::sqrt(2 * std::log(32))));
  const json synchronous = {{"gradient_sync", {{"kind", "parameter_server"}, {"servers", 4}}}};
  const json asynchronous = {
      {"gradient_sync", {{"kind", "parameter_server"}, {"servers", 4}, {"asynchronous", true}}}};
  CHECK(plain_step(synchronous, jitter).time_s > plain_step(synchronous, even).time_s);
  CHECK(plain_step(asynchronous, jitter).time_s == plain_step(asynchronous, even).time_s);
}

TEST_CASE("Each stage of sharding holds less by what it shards") {
  const auto memory = [](const char* sharding) { return plain_step({{"sharding", sharding}}).memory; };
  const models::MemoryUse none = memory("none"), optimizer = memory("optimizer"),
                          gradients = memory("gradients"), parameters = memory("parameters");
  CHECK(optimizer.optimizer_bytes == Approx(none.optimizer_bytes / 32));
  CHECK(optimizer.gradients_bytes == none.gradients_bytes);
  CHECK(gradients.gradients_bytes == Approx(none.gradients_bytes / 32));
  CHECK(gradients.parameters_bytes == none.parameters_bytes);
  CHECK(parameters.parameters_bytes == Approx(none.parameters_bytes / 32));
}

TEST_CASE("Sequence parallelism divides activations that tensor parallelism alone does not") {
  const models::StepBreakdown alone = plain_step({{"tensor", 4}});
  const models::StepBreakdown both = plain_step({{"tensor", 4}, {"sequence_parallel", true}});
  CHECK(both.memory.activations_bytes < alone.memory.activations_bytes);
  CHECK(alone.communication.in_layers_s > 0);
}

TEST_CASE("Interleaving shortens the bubble and GPipe keeps more activations and uneven stages take longer") {
  const auto with = [](const char* schedule, int pipeline) {
    return plain_step({{"pipeline", pipeline}, {"micro_batch", 4}, {"schedule", schedule}});
  };
  const models::StepBreakdown plain = with("1f1b", 4), interleaved = with("interleaved", 4),
                              gpipe = with("gpipe", 4);
  CHECK(interleaved.bubble_s < plain.bubble_s);
  CHECK(gpipe.memory.activations_bytes > plain.memory.activations_bytes);
  // 24 layers over 16 stages: eight of them hold two.
  const double even_s = with("1f1b", 8).compute_s, uneven_s = with("1f1b", 16).compute_s;
  CHECK(uneven_s > even_s * 1.15);
}

TEST_CASE("Experts are shared among data-parallel ranks for all-to-alls in every layer") {
  const json mixture = {
      {"layers", json::array({{{"kind", "embedding"}, {"vocabulary", 32000}, {"hidden", 1024}},
                              {{"kind", "transformer"},
                               {"hidden", 1024},
                               {"heads", 16},
                               {"experts", 8},
                               {"experts_per_token", 2},
                               {"repeat", 4}},
                              {{"kind", "head"}, {"vocabulary", 32000}}})}};
  const json workload = {{"model", mixture}};
  const models::StepBreakdown whole = plain_step({{"expert", 1}}, workload),
                              shared = plain_step({{"expert", 8}}, workload);
  CHECK(whole.communication.in_layers_s == 0);
  CHECK(shared.communication.in_layers_s > 0);
  CHECK(shared.memory.parameters_bytes < whole.memory.parameters_bytes / 2);
}

TEST_CASE("Devices of different speed finish sooner when they share in proportion") {
  const json mixes =
      json::array({{{"name", "both"},
                    {"groups", json::array({{{"instance", "p3.16xlarge"}, {"purchase", "on_demand"}},
                                            {{"instance", "g4dn.12xlarge"}, {"purchase", "on_demand"}}})},
                    {"policy", "on_demand"}}});
  const auto shares = [&](const char* kind) {
    return *details({{"mixes", mixes},
                     {"workload",
                      {{"model", "resnet50"},
                       {"sequence_length", nullptr},
                       {"global_batch", 576},
                       {"shares", kind}}}})
                .samples_per_s;
  };
  CHECK(shares("proportional") > 1.2 * shares("equal"));
}

TEST_CASE("What does not fit says what it needs and which setting would do") {
  const MixDetails whole =
      details({{"parallelism", plain(json::object(), 8192)}, {"workload", {{"global_batch", 8192}}}});
  REQUIRE(whole.step);
  const std::string& reason = whole.step->infeasible_reason;
  CHECK(reason.find("does not fit: needs ") == 0);
  CHECK(reason.find(" of 16.0 GiB (activations ") != std::string::npos);
  CHECK(reason.find("; micro_batch ") != std::string::npos);
  const std::size_t number = reason.find("micro_batch ") + 12;
  const int micro_batch = std::stoi(reason.substr(number));
  CHECK(plain_step({{"micro_batch", micro_batch}}, {{"global_batch", 8192}}).memory.total_bytes() <
        16 * 1073741824.0);
}

TEST_CASE("A precision that a device has no units for is warned of with the nearest that it has") {
  const Result<BuiltExperiment> bf16 = bert({{"workload", {{"precision", "bf16"}}}});
  REQUIRE(bf16);
  REQUIRE(bf16.warnings.size() == 1);
  CHECK(bf16.warnings[0].where == "workload.precision");
  CHECK(bf16.warnings[0].message ==
        "V100-SXM2-16GB has no units for bf16 and computes in fp32; the nearest that it has is \"fp16\"");
  CHECK(bert(json::object()).warnings.empty());
}

TEST_CASE("The stages of a pipeline hold as many layers as the scenario gives them") {
  const json even{{"data", 8}, {"pipeline", 4}, {"micro_batch", 4}};
  json uneven = even;
  uneven["stage_layers"] = {3, 3, 6, 12};
  CHECK(plain_step(uneven).parallelism.stage_layers == std::vector{3, 3, 6, 12});
  CHECK(plain_step(uneven).time_s > plain_step(even).time_s);
  CHECK(plain_step(uneven).bubble_s > plain_step(even).bubble_s);  // the others wait for the stage of twelve
}

TEST_CASE("A published training program takes longer than its kernels and one that nobody measured says so") {
  const json here = plain(json::object());
  const double eager_s = step(here).compute_s;
  const double program_s = step(here, {{"software", "pytorch"}}).compute_s;
  CHECK(program_s > eager_s);
  CHECK(program_s < 1.6 * eager_s);
  // MLPerf's is captured: only its kernels are slower, not its host.
  CHECK(step(here, {{"software", "mlperf"}}).time_s > step(here, {{"software", "captured"}}).time_s);

  const auto warnings_of = [](const char* software) {
    std::string text;
    for (const Problem& warning : bert({{"workload", {{"software", software}}}}).warnings) {
      if (warning.where == "workload.software") text += warning.message;
    }
    return text;
  };
  CHECK(warnings_of("pytorch") == "");
  CHECK(warnings_of("paddle") ==
        "PaddlePaddle's program for \"bert-large half\" on volta was not measured, its kernels take the "
        "profiles' times; none was there");
}

TEST_CASE("What is left out of parallelism is searched for") {
  const MixDetails sharded = details({{"parallelism", {{"sharding", "parameters"}}}});
  CHECK(sharded.step->parallelism.sharding == models::Sharding::parameters);
  CHECK(sharded.phases.at(0).considered > 10);
  const MixDetails cut = details({{"parallelism", {{"pipeline", 4}}}});
  CHECK(cut.step->parallelism.pipeline == 4);
  CHECK(cut.step->time_s <= plain_step({{"pipeline", 4}}).time_s);
  CHECK(details({{"parallelism", {{"recompute", "full"}}}}).step->parallelism.recompute ==
        models::Recompute::full);
  CHECK(details({{"parallelism", {{"tensor", 8}, {"sequence_parallel", true}}}})
            .step->parallelism.sequence_parallel);
  CHECK(details({{"parallelism", plain(json::object())}}).phases.at(0).considered == 1);
}

TEST_CASE("A model that fits only when it is divided trains with one setting given") {
  const json large = {{"model", "gpt3-13b"}, {"global_batch", 64}};
  for (const char* setting : {R"({"sharding": "optimizer"})", R"({"micro_batch": 1})",
                              R"({"schedule": "1f1b"})", R"({"sequence_parallel": true})"}) {
    INFO(setting);
    const MixDetails found = details({{"workload", large}, {"parallelism", json::parse(setting)}});
    CHECK(found.step->infeasible_reason == "");
    CHECK(devices(found.step->parallelism) == 32);
  }
}

TEST_CASE("The layers of stages say how many stages there are and chunks make the schedule interleaved") {
  const MixDetails staged = details({{"parallelism", {{"stage_layers", {5, 6, 7, 6}}}}});
  CHECK(staged.step->parallelism.pipeline * staged.step->parallelism.chunks == 4);
  const MixDetails chunked = details({{"parallelism", {{"pipeline", 2}, {"chunks", 2}}}});
  CHECK(chunked.step->parallelism.schedule == models::PipelineSchedule::interleaved);
}
