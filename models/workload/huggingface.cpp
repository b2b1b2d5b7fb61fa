#include "models/workload/huggingface.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include "base/text/nearest.h"

namespace spotmix::models {
namespace {

enum class Style { bert, gpt, llama, t5 };

struct Family {
  std::string_view model_type;
  Style style;
  bool tied = true;            ///< The head shares the embedding where the file does not say.
  int longest = 512;           ///< Positions where the file does not say.
  std::string_view like = {};  ///< The family whose rules hold, where this is another name of it.
};

constexpr std::array kFamilies{
    Family{"bert", Style::bert},
    Family{"distilbert", Style::bert},
    Family{"electra", Style::bert},
    Family{"roberta", Style::bert},
    Family{"camembert", Style::bert, true, 512, "roberta"},
    Family{"data2vec-text", Style::bert, true, 512, "roberta"},
    Family{"roberta-prelayernorm", Style::bert, true, 512, "roberta"},
    Family{"xlm-roberta", Style::bert, true, 512, "roberta"},
    Family{"xlm-roberta-xl", Style::bert, true, 512, "roberta"},
    Family{"bloom", Style::gpt, true, 2048},
    Family{"codegen", Style::gpt, false, 2048, "gptj"},
    Family{"falcon", Style::gpt, true, 2048},
    Family{"gpt2", Style::gpt},
    Family{"gpt_bigcode", Style::gpt},
    Family{"gpt_neo", Style::gpt},
    Family{"gpt_neox", Style::gpt, false},
    Family{"gptj", Style::gpt, false},
    Family{"mpt", Style::gpt},
    Family{"openai-gpt", Style::gpt, true, 512, "gpt2"},
    Family{"opt", Style::gpt},
    Family{"phi", Style::gpt, false},
    Family{"starcoder2", Style::gpt, true, 4096},
    Family{"gemma", Style::llama},
    Family{"granite", Style::llama, false, 2048, "llama"},
    Family{"internlm2", Style::llama, false, 2048, "llama"},
    Family{"llama", Style::llama, false},
    Family{"ministral", Style::llama, false, 512, "mistral"},
    Family{"ministral3", Style::llama, false, 512, "mistral"},
    Family{"mistral", Style::llama, false},
    Family{"mixtral", Style::llama, false},
    Family{"olmo", Style::llama, false, 2048, "llama"},
    Family{"olmo2", Style::llama, false, 2048},
    Family{"phi3", Style::llama, false},
    Family{"qwen2", Style::llama, false},
    Family{"qwen3", Style::llama, false},
    Family{"qwen3_moe", Style::llama, false},
    Family{"seed_oss", Style::llama, false, 512, "llama"},
    Family{"smollm3", Style::llama, true, 512, "llama"},
    Family{"mt5", Style::t5, false},
    Family{"t5", Style::t5},
    Family{"umt5", Style::t5, false, 512, "mt5"},
};

/// No more tokens are assumed of a sample whose length nobody gives.
constexpr int kMostAssumedTokens = 8192;

/// RoBERTa's positions begin behind that of the padding.
constexpr int kPositionsOfPadding = 2;

const Family* find_family(std::string_view model_type) {
  const auto* family = std::find_if(kFamilies.begin(), kFamilies.end(),
                                    [&](const Family& known) { return known.model_type == model_type; });
  return family == kFamilies.end() ? nullptr : family;
}

/// The family whose rules hold.
std::string_view rules_of(const Family& family) {
  return family.like.empty() ? family.model_type : family.like;
}

/// Families whose positions are rotary or linear biases have no table of them.
bool has_position_table(const HuggingFaceConfig& config) {
  constexpr std::array<std::string_view, 4> kLearned{"gpt2", "gpt_bigcode", "gpt_neo", "opt"};
  return config.position_table.value_or(std::find(kLearned.begin(), kLearned.end(), config.model_type) !=
                                        kLearned.end());
}

/// 0: as many as heads.
int key_value_heads(const HuggingFaceConfig& config) {
  const bool falcon = config.model_type == "falcon";
  const bool one = config.multi_query.value_or(falcon || config.model_type == "gpt_bigcode");
  // The newer Falcons say that they have one and have groups of them all the same.
  if (one && !(falcon && config.new_decoder_architecture.value_or(false))) return 1;
  return config.num_key_value_heads.value_or(0);
}

void set_bert(TransformerShape& shape, const HuggingFaceConfig& config) {
  shape.positions = config.max_position_embeddings.value_or(512);
  shape.token_types = config.type_vocab_size.value_or(config.model_type == "distilbert" ? 0 : 2);
  shape.predicted_share = 0.15;
  shape.head_transform = true;
  shape.sentence_head = config.model_type == "bert";
  shape.causal = false;
  if (config.model_type != "electra") return;
  shape.embedding_size = config.embedding_size.value_or(128);
  if (config.architecture != "ElectraForMaskedLM") shape.token_classes = 1;  // the discriminator
}

void set_parallel(TransformerShape& shape, const HuggingFaceConfig& config) {
  const std::string& type = config.model_type;
  shape.parallel = type == "gptj" || type == "phi" ||
                   ((type == "gpt_neox" || type == "falcon") && config.parallel_attention.value_or(true));
  const int falcon_norms =
      config.num_ln_in_parallel_attn.value_or(config.new_decoder_architecture.value_or(false) ? 2 : 1);
  shape.shared_norm = shape.parallel && type != "gpt_neox" && (type != "falcon" || falcon_norms == 1);
}

void set_gpt(TransformerShape& shape, const HuggingFaceConfig& config) {
  if (has_position_table(config))
    shape.positions = config.max_position_embeddings.value_or(shape.sequence_length);
  if (config.expansion_ratio && !config.intermediate_size)
    shape.feed_forward = *config.expansion_ratio * shape.hidden;
  shape.bias = config.bias.value_or(config.model_type != "mpt" && config.model_type != "falcon");
  if (config.model_type == "falcon") shape.dropout = false;
  set_parallel(shape, config);
}

void set_llama(TransformerShape& shape, const HuggingFaceConfig& config) {
  shape.gated = true;
  shape.bias = false;
  shape.dropout = false;
  shape.normalization = Normalization::rms_norm;
  shape.experts = config.num_local_experts.value_or(config.model_type == "mixtral" ? 8 : 0);
  shape.experts_per_token = config.num_experts_per_tok.value_or(2);
  if (config.model_type != "qwen3_moe") return;
  shape.experts = config.num_local_experts.value_or(128);
  shape.experts_per_token = config.num_experts_per_tok.value_or(8);
  shape.feed_forward = config.moe_intermediate_size.value_or(768);
}

void set_t5(TransformerShape& shape, const HuggingFaceConfig& config) {
  shape.encoder_layers = shape.layers;
  shape.layers = config.num_decoder_layers.value_or(shape.layers);
  shape.encoder_sequence_length = shape.sequence_length;
  shape.gated = config.is_gated_act.value_or(config.model_type == "mt5");
  shape.bias = false;
  shape.normalization = Normalization::rms_norm;
}

Problems missing_fields(const HuggingFaceConfig& config) {
  Problems problems;
  const std::array<std::pair<const char*, std::optional<int>>, 4> needed{
      {{"hidden_size", config.hidden_size},
       {"num_hidden_layers", config.num_hidden_layers},
       {"num_attention_heads", config.num_attention_heads},
       {"vocab_size", config.vocab_size}}};
  for (const auto& [key, field] : needed) {
    if (!field) problems.push_back({"", key, "found nothing, expected a whole number"});
  }
  return problems;
}

/// Heads share the width of a layer, and key-value heads the heads, evenly; and sizes that only some families
/// have are not passed over in others.
Problems uneven_fields(const HuggingFaceConfig& config) {
  Problems problems;
  const auto must_divide = [&](const char* key, int found, const char* whole_key, int whole) {
    if (whole % found == 0) return;
    problems.push_back({"", key,
                        "found " + std::to_string(found) + ", expected a number that divides " + whole_key +
                            ", " + std::to_string(whole)});
  };
  const int heads = *config.num_attention_heads;
  if (!config.head_dim) must_divide("num_attention_heads", heads, "hidden_size", *config.hidden_size);
  if (const int shared = key_value_heads(config); shared > 0)
    must_divide("num_key_value_heads", shared, "num_attention_heads", heads);
  const int experts = config.num_local_experts.value_or(0);
  if (experts > 0 && config.num_experts_per_tok.value_or(1) > experts) {
    problems.push_back({"", "num_experts_per_tok",
                        "found " + std::to_string(*config.num_experts_per_tok) +
                            ", expected at most num_local_experts, " + std::to_string(experts)});
  }
  const int embedding = config.embedding_size.value_or(*config.hidden_size);
  if (embedding != *config.hidden_size && config.model_type != "electra") {
    problems.push_back({"", "embedding_size",
                        "found " + std::to_string(embedding) + ", expected hidden_size, " +
                            std::to_string(*config.hidden_size)});
  }
  if (config.moe_intermediate_size && config.model_type != "qwen3_moe") {
    problems.push_back({"", "moe_intermediate_size",
                        "found " + std::to_string(*config.moe_intermediate_size) +
                            ", expected nothing with model_type " + in_quotes(config.model_type)});
  }
  return problems;
}

/// Windows that only some layers have matter to sequences that are longer.
Problem mixed_windows(const HuggingFaceConfig& config, int sequence_length) {
  const std::string window = std::to_string(*config.sliding_window);
  return {"", "layer_types",
          "found layers with a window of " + window +
              " tokens beside others, expected one kind, or a sequence_length of at most " + window +
              " instead of " + std::to_string(sequence_length)};
}

[[maybe_unused]] bool config_sizes_are_positive(const HuggingFaceConfig& config) {
  const auto sizes = {config.hidden_size,    config.num_hidden_layers,       config.num_decoder_layers,
                      config.head_dim,       config.num_attention_heads,     config.num_key_value_heads,
                      config.vocab_size,     config.intermediate_size,       config.moe_intermediate_size,
                      config.embedding_size, config.max_position_embeddings, config.expansion_ratio,
                      config.sliding_window, config.original_positions};
  return std::all_of(sizes.begin(), sizes.end(),
                     [](std::optional<int> size) { return size.value_or(1) > 0; });
}

}  // namespace

std::optional<Problem> model_type_problem(const std::string& model_type) {
  if (find_family(model_type) != nullptr) return std::nullopt;
  std::vector<std::string> known;
  for (const Family& each : kFamilies) known.emplace_back(each.model_type);
  std::string found = model_type.empty() ? "nothing" : in_quotes(model_type);
  if (model_type == "albert") found += ", whose layers share one set of parameters, which is not modelled";
  // The nearest name would be another model, as "gemma" is to "gemma2": none is suggested.
  return Problem{"", "model_type", "found " + found + ", expected " + one_of(known, known.size())};
}

bool has_query_key_norms(const std::string& model_type) {
  const std::string_view rules = rules_of(*find_family(model_type));
  return rules == "qwen3" || rules == "qwen3_moe" || rules == "olmo2";
}

bool has_window_on_request(const std::string& model_type) {
  return rules_of(*find_family(model_type)).starts_with("qwen");
}

AssumedLength assumed_sequence_length(const HuggingFaceConfig& config) {
  const Family& family = *find_family(config.model_type);
  AssumedLength assumed{family.longest, "the usual length of model_type " + config.model_type};
  if (const auto positions = config.max_position_embeddings) {
    assumed = {*positions, "max_position_embeddings is " + std::to_string(*positions)};
    if (rules_of(family) == "roberta" && *positions > kPositionsOfPadding) {
      assumed.tokens -= kPositionsOfPadding;
      assumed.why += ", two of them before the first token";
    }
  }
  if (config.original_positions.value_or(assumed.tokens) < assumed.tokens) {
    assumed = {*config.original_positions,
               config.original_positions_key + " is " + std::to_string(*config.original_positions)};
  }
  if (assumed.tokens > kMostAssumedTokens) {
    assumed.tokens = kMostAssumedTokens;
    assumed.why += ", and no more than " + std::to_string(kMostAssumedTokens) + " are assumed";
  }
  return assumed;
}

Result<TransformerShape> shape_of(const HuggingFaceConfig& config, std::optional<int> sequence_length) {
  assert(config_sizes_are_positive(config) && sequence_length.value_or(1) > 0);
  if (const auto problem = model_type_problem(config.model_type)) return *problem;
  const Family* family = find_family(config.model_type);
  HuggingFaceConfig renamed = config;
  renamed.model_type = rules_of(*family);
  if (auto missing = missing_fields(renamed); !missing.empty()) return missing;
  if (auto uneven = uneven_fields(renamed); !uneven.empty()) return uneven;

  TransformerShape shape{.name = config.model_type,
                         .layers = *renamed.num_hidden_layers,
                         .hidden = *renamed.hidden_size,
                         .heads = *renamed.num_attention_heads,
                         .key_value_heads = key_value_heads(renamed),
                         .head_size = renamed.head_dim.value_or(0),
                         .feed_forward = renamed.intermediate_size.value_or(0),
                         .vocabulary = *renamed.vocab_size,
                         .sequence_length = sequence_length.value_or(assumed_sequence_length(config).tokens),
                         .tied_embedding = renamed.tie_word_embeddings.value_or(family->tied),
                         .source = "Hugging Face config.json, model_type " + config.model_type};
  if (renamed.sliding_window && *renamed.sliding_window < shape.sequence_length) {
    if (renamed.some_layers_slide) return mixed_windows(renamed, shape.sequence_length);
    shape.attention_span = *renamed.sliding_window;
  }
  switch (family->style) {
    case Style::bert:
      set_bert(shape, renamed);
      break;
    case Style::gpt:
      set_gpt(shape, renamed);
      break;
    case Style::llama:
      set_llama(shape, renamed);
      break;
    case Style::t5:
      set_t5(shape, renamed);
      break;
  }
  return shape;
}

}  // namespace spotmix::models
