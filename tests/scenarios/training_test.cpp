// What a scenario trains: models from files and lists, phases, and targets.
#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/convergence/convergence.h"
#include "models/workload/library.h"
#include "scenarios/experiment/workload.h"
#include "scenarios/importers/huggingface_config.h"
#include "sim/batch/batch.h"
#include "tests/scenarios/small_scenario.h"
#include "tests/scratch.h"
#include "tests/shipped.h"

using namespace spotmix;
using namespace spotmix::scenarios;
using nlohmann::json;

namespace {

/// On one p3.16xlarge at a fixed price.
Result<Scenario> scenario_of(const json& workload) {
  json document = json::parse(R"({
    "name": "training",
    "market": {"start": "2024-01-01"},
    "mixes": [{"name": "od", "groups": [{"instance": "p3.16xlarge", "purchase": "on_demand"}], "policy": "on_demand"}]})");
  document["workload"] = workload;
  return parse_scenario("training.json", document.dump(), tests::shipped());
}

models::Workload workload_of(const json& workload) {
  const Result<Scenario> scenario = scenario_of(workload);
  for (const Problem& problem : scenario.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(scenario);
  return scenarios::workload_of(*scenario.value, sizes_of(scenario.value->workload)).value.value();
}

json listed(const json& layers) {
  return {{"model", {{"layers", layers}}}, {"precision", "fp16"}, {"global_batch", 64}, {"samples", 1000}};
}

/// The config.json in a scratch file, as a model.
double parameters_of(const json& config) {
  const tests::Scratch scratch;
  const auto file = scratch.write("config.json", config.dump());
  const json workload = {{"model", {{"huggingface", file.string()}}},
                         {"precision", "fp16"},
                         {"global_batch", 64},
                         {"samples", 1000}};
  return models::parameters(workload_of(workload));
}

BuiltExperiment built(const json& workload) {
  return tests::built(scenario_of(workload));
}

}  // namespace

