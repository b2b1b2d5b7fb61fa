// What a planner types first: new, examples, catalog --models, validate, and diff of two results.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;

namespace {

Ran in(const Scratch& folder, const std::vector<std::string>& arguments) {
  return run_spotmix(arguments, folder / "");
}

/// Llama 3 70B on one p4d, which does not hold it, and on two p5, which do.
json large_model() {
  return json::parse(R"({
    "name": "large",
    "workload": {"model": "llama3-70b", "precision": "bf16", "sequence_length": 4096, "fused_attention": true,
                 "global_batch": 128, "samples": 10000},
    "market": {},
    "mixes": [{"name": "one p4d", "groups": [{"instance": "p4d.24xlarge", "purchase": "on_demand", "count": 1}]},
              {"name": "two p5", "groups": [{"instance": "p5.48xlarge", "purchase": "on_demand", "count": 2}]}]})");
}

}  // namespace

TEST_CASE("spotmix new writes a scenario that runs as it stands and says what it assumes") {
  const Scratch folder;
  const Ran made =
      in(folder, {"new", "--model", "llama3-8b", "--tokens", "2e9", "--deadline", "72h", "--budget", "5000"});
  INFO(made.err);
  REQUIRE(made.exit_code == 0);
  CHECK(made.out == "llama3-8b.json: written; spotmix run llama3-8b.json simulates it\n");
  CHECK(made.err.find("spot prices are assumed: on demand less 60%") != std::string::npos);
  const json scenario = json::parse(file_text(folder / "llama3-8b.json").value_or("null"));
  CHECK(scenario["workload"]["tokens"] == 2e9);
  CHECK(scenario["deadline_h"] == 72);
  CHECK(scenario["description"].get<std::string>().find("Spot prices are assumed") != std::string::npos);
  CHECK(scenario["mixes"].size() >= 4);
  const Ran ran = in(folder, {"run", "llama3-8b.json", "--replications", "20", "--format", "json"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  bool someone_is_on_time = false;
  const json result = json::parse(ran.out);
  for (const json& mix : result["mixes"])
    someone_is_on_time = someone_is_on_time || mix["on_time_probability"] == 1.0;
  CHECK(someone_is_on_time);
  CHECK(in(folder, {"new", "--model", "llama3-8b", "--tokens", "2e9"}).exit_code == 2);  // it is there
}

TEST_CASE("spotmix new takes a model from a Hugging Face config and counts images for image models") {
  const Scratch folder;
  folder.write("config.json", R"({"model_type": "llama", "hidden_size": 2048, "intermediate_size": 5632,
    "num_attention_heads": 32, "num_key_value_heads": 4, "num_hidden_layers": 22, "vocab_size": 32000,
    "max_position_embeddings": 2048})");
  REQUIRE(in(folder, {"new", "--from", "config.json", "--tokens", "1e9", "--out", "tiny.json"}).exit_code ==
          0);
  CHECK(in(folder, {"validate", "tiny.json", "--quiet"}).out == "tiny.json: valid\n");
  const Ran images = in(folder, {"new", "--model", "resnet50", "--samples", "1e8", "--out", "-"});
  REQUIRE(images.exit_code == 0);
  CHECK(json::parse(images.out)["workload"]["samples"] == 1e8);
  const Ran tokens = in(folder, {"new", "--model", "resnet50", "--tokens", "1e9"});
  CHECK(tokens.exit_code == 2);
  CHECK(tokens.err.find("workload.tokens: found 1e+09, expected \"samples\"") != std::string::npos);
}

TEST_CASE("spotmix examples lists the shipped scenarios and copies one with its data") {
  const Scratch folder;
  const Ran listed = in(folder, {"examples"});
  CHECK(listed.exit_code == 0);
  CHECK(listed.out.find("nine-zone-p3\n    ResNet-50, 140 epochs") != std::string::npos);
  const Ran copied = in(folder, {"examples", "nine-zone-p3", "--out", "mine"});
  INFO(copied.err);
  REQUIRE(copied.exit_code == 0);
  CHECK(in(folder, {"validate", "mine/nine-zone-p3.json", "--quiet"}).exit_code == 0);
  CHECK(in(folder, {"examples", "nine-zone"}).err.find("did you mean \"nine-zone-p3\"?") !=
        std::string::npos);
}

TEST_CASE("catalog --models lists the models and the message for an unknown one points to it") {
  const Ran listed = run_spotmix({"catalog", "--models", "llama", "--format", "json"});
  REQUIRE(listed.exit_code == 0);
  const json list = json::parse(listed.out);
  for (const json& model : list["models"]) {
    CHECK(model["model"].get<std::string>().find("llama") != std::string::npos);
    CHECK(model["parameters"] > 1e9);
  }
  const Ran unknown = run_spotmix(
      {"validate", (kExamples / "nine-zone-p3.json").string(), "--set", "workload.model=resnet5000"});
  CHECK(unknown.err.find("`spotmix catalog --models` lists all") != std::string::npos);
}

TEST_CASE("The option --reps is met with --replications") {
  const Ran ran = run_spotmix({"run", (kExamples / "nine-zone-p3.json").string(), "--reps", "5"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err ==
        "spotmix: run: found \"--reps\", which is no option of it; did you mean \"--replications\"?\n");
}

TEST_CASE("validate says which mixes cannot train and exits with 3 if none can") {
  const Scratch folder;
  folder.write("some.json", large_model().dump());
  const Ran some = in(folder, {"validate", "some.json"});
  CHECK(some.exit_code == 0);
  CHECK(some.out == "some.json: valid\n");
  CHECK(some.err.find("warning: some.json: mixes[0]: one p4d cannot train: does not fit") !=
        std::string::npos);
  json none = large_model();
  none["mixes"].erase(1);
  folder.write("none.json", none.dump());
  const Ran refused = in(folder, {"validate", "none.json"});
  CHECK(refused.exit_code == 3);
  CHECK(refused.out == "none.json: valid, but no mix can train\n");
}

TEST_CASE("run exits with 3 after its reports if no mix can train and with 0 if one can") {
  const Scratch folder;
  folder.write("some.json", large_model().dump());
  const Ran some = in(folder, {"run", "some.json", "--format", "json"});
  CHECK(some.exit_code == 0);
  CHECK(some.err.find("warning: large: one p4d cannot train") != std::string::npos);
  json none = large_model();
  none["mixes"].erase(1);
  folder.write("none.json", none.dump());
  const Ran refused = in(folder, {"run", "none.json", "--out", "r", "--formats", "json", "--quiet"});
  CHECK(refused.exit_code == 3);
  CHECK(std::filesystem::exists(folder / "r" / "result.json"));
}

TEST_CASE("Thresholds leave out exceptions and reference mixes and hold for the verdict's mix") {
  const Scratch folder;
  const auto exit_code = [&](const json& thresholds, bool reference) {
    json scenario = large_model();
    scenario["thresholds"] = thresholds;
    if (reference) scenario["mixes"][0]["reference"] = true;
    folder.write("limits.json", scenario.dump());
    return in(folder, {"run", "limits.json"}).exit_code;
  };
  CHECK(exit_code({{"cost_usd.p95", {"< 1e6"}}}, false) == 3);  // one p4d has no cost
  CHECK(exit_code({{"cost_usd.p95", {"< 1e6"}}}, true) == 0);
  CHECK(exit_code({{"cost_usd.p95", {{"limits", {"< 1e6"}}, {"except", {"one p4d"}}}}}, false) == 0);
  CHECK(exit_code({{"best.cost_usd.p95", {"< 1e6"}}}, false) == 0);
  CHECK(exit_code({{"best.cost_usd.p95", {"< 1"}}}, false) == 3);
  CHECK(exit_code({{"best.finished", {">= 0.95"}}}, false) == 0);
  CHECK(exit_code({{"cost_usd.p95", {{"limits", {"< 1e6"}}, {"except", {"one p4"}}}}}, false) == 2);
  CHECK(exit_code({{"best.cost_usd.p95", {{"limits", {"< 1"}}, {"except", {"one p4d"}}}}}, false) == 2);
}

TEST_CASE("The rates that people check first are in JSON and explain") {
  const Scratch folder;
  folder.write("large.json", large_model().dump());
  const json mixes = json::parse(in(folder, {"run", "large.json", "--format", "json"}).out)["mixes"];
  CHECK(mixes[0]["rates"].is_null());
  const json& mix = mixes[1];
  const json& rates = mix["rates"];
  CHECK(rates["tokens_per_s"] == Approx(4096 * mix["step"]["samples_per_s"].get<double>()));
  CHECK(rates["mfu"] > 0.1);
  CHECK(rates["mfu"] < 0.8);
  CHECK(rates["hfu"] >= rates["mfu"]);
  CHECK(rates["model_tflop_per_s_per_device"] == Approx(989.4 * rates["mfu"].get<double>()).epsilon(0.01));
  CHECK(rates["usd_per_million_samples"] == Approx(mix["cost_usd"]["mean"].get<double>() * 100));
  CHECK(rates["usd_per_million_tokens"] == Approx(rates["usd_per_million_samples"].get<double>() / 4096));
  CHECK(rates["device_hours"] > 16 * 10000 / mix["step"]["samples_per_s"].get<double>() / 3600 * 0.99);
  const std::string table = in(folder, {"explain", "large.json"}).out;
  for (const char* label : {"tokens per second", "model TFLOP/s per device", "of peak (MFU)"})
    CHECK(table.find(label) != std::string::npos);
}

TEST_CASE("An amount in tokens trains as many samples as sequences of the model hold them") {
  const Scratch folder;
  const auto cost = [&](const json& workload) {
    json scenario = large_model();
    scenario["workload"].merge_patch(workload);
    folder.write("amount.json", scenario.dump());
    const Ran ran = in(folder, {"run", "amount.json", "--format", "json"});
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    return json::parse(ran.out)["mixes"][1]["cost_usd"]["mean"].get<double>();
  };
  CHECK(cost({{"samples", nullptr}, {"tokens", 4096 * 10000}}) == cost(json::object()));
}

TEST_CASE("diff tells what changed in dollars and which inputs differ") {
  const Scratch folder;
  folder.write("a.json", large_model().dump());
  json dearer = large_model();
  dearer["workload"]["samples"] = 20000;
  folder.write("b.json", dearer.dump());
  for (const char* name : {"a", "b"})
    REQUIRE(in(folder, {"run", std::string(name) + ".json", "--out", name, "--quiet"}).exit_code == 0);
  const Ran table = in(folder, {"diff", "a/result.json", "b/result.json"});
  CHECK(table.exit_code == 0);
  CHECK(table.out.find("The winner is still two p5; the best cost went from $") != std::string::npos);
  CHECK(table.out.find("workload.samples: 10000 → 20000") != std::string::npos);
  const json difference =
      json::parse(in(folder, {"diff", "a/result.json", "b/result.json", "--format", "json"}).out);
  const json& scenario = difference["scenarios"][0];
  CHECK(scenario["winner"]["changed"] == false);
  CHECK(scenario["inputs"][0]["name"] == "workload.samples");
  CHECK(scenario["mixes"][1]["cost_usd"]["after"] > scenario["mixes"][1]["cost_usd"]["before"]);
  CHECK(in(folder, {"diff", "a/result.json", "none.json"}).exit_code == 2);
}

TEST_CASE("The table is as wide as COLUMNS says where nobody watches") {
  const std::string file = (kExamples / "nine-zone-p3.json").string();
  const auto longest = [&](const char* columns) {
    columns == nullptr ? ::unsetenv("COLUMNS") : ::setenv("COLUMNS", columns, 1);
    const Ran ran = run_spotmix({"run", file, "--replications", "20"});
    ::unsetenv("COLUMNS");
    return ran.out;
  };
  CHECK(longest("140").find("time p95") != std::string::npos);
  CHECK(longest(nullptr).find("time p95") == std::string::npos);
  CHECK(longest("nonsense") == longest(nullptr));
}

TEST_CASE("The demo's table shows the 95th percentile of the cost at 80 columns") {
  ::unsetenv("COLUMNS");
  const Ran ran = run_spotmix({"run", (kExamples / "nine-zone-p3.json").string(), "--replications", "20"});
  CHECK(ran.out.find("cost p95") != std::string::npos);
}

TEST_CASE("The summary of a batch is for people who watch unless it is asked for") {
  const std::string folder = kExamples.string();
  const std::vector<std::string> two = {"run", (kExamples / "cpu-c5-m5.json").string(),
                                        (kExamples / "processors-c5-m5.json").string(), "--replications",
                                        "2"};
  CHECK(run_spotmix(two).err.find("scenarios simulated") == std::string::npos);
  std::vector<std::string> asked = two;
  asked.emplace_back("--summary");
  CHECK(run_spotmix(asked).err.find("2 of 2 scenarios simulated") != std::string::npos);
}

TEST_CASE("Warnings that differ only in their place are one line with a count") {
  const Scratch folder;
  const json mix = json::parse(R"({"groups": [{"instance": "p3.2xlarge", "count": 2}],
                                   "recovery": {"checkpoint": {"size_gb": 1}}})");
  json scenario = json::parse(R"({
    "name": "warned", "workload": {"samples": 3600, "samples_per_s": [
      {"cluster": {"p3.2xlarge": 2}, "samples_per_s": 1, "source": "assumed"}]},
    "market": {"start": "2023-03-01", "pools": [{"instance": "p3.2xlarge", "zone": "us-east-1a", "spot_usd_per_h": 1},
                                                {"instance": "p3.2xlarge", "zone": "us-east-1b", "spot_usd_per_h": 1}]},
    "mixes": []})");
  for (const char* name : {"a", "b", "c"}) {
    scenario["mixes"].push_back(mix);
    scenario["mixes"].back()["name"] = name;
  }
  folder.write("warned.json", scenario.dump());
  const Ran ran = in(folder, {"validate", "warned.json"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err.find("(workload.gradient_gb gives it) (and 2 more: mixes[1], mixes[2])") !=
        std::string::npos);
}

TEST_CASE("A model that is not known is one message however many mixes train it") {
  const Ran ran = run_spotmix(
      {"validate", (kExamples / "elastic-three-zones.json").string(), "--set", "workload.model=nothing"});
  CHECK(ran.exit_code == 2);
  CHECK(line_count(ran.err) == 1);
}

TEST_CASE(
    "explain blames the stage of the head where layers divide evenly and calls eager's host time assumed") {
  const Scratch folder;
  json scenario = large_model();
  scenario["workload"]["model"] = "llama3-8b";
  scenario["mixes"].erase(0);
  scenario["mixes"][0]["groups"][0]["count"] = 1;
  folder.write("small.json", scenario.dump());
  const std::string out = in(folder, {"explain", "small.json"}).out;
  CHECK(out.find("the last stage also holds the head") != std::string::npos);
  CHECK(out.find("layers do not divide evenly") == std::string::npos);  // 32 over 2 and 4 do
  CHECK(out.find("framework's own time: assumed, eager") != std::string::npos);
}
