#include "models/workload/huggingface.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "models/names/nearest.h"

namespace spotmix::models {
namespace {

enum class Style { bert, gpt, llama, t5 };

struct Family {
  std::string_view model_type;
  Style style;
};

constexpr std::array kFamilies{
    Family{"albert", Style::bert},   Family{"bert", Style::bert},       Family{"distilbert", Style::bert},
    Family{"electra", Style::bert},  Family{"roberta", Style::bert},    Family{"bloom", Style::gpt},
    Family{"gpt2", Style::gpt},      Family{"gpt_bigcode", Style::gpt}, Family{"gpt_neo", Style::gpt},
    Family{"gpt_neox", Style::gpt},  Family{"gptj", Style::gpt},        Family{"mpt", Style::gpt},
    Family{"opt", Style::gpt},       Family{"gemma", Style::llama},     Family{"llama", Style::llama},
    Family{"mistral", Style::llama}, Family{"mixtral", Style::llama},   Family{"phi3", Style::llama},
    Family{"qwen2", Style::llama},   Family{"qwen3", Style::llama},     Family{"mt5", Style::t5},
    Family{"t5", Style::t5},
};

/// Families whose positions are rotary or linear biases have no table of them.
bool has_position_table(std::string_view model_type) {
  return model_type != "bloom" && model_type != "mpt" && model_type != "gpt_neox" && model_type != "gptj";
}

void set_bert(TransformerShape& shape, const HuggingFaceConfig& config) {
  shape.positions = config.max_position_embeddings.value_or(512);
  shape.token_types = config.type_vocab_size.value_or(2);
  shape.predicted_share = 0.15;
  shape.head_transform = true;
  shape.causal = false;
}

void set_gpt(TransformerShape& shape, const HuggingFaceConfig& config) {
  if (has_position_table(config.model_type))
    shape.positions = config.max_position_embeddings.value_or(shape.sequence_length);
  if (config.expansion_ratio) shape.feed_forward = *config.expansion_ratio * shape.hidden;
  shape.bias = config.model_type != "mpt";
  shape.tied_embedding = config.tie_word_embeddings.value_or(true);
}

void set_llama(TransformerShape& shape, const HuggingFaceConfig& config) {
  shape.gated = true;
  shape.bias = false;
  shape.dropout = false;
  shape.normalization = Normalization::rms_norm;
  shape.tied_embedding = config.tie_word_embeddings.value_or(false);
  shape.experts = config.num_local_experts.value_or(0);
  shape.experts_per_token = config.num_experts_per_tok.value_or(2);
}

void set_t5(TransformerShape& shape, const HuggingFaceConfig& config) {
  shape.encoder_layers = shape.layers;
  shape.layers = config.num_decoder_layers.value_or(shape.layers);
  shape.encoder_sequence_length = shape.sequence_length;
  shape.gated = config.is_gated_act.value_or(false);
  shape.bias = false;
  shape.normalization = Normalization::rms_norm;
  shape.tied_embedding = config.tie_word_embeddings.value_or(true);
}

std::vector<ConfigProblem> missing_fields(const HuggingFaceConfig& config) {
  std::vector<ConfigProblem> problems;
  const std::array<std::pair<const char*, std::optional<int>>, 4> needed{
      {{"hidden_size", config.hidden_size},
       {"num_hidden_layers", config.num_hidden_layers},
       {"num_attention_heads", config.num_attention_heads},
       {"vocab_size", config.vocab_size}}};
  for (const auto& [key, field] : needed) {
    if (!field) problems.push_back({key, "found nothing, expected a whole number"});
  }
  return problems;
}

/// Heads share the width of a layer, and key-value heads the heads, evenly.
std::vector<ConfigProblem> uneven_fields(const HuggingFaceConfig& config) {
  std::vector<ConfigProblem> problems;
  const auto must_divide = [&](const char* key, int found, const char* whole_key, int whole) {
    if (whole % found == 0) return;
    problems.push_back({key, "found " + std::to_string(found) + ", expected a number that divides " +
                                 whole_key + ", " + std::to_string(whole)});
  };
  const int heads = *config.num_attention_heads;
  if (!config.head_dim) must_divide("num_attention_heads", heads, "hidden_size", *config.hidden_size);
  if (config.num_key_value_heads)
    must_divide("num_key_value_heads", *config.num_key_value_heads, "num_attention_heads", heads);
  const int experts = config.num_local_experts.value_or(0);
  if (experts > 0 && config.num_experts_per_tok.value_or(1) > experts) {
    problems.push_back({"num_experts_per_tok", "found " + std::to_string(*config.num_experts_per_tok) +
                                                   ", expected at most num_local_experts, " +
                                                   std::to_string(experts)});
  }
  return problems;
}

}  // namespace

std::variant<TransformerShape, std::vector<ConfigProblem>> shape_of(const HuggingFaceConfig& config,
                                                                    std::optional<int> sequence_length) {
  const auto* family = std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& known) {
    return known.model_type == config.model_type;
  });
  if (family == kFamilies.end()) {
    std::vector<std::string> known;
    for (const Family& each : kFamilies) known.emplace_back(each.model_type);
    return std::vector{ConfigProblem{"model_type", "found " + in_quotes(config.model_type) + ", expected " +
                                                       one_of(known) +
                                                       did_you_mean(config.model_type, known)}};
  }
  if (auto missing = missing_fields(config); !missing.empty()) return missing;
  if (auto uneven = uneven_fields(config); !uneven.empty()) return uneven;

  TransformerShape shape{
      .name = config.model_type,
      .layers = *config.num_hidden_layers,
      .hidden = *config.hidden_size,
      .heads = *config.num_attention_heads,
      .key_value_heads = config.num_key_value_heads.value_or(0),
      .head_size = config.head_dim.value_or(0),
      .feed_forward = config.intermediate_size.value_or(0),
      .vocabulary = *config.vocab_size,
      .sequence_length = sequence_length.value_or(config.max_position_embeddings.value_or(512)),
      .source = "Hugging Face config.json, model_type " + config.model_type};
  if (config.sliding_window && *config.sliding_window < shape.sequence_length)
    shape.attention_span = *config.sliding_window;
  switch (family->style) {
    case Style::bert:
      set_bert(shape, config);
      break;
    case Style::gpt:
      set_gpt(shape, config);
      break;
    case Style::llama:
      set_llama(shape, config);
      break;
    case Style::t5:
      set_t5(shape, config);
      break;
  }
  return shape;
}

}  // namespace spotmix::models
