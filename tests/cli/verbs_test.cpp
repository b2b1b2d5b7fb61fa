#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace spotmix::tests;
using nlohmann::json;

TEST_CASE("explain prints per mix the step object of the result and its layers") {
  const json document = json::parse(run_spotmix({"explain", kNineZones, "--format", "json"}).out);
  const json result =
      json::parse(run_spotmix({"run", kNineZones, "--format", "json", "--replications", "2"}).out);
  REQUIRE(document["mixes"].size() == result["mixes"].size());
  for (std::size_t i = 0; i < document["mixes"].size(); ++i) {
    CHECK(document["mixes"][i]["step"] == result["mixes"][i]["step"]);
    CHECK(document["mixes"][i]["layers"].size() > 50);  // ResNet-50's convolutions
    CHECK(!document["mixes"][i]["sources"].empty());
  }
}

TEST_CASE("the table of explain names the parts of the step") {
  const Ran ran = run_spotmix({"explain", kNineZones});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err == "");
  for (const char* part : {"one step", "compute", "exposed communication", "samples per second", "layer"}) {
    CHECK(ran.out.find(part) != std::string::npos);
  }
}

TEST_CASE("the catalogue lists instance types with the price of a region") {
  const json document = json::parse(run_spotmix({"catalog", "p3.2xlarge", "--format", "json"}).out);
  REQUIRE(document["instances"].size() == 1);
  CHECK(document["instances"][0]["on_demand_usd_per_h"] == 3.06);
  CHECK(document["instances"][0]["on_demand_source"].is_string());
  CHECK(run_spotmix({"catalog", "--format", "csv"}).out.starts_with("instance,vcpu,memory_gib,"));
  CHECK(run_spotmix({"catalog"}).out.find("p4d.24xlarge") != std::string::npos);
}