TEST_CASE("A config.json under each family's own names makes the model that its card counts") {
  CHECK(parameters_of({{"model_type", "gpt2"},
                       {"n_embd", 768},
                       {"n_layer", 12},
                       {"n_head", 12},
                       {"n_positions", 1024},
                       {"n_ctx", 1024},
                       {"vocab_size", 50257},
                       {"activation_function", "gelu_new"},
                       {"attn_pdrop", 0.1},
                       {"task_specific_params", {{"text-generation", {{"do_sample", true}}}}}}) ==
        124'439'808);
  CHECK(parameters_of({{"model_type", "llama"},
                       {"hidden_size", 4096},
                       {"intermediate_size", 14336},
                       {"num_hidden_layers", 32},
                       {"num_attention_heads", 32},
                       {"num_key_value_heads", 8},
                       {"max_position_embeddings", 8192},
                       {"rope_theta", 500000.0},
                       {"rope_scaling", nullptr},
                       {"tie_word_embeddings", false},
                       {"torch_dtype", "bfloat16"},
                       {"vocab_size", 128256}}) == 8'030'261'248);
  CHECK(parameters_of({{"model_type", "mixtral"},
                       {"hidden_size", 4096},
                       {"intermediate_size", 14336},
                       {"num_hidden_layers", 32},
                       {"num_attention_heads", 32},
                       {"num_key_value_heads", 8},
                       {"num_local_experts", 8},
                       {"num_experts_per_tok", 2},
                       {"max_position_embeddings", 32768},
                       {"sliding_window", nullptr},
                       {"router_aux_loss_coef", 0.02},
                       {"vocab_size", 32000}}) == 46'702'792'704);
  CHECK(parameters_of({{"model_type", "bert"},
                       {"hidden_size", 768},
                       {"intermediate_size", 3072},
                       {"num_hidden_layers", 12},
                       {"num_attention_heads", 12},
                       {"max_position_embeddings", 512},
                       {"type_vocab_size", 2},
                       {"hidden_dropout_prob", 0.1},
                       {"vocab_size", 30522}}) == Approx(110e6).epsilon(0.015));
  CHECK(parameters_of({{"model_type", "t5"},
                       {"d_model", 768},
                       {"d_ff", 3072},
                       {"d_kv", 64},
                       {"num_layers", 12},
                       {"num_decoder_layers", 12},
                       {"num_heads", 12},
                       {"n_positions", 512},
                       {"feed_forward_proj", "relu"},
                       {"relative_attention_num_buckets", 32},
                       {"vocab_size", 32128}}) == Approx(222.9e6).epsilon(0.01));
}

TEST_CASE("A sequence longer than the positions of a config.json is warned of") {
  const json config = {{"model_type", "llama"},    {"hidden_size", 64},  {"num_hidden_layers", 2},
                       {"num_attention_heads", 4}, {"vocab_size", 1000}, {"max_position_embeddings", 8192}};
  const tests::Scratch scratch;
  const auto file = scratch.write("config.json", config.dump());
  const auto warnings = [&](int sequence_length) {
    const Result<Scenario> scenario = scenario_of({{"model", {{"huggingface", file.string()}}},
                                                   {"precision", "fp16"},
                                                   {"sequence_length", sequence_length},
                                                   {"global_batch", 64},
                                                   {"samples", 1000}});
    REQUIRE(scenario);
    const Result<BuiltExperiment> result = build_experiment(*scenario.value, tests::shipped());
    REQUIRE(result);
    return result.warnings;
  };
  CHECK(warnings(8192).empty());
  const Problems said = warnings(16384);
  REQUIRE(said.size() == 1);
  CHECK(said[0].where == "workload.sequence_length");
  CHECK(said[0].message ==
        "16384 tokens are more than the 8192 positions that config.json has "
        "(max_position_embeddings)");
}

TEST_CASE("Assumptions about a config.json are reported with the resulting parameter count") {
  const tests::Scratch scratch;
  const auto file = scratch.write("config.json", json({{"model_type", "llama"},
                                                       {"hidden_size", 2048},
                                                       {"intermediate_size", 8192},
                                                       {"num_hidden_layers", 16},
                                                       {"num_attention_heads", 32},
                                                       {"num_key_value_heads", 8},
                                                       {"vocab_size", 128256},
                                                       {"tie_word_embeddings", true},
                                                       {"max_position_embeddings", 131072},
                                                       {"house_style", "b"}})
                                                     .dump());
  json workload = {{"model", {{"huggingface", file.string()}}},
                   {"precision", "fp16"},
                   {"fused_attention", true},
                   {"global_batch", 8},
                   {"samples", 1000}};
  const Result<BuiltExperiment> result = build_experiment(*scenario_of(workload).value, tests::shipped());
  REQUIRE(result);
  REQUIRE(result.warnings.size() == 2);
  CHECK(to_line(result.warnings[0]) ==
        file.string() +
            ": no family reads \"house_style\" as a size, and spotmix passes over it; the model has "
            "1.23581 B parameters");
  CHECK(to_line(result.warnings[1]) ==
        "training.json: workload.sequence_length: missing; 8192 tokens are assumed: "
        "max_position_embeddings is 131072, and no more than 8192 are assumed (config.json)");
  const auto& sources = result.value->details[0].sources;
  CHECK(std::any_of(sources.begin(), sources.end(), [](const models::Source& source) {
    return source.figure == "sequence length" && source.kind == models::SourceKind::assumed &&
           source.from == "8192 tokens";
  }));
  workload["sequence_length"] = 8192;
  CHECK(build_experiment(*scenario_of(workload).value, tests::shipped()).warnings.size() == 1);
}

TEST_CASE("A list of layers is the model that its layers make") {
  const models::Workload perceptron =
      workload_of(listed(json::array({{{"kind", "linear"}, {"in", 784}, {"out", 512}, {"activation", true}},
                                      {{"kind", "linear"}, {"out", 512}, {"activation", true}, {"repeat", 2}},
                                      {{"kind", "linear"}, {"out", 10}}})));
  CHECK(models::parameters(perceptron) == 785 * 512 + 2 * 513 * 512 + 513 * 10);
  CHECK(models::forward_flop(perceptron) == 2 * (784 * 512 + 2 * 512 * 512 + 512 * 10));

  const models::Workload convolutions = workload_of(
      listed(json::array({{{"kind", "convolution"}, {"out_channels", 64}, {"kernel", 7}, {"stride", 2}},
                          {{"kind", "pooling"}, {"out_size", 56}},
                          {{"kind", "convolution"}, {"out_channels", 64}, {"kernel", 3}, {"repeat", 2}},
                          {{"kind", "pooling"}, {"out_size", 1}},
                          {{"kind", "linear"}, {"out", 1000}}})));
  CHECK(convolutions.image_size == 224);
  CHECK(models::parameters(convolutions) == 64 * 3 * 49 + 128 + 2 * (64 * 64 * 9 + 128) + 65 * 1000);

  json gpt2 = listed(json::array({{{"kind", "embedding"}, {"vocabulary", 50257}, {"hidden", 768}},
                                  {{"kind", "transformer"}, {"hidden", 768}, {"heads", 12}, {"repeat", 12}},
                                  {{"kind", "head"}, {"vocabulary", 50257}, {"tied", true}}}));
  gpt2["sequence_length"] = 1024;
  const models::Workload language = workload_of(gpt2);
  CHECK(language.sequence_length == 1024);
  CHECK(models::layer_count(language) == 14);
  // GPT-2 but for its 1,024 learned positions.
  CHECK(models::parameters(language) == 124'439'808 - 1024 * 768);

  const models::Workload recurrent =
      workload_of(listed(json::array({{{"kind", "lstm"}, {"in", 100}, {"hidden", 200}}})));
  CHECK(models::parameters(recurrent) == 4 * 200 * (100 + 200) + 8 * 200);
}

TEST_CASE("A listed model trains as its equal of the library does") {
  json listed_bert = listed(json::array(
      {{{"kind", "embedding"}, {"vocabulary", 30522}, {"hidden", 1024}},
       {{"kind", "transformer"}, {"hidden", 1024}, {"heads", 16}, {"causal", false}, {"repeat", 24}}}));
  listed_bert["sequence_length"] = 128;
  const json named = {{"model", "bert-large"},
                      {"precision", "fp16"},
                      {"sequence_length", 128},
                      {"global_batch", 64},
                      {"samples", 1000}};
  const double ratio = *built(listed_bert).details[0].samples_per_s / *built(named).details[0].samples_per_s;
  CHECK(ratio > 1.0);  // without the head
  CHECK(ratio < 1.2);
}

TEST_CASE("Phases take as long as their steps one after the other") {
  const auto phase = [](int epochs, int size, int batch) {
    return json{{"epochs", epochs}, {"image_size", size}, {"global_batch", batch}};
  };
  const auto with = [](json phases) {
    return built({{"model", "resnet50"},
                  {"precision", "fp16"},
                  {"samples_per_epoch", 1281167},
                  {"phases", std::move(phases)}});
  };
  const BuiltExperiment grown = with(json::array({phase(14, 128, 2048), phase(11, 224, 1024)}));
  const MixDetails& details = grown.details[0];
  REQUIRE(details.phases.size() == 2);
  CHECK(details.phases[0].image_size == 128);
  CHECK(details.phases[1].global_batch == 1024);
  double time_s = 0;
  for (const PhaseDetails& part : details.phases)
    time_s += std::ceil(*part.samples / part.global_batch) * part.step.time_s;
  CHECK(to_seconds(grown.experiment.mixes[0].work) == Approx(time_s));
  const BuiltExperiment whole = with(json::array({phase(25, 224, 1024)}));
  CHECK(grown.experiment.mixes[0].work < whole.experiment.mixes[0].work);
}

TEST_CASE("A target takes what its convergence curve says of the batch") {
  const auto with = [](int batch) {
    return built(
        {{"model", "resnet50"}, {"precision", "fp16"}, {"global_batch", batch}, {"target", "75.9 % Top-1"}});
  };
  const models::ConvergenceCurve& curve = *models::find_convergence("resnet");
  for (const int batch : {1664, 4096}) {
    const BuiltExperiment found = with(batch);
    const double samples = models::training_need(curve, batch).amount * 1281167;
    CHECK(to_seconds(found.experiment.mixes[0].work) == Approx(samples / *found.details[0].samples_per_s));
    CHECK(found.experiment.mixes[0].work_spread == Approx(curve.run_spread));
    const auto& sources = found.details[0].sources;
    CHECK(std::any_of(sources.begin(), sources.end(), [](const models::Source& source) {
      return source.figure == "amount of training" &&
             source.citation.find("reference convergence points of resnet") != std::string::npos;
    }));
  }
  const Result<BuiltExperiment> small = build_experiment(
      *scenario_of(
           {{"model", "resnet50"}, {"precision", "fp16"}, {"global_batch", 256}, {"target", "75.9% top-1"}})
           .value,
      tests::shipped());
  REQUIRE(small);
  REQUIRE(small.warnings.size() == 1);
  CHECK(small.warnings[0].message.find("is extrapolated") != std::string::npos);
}

TEST_CASE("A target may bring its own amount: at the critical batch it takes twice as much") {
  const auto with = [](int batch) {
    return built({{"model", "resnet50"},
                  {"precision", "fp16"},
                  {"global_batch", batch},
                  {"samples_per_epoch", 1000000},
                  {"target", {{"quality", "my own"}, {"epochs", 10}, {"critical_batch", 1024}}}});
  };
  const BuiltExperiment critical = with(1024);
  CHECK(to_seconds(critical.experiment.mixes[0].work) * *critical.details[0].samples_per_s == Approx(20e6));
}

TEST_CASE("Runs to a target vary by replication with the given spread and alike for all mixes") {
  json document = json::parse(R"({
    "name": "spread",
    "workload": {"samples_per_epoch": 1000, "target": {"epochs": 360, "spread": 0.05}, "global_batch": 10,
                 "samples_per_s": [{"cluster": {"p3.2xlarge": 1}, "samples_per_s": 100, "source": "assumed"},
                                   {"cluster": {"p3.2xlarge": 2}, "samples_per_s": 200, "source": "assumed"}]},
    "market": {"start": "2024-01-01"},
    "mixes": [{"name": "one", "groups": [{"instance": "p3.2xlarge", "purchase": "on_demand"}], "policy": "on_demand", "launch": {"boot_s": 0}},
              {"name": "two", "groups": [{"instance": "p3.2xlarge", "purchase": "on_demand", "count": 2}], "policy": "on_demand", "launch": {"boot_s": 0}}],
    "replications": 4000})");
  BuiltExperiment spread = tests::built(parse_scenario("spread.json", document.dump(), tests::shipped()));
  sim::BatchOptions options;
  options.keep_replications = true;
  const sim::BatchResult result = sim::run_batch(spread.experiment, options);
  CHECK(result.mixes[0].time_to_train_s->mean == Approx(3600).epsilon(0.005));
  CHECK(result.mixes[0].time_to_train_s->stddev == Approx(180).epsilon(0.05));
  // The same draw: two instances take half as long in every replication, up to a rounded nanosecond.
  CHECK(result.mixes[1].time_to_train_s->stddev ==
        Approx(result.mixes[0].time_to_train_s->stddev.value() / 2).epsilon(1e-6));
}
