#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json/schema.h"
#include "models/stacks/fitted.h"
#include "models/stacks/stack.h"
#include "tests/models/fixtures.h"

using namespace spotmix;

using tests::document_of;

namespace {

const std::filesystem::path kStacks = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "models/stacks";

}  // namespace

TEST_CASE("Every shipped training software names where its figures come from", "[stacks]") {
  const nlohmann::json schema = document_of(kStacks / "stack.schema.json");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kStacks)) {
    if (entry.path().extension() != ".json" || entry.path().filename() == "stack.schema.json") continue;
    INFO(entry.path());
    ++files;
    nlohmann::json document = document_of(entry.path());
    for (const Problem& problem : check_schema(entry.path().filename().string(), document, schema))
      FAIL_CHECK(to_line(problem));
    CHECK(document.at("stack") == entry.path().stem().string());
    CHECK(models::find_stack(entry.path().stem().string()) != nullptr);
  }
  CHECK(models::stacks().size() == files);
}

TEST_CASE("The schema of training software refuses a fitted figure without its error", "[stacks]") {
  const nlohmann::json schema = document_of(kStacks / "stack.schema.json");
  nlohmann::json document = document_of(kStacks / "llm_foundry.json");
  document["fitted"][0].erase("error");
  CHECK(check_schema("llm_foundry.json", document, schema).size() == 1);
}

TEST_CASE("A software that is based on another keeps its figures except for its own", "[stacks]") {
  const models::Software eager = models::software_of("eager");
  const models::Software foundry = models::software_of("llm_foundry");
  CHECK(foundry.forward_dispatch_s == eager.forward_dispatch_s);
  CHECK(foundry.update_s == eager.update_s);
  CHECK(eager.stream_slowdown == 1);
  CHECK(foundry.stream_slowdown == 2.70);
  CHECK(foundry.name == "llm-foundry");
}

TEST_CASE("Figures of one architecture or precision apply to no other", "[stacks]") {
  using enum models::Architecture;
  const auto attention_on = [](models::Architecture architecture) {
    return models::software_of("llm_foundry", {.architecture = architecture}).attention_slowdown;
  };
  CHECK(attention_on(ampere) == 1.72);
  CHECK(attention_on(hopper) == 3.16);
  CHECK(attention_on(blackwell) == 3.16);
  CHECK(models::software_of("megatron", {.precision = models::Precision::bf16}).fp32_gradients);
  CHECK_FALSE(models::software_of("megatron", {.precision = models::Precision::fp16}).fp32_gradients);
  CHECK_FALSE(models::software_of("megatron").fp32_gradients);
}

TEST_CASE("A measured program slows its own kernels and no host work", "[stacks]") {
  const models::Software eager = models::software_of("eager");
  const auto program = [](std::string_view workload, models::Precision precision) {
    return models::software_of("pytorch", {models::Architecture::volta, precision, workload});
  };
  const models::Software half = program("dlrm", models::Precision::fp16);
  CHECK(half.kernel_slowdown == 1.97);
  CHECK(half.convolution_slowdown == 1.97);
  CHECK(half.stream_slowdown == 1.97);
  CHECK(half.attention_slowdown == 1);
  CHECK(half.forward_dispatch_s == eager.forward_dispatch_s);
  CHECK(program("dlrm", models::Precision::tf32).kernel_slowdown == 1.28);
  CHECK(program("a model of nobody", models::Precision::fp16).kernel_slowdown == 1);
  const auto measured =
      models::measured_programs(*models::find_stack("pytorch_2018"), models::Architecture::volta);
  CHECK(measured == std::vector<std::string>{"resnet50 half"});
  CHECK(models::find_stack("caffe") == nullptr);
}

TEST_CASE("The host time of software that was fitted on no training run is called assumed") {
  CHECK_FALSE(models::has_fitted_figures("eager"));
  CHECK_FALSE(models::has_fitted_figures("captured"));
  CHECK(models::has_fitted_figures("Megatron-LM"));
}