TEST_CASE("an instance type or a region that is none is refused with the nearest") {
  const Ran ran = run_spotmix({"catalog", "p3.2xlarg3"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK(ran.err.find("did you mean \"p3.2xlarge\"?") != std::string::npos);
  CHECK(run_spotmix({"catalog", "--region", "us-east-9"}).exit_code == 2);
}

TEST_CASE("import writes a trace file that a scenario can use") {
  const Scratch scratch;
  scratch.write("prices.csv",
                "timestamp_utc,price_usd_per_hour\n2020-01-01 00:00:00,0.03\n2020-01-02 00:00:00,0.04\n");
  const Ran ran = run_spotmix({"import", "prices.csv", "--instance", "c5.large", "--zone", "us-east-1a",
                               "--end", "2020-02-01", "--out", "trace.json"},
                              scratch.path());
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find("c5.large") != std::string::npos);
  const json trace = json::parse(file_text(scratch / "trace.json").value_or("null"));
  CHECK(trace["pools"].size() == 1);
}

TEST_CASE("import does not write over what it imports") {
  const Scratch scratch;
  const std::string prices = "timestamp_utc,price_usd_per_hour\n2020-01-01 00:00:00,0.03\n";
  scratch.write("prices.csv", prices);
  const Ran ran = run_spotmix({"import", "prices.csv", "--instance", "c5.large", "--zone", "us-east-1a",
                               "--end", "2020-02-01", "--out", "./prices.csv"},
                              scratch.path());
  CHECK(ran.exit_code == 2);
  CHECK(ran.err == "spotmix: prices.csv: is what is imported, expected another file for --out\n");
  CHECK(file_text(scratch / "prices.csv") == prices);
}

TEST_CASE("import of what is none writes nothing") {
  const Scratch scratch;
  scratch.write("prices.csv", "when,how much\n");
  const Ran ran = run_spotmix({"import", "prices.csv", "--out", "trace.json"}, scratch.path());
  CHECK(ran.exit_code == 2);
  CHECK(ran.out == "");
  CHECK_FALSE(std::filesystem::exists(scratch / "trace.json"));
}

TEST_CASE("explain shows the times of layers and the parts of memory and why others lost") {
  const std::string example = SPOTMIX_SOURCE_DIR "/scenarios/examples/pipeline-parallel-wins.json";
  const json mix = json::parse(run_spotmix({"explain", example, "--format", "json"}).out)["mixes"][0];
  double memory_gib = 0;
  for (const char* part : {"parameters", "gradients", "optimizer", "activations", "buffers", "reserved"})
    memory_gib += mix["memory_gib"][part].get<double>();
  CHECK(memory_gib == Approx(mix["step"]["memory_per_device_gib"].get<double>()));
  CHECK(memory_gib < mix["memory_gib"]["limit"].get<double>());
  double communication_s = 0;
  for (const auto& [part, time_s] : mix["communication_s"].items()) communication_s += time_s.get<double>();
  CHECK(communication_s == Approx(mix["step"]["communication_s"].get<double>()));
  for (const json& layer : mix["layers"]) {
    CHECK(layer["forward_s"].get<double>() > 0);
    CHECK(layer["backward_s"].get<double>() > 0);
  }
  CHECK(mix["step"]["parallelism"]["pipeline"] == 8);
  CHECK(mix["why"].get<std::string>().find("pipeline 8 wins: ") != std::string::npos);
  REQUIRE(mix["runners_up"].size() > 1);
  for (const json& other : mix["runners_up"]) CHECK_FALSE(other["why"].get<std::string>().empty());

  const std::string table = run_spotmix({"explain", example}).out;
  for (const char* part : {"otherwise divided", "ways were looked at", "optimizer", "between stages",
                           "pipeline 8 wins: ", "transformer"}) {
    INFO(part);
    CHECK(table.find(part) != std::string::npos);
  }
}

TEST_CASE("The parallelism in a result gives the same step when a scenario states it") {
  const Scratch scratch;
  const std::string examples = SPOTMIX_SOURCE_DIR "/scenarios/examples/";
  for (const char* name : {"pipeline-parallel-wins.json", "tensor-parallel-wins.json"}) {
    INFO(name);
    json scenario = json::parse(file_text(examples + name).value_or("null"));
    const auto step_of = [&] {
      scratch.write("scenario.json", scenario.dump());
      const Ran ran = run_spotmix({"run", (scratch / "scenario.json").string(), "--format", "json"});
      REQUIRE(ran.exit_code == 0);
      return json::parse(ran.out)["mixes"][0]["step"];
    };
    scenario["parallelism"] = "auto";
    const json searched = step_of();
    json held = searched["parallelism"];
    if (!held["gradient_sync"].is_null()) held["gradient_sync"].erase("servers_on_workers");
    const std::function<void(json&)> drop_nulls = [&](json& object) {
      for (auto item = object.begin(); item != object.end();) {
        if (item->is_object()) drop_nulls(*item);
        item = item->is_null() ? object.erase(item) : std::next(item);
      }
    };
    drop_nulls(held);
    scenario["parallelism"] = held;
    CHECK(step_of() == searched);
  }
}

TEST_CASE("explain writes one step of each mix as a trace whose spans fit into the step") {
  const Scratch scratch;
  const std::string example = SPOTMIX_SOURCE_DIR "/scenarios/examples/pipeline-parallel-wins.json";
  const std::string file = (scratch / "step.json").string();
  const json mix =
      json::parse(run_spotmix({"explain", example, "--trace", file, "--format", "json"}).out)["mixes"][0];
  const json trace = json::parse(file_text(scratch / "step.json").value_or("null"));
  double end_us = 0;
  int tracks = 0;
  for (const json& event : trace["traceEvents"]) {
    if (event["name"] == "thread_name") ++tracks;
    if (event["ph"] == "X") end_us = std::max(end_us, event["ts"].get<double>() + event["dur"].get<double>());
  }
  CHECK(tracks == 16);  // eight stages, their devices and their links
  CHECK(end_us == Approx(mix["step"]["time_s"].get<double>() * 1e6).epsilon(1e-6));
  const Ran several = run_spotmix({"explain", example, example, "--trace", file});
  CHECK(several.exit_code == 2);
  CHECK(several.err.find("--trace: found several scenarios") != std::string::npos);
}

TEST_CASE("a folder's traces and kernel profiles are passed over with a remark") {
  const Scratch scratch;
  const std::string data = SPOTMIX_SOURCE_DIR "/tests/cli/data/";
  std::filesystem::copy_file(data + "small.json", scratch / "small.json");
  std::filesystem::copy_file(data + "small.trace.json", scratch / "small.trace.json");
  std::filesystem::copy_file(SPOTMIX_SOURCE_DIR "/models/kernels/profiles/l4.json", scratch / "l4.json");
  const Ran ran = run_spotmix({"validate", scratch.path().string()});
  CHECK(ran.exit_code == 0);
  CHECK(line_count(ran.out) == 1);
  CHECK(ran.err == "spotmix: passed over, since they are no scenarios: l4.json, small.trace.json\n");
  CHECK(run_spotmix({"validate", scratch.path().string(), "--quiet"}).err == "");
  // Named outright, a trace is no scenario.
  CHECK(run_spotmix({"validate", (scratch / "small.trace.json").string()}).exit_code == 2);
}

TEST_CASE("A folder's model configs are passed over and other JSON is named in one line") {
  const Scratch scratch;
  const std::string data = SPOTMIX_SOURCE_DIR "/tests/cli/data/";
  nlohmann::json scenario = nlohmann::json::parse(file_text(data + "small.json").value_or(""));
  scratch.write("small.trace.json", file_text(data + "small.trace.json").value_or(""));
  scratch.write("small.json", scenario.dump());
  scratch.write("config.json", R"({"model_type": "llama", "hidden_size": 4096})");
  scratch.write("package.json", R"({"name": "not ours"})");
  const Ran beside = run_spotmix({"validate", scratch.path().string()});
  CHECK(beside.exit_code == 0);
  CHECK(beside.err ==
        "spotmix: passed over, since they are no scenarios: config.json, package.json, small.trace.json\n");
  scenario["description"] = "config.json";  // as workload.model.huggingface would name it
  scratch.write("small.json", scenario.dump());
  CHECK(run_spotmix({"validate", scratch.path().string()}).err ==
        "spotmix: passed over, since they are no scenarios: package.json, small.trace.json\n");
  scratch.write("broken.json", "{\"mixes\": ");
  CHECK(run_spotmix({"validate", scratch.path().string()}).exit_code == 2);
}

TEST_CASE("what a run wrote into a folder is passed over beside scenarios") {
  const Scratch scratch;
  const std::string data = SPOTMIX_SOURCE_DIR "/tests/cli/data/";
  scratch.write("small.json", file_text(data + "small.json").value_or(""));
  scratch.write("small.trace.json", file_text(data + "small.trace.json").value_or(""));
  const std::string folder = scratch.path().string();
  REQUIRE(run_spotmix({"run", (scratch / "small.json").string(), "--out", folder, "--formats", "json,trace"})
              .exit_code == 0);
  const Ran ran = run_spotmix({"validate", folder});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err.find("passed over, since they are no scenarios") != std::string::npos);
  CHECK(ran.err.find("result.json") != std::string::npos);
}
