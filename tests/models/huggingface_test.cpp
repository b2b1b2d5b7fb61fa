#include "models/workload/huggingface.h"

#include <catch2/catch.hpp>

#include "models/workload/library.h"

using namespace spotmix::models;

namespace {

double parameters_of(const HuggingFaceConfig& config) {
  return parameters(transformer(shape_of(config, std::nullopt).value.value()));
}

HuggingFaceConfig config_of(const std::string& type, int hidden, int layers, int heads, int vocabulary) {
  HuggingFaceConfig config;
  config.model_type = type;
  config.hidden_size = hidden;
  config.num_hidden_layers = layers;
  config.num_attention_heads = heads;
  config.vocab_size = vocabulary;
  return config;
}

std::vector<std::string> problems_of(const HuggingFaceConfig& config) {
  std::vector<std::string> lines;
  for (const spotmix::Problem& problem : shape_of(config, 2048).problems)
    lines.push_back(problem.where + ": " + problem.message);
  return lines;
}

}  // namespace

TEST_CASE("A config.json makes the model that its card counts") {
  HuggingFaceConfig gpt2 = config_of("gpt2", 768, 12, 12, 50257);
  gpt2.max_position_embeddings = 1024;
  CHECK(parameters_of(gpt2) == 124'439'808);

  HuggingFaceConfig llama = config_of("llama", 4096, 32, 32, 128256);
  llama.num_key_value_heads = 8;
  llama.intermediate_size = 14336;
  llama.max_position_embeddings = 8192;
  CHECK(parameters_of(llama) == 8'030'261'248);

  HuggingFaceConfig mixtral = config_of("mixtral", 4096, 32, 32, 32000);
  mixtral.num_key_value_heads = 8;
  mixtral.intermediate_size = 14336;
  mixtral.num_local_experts = 8;
  mixtral.max_position_embeddings = 4096;
  CHECK(parameters_of(mixtral) == 46'702'792'704);

  HuggingFaceConfig bert = config_of("bert", 1024, 24, 16, 30522);
  CHECK(parameters_of(bert) == Approx(336.2e6).epsilon(0.002));
}

TEST_CASE("A config.json that says too little or something else is named") {
  HuggingFaceConfig config = config_of("llama", 4096, 32, 32, 32000);
  config.vocab_size.reset();
  config.hidden_size.reset();
  CHECK(problems_of(config) ==
        std::vector<std::string>{"hidden_size: found nothing, expected a whole number",
                                 "vocab_size: found nothing, expected a whole number"});
  CHECK(problems_of(config_of("mamba", 1, 1, 1, 1))
            .front()
            .find("model_type: found \"mamba\", expected one of \"bert\", ") == 0);
}

TEST_CASE("Heads of a config.json must divide what they share") {
  HuggingFaceConfig config = config_of("llama", 4096, 32, 31, 32000);
  CHECK(problems_of(config) ==
        std::vector<std::string>{
            "num_attention_heads: found 31, expected a number that divides hidden_size, 4096"});
  config.head_dim = 128;  // says itself how wide a head is
  CHECK(problems_of(config).empty());
  config.num_attention_heads = 32;
  config.num_key_value_heads = 5;
  config.num_local_experts = 8;
  config.num_experts_per_tok = 9;
  CHECK(problems_of(config) ==
        std::vector<std::string>{
            "num_key_value_heads: found 5, expected a number that divides num_attention_heads, 32",
            "num_experts_per_tok: found 9, expected at most num_local_experts, 8"});
}

TEST_CASE("What a config.json leaves out has the default of its family") {
  const auto shape = [](const HuggingFaceConfig& config) {
    return shape_of(config, std::nullopt).value.value();
  };
  CHECK(shape(config_of("gemma", 64, 2, 4, 1000)).tied_embedding);
  CHECK_FALSE(shape(config_of("llama", 64, 2, 4, 1000)).tied_embedding);
  CHECK_FALSE(shape(config_of("gptj", 64, 2, 4, 1000)).tied_embedding);
  CHECK(shape(config_of("gpt_bigcode", 64, 2, 4, 1000)).key_value_heads == 1);
  CHECK(shape(config_of("mt5", 64, 2, 4, 1000)).gated);
  CHECK(shape(config_of("qwen3_moe", 64, 2, 4, 1000)).experts_per_token == 8);
  CHECK(shape(config_of("falcon", 64, 2, 4, 1000)).parallel);
  CHECK_FALSE(shape(config_of("falcon", 64, 2, 4, 1000)).bias);
}

TEST_CASE("A size that the family does not have is refused") {
  HuggingFaceConfig config = config_of("bert", 768, 12, 12, 30522);
  config.embedding_size = 768;
  CHECK(problems_of(config).empty());
  config.embedding_size = 128;
  config.moe_intermediate_size = 512;
  CHECK(problems_of(config) ==
        std::vector<std::string>{
            "embedding_size: found 128, expected hidden_size, 768",
            "moe_intermediate_size: found 512, expected nothing with model_type \"bert\""});
}
