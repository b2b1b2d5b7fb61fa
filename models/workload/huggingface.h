// From what a Hugging Face config.json says to the shape of a transformer. Reading the file is the business
// of scenarios/; here its fields are plain values, absent where the file lacks them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result/problem.h"
#include "models/workload/transformer.h"

namespace spotmix::models {

/// Fields under their most usual names; GPT-2's n_embd, n_layer, n_head, n_inner and n_positions, T5's
/// d_model, d_ff, d_kv, num_layers and num_heads, and MPT's d_model, n_layers, n_heads and max_seq_len fill
/// the same ones. What is absent has the default of the family.
struct HuggingFaceConfig {
  std::string model_type{};  ///< "bert", "gpt2", "llama", "camembert", …; some are others under a new name.
  std::string architecture{};  ///< "ElectraForMaskedLM", …
  std::optional<int> hidden_size;
  std::optional<int> num_hidden_layers;
  std::optional<int> num_decoder_layers;  ///< T5.
  std::optional<int> num_attention_heads;
  std::optional<int> num_key_value_heads;
  std::optional<int> head_dim;
  std::optional<int> intermediate_size;
  std::optional<int> moe_intermediate_size;  ///< Qwen3: feed-forward of one expert.
  std::optional<int> embedding_size;         ///< ELECTRA: width of the embedding's tables.
  std::optional<int> vocab_size;
  std::optional<int> max_position_embeddings;
  std::optional<int> type_vocab_size;
  std::optional<int> num_local_experts;  ///< Also Qwen3's num_experts.
  std::optional<int> num_experts_per_tok;
  std::optional<int> expansion_ratio;  ///< MPT, Falcon: feed-forward ÷ hidden.
  std::optional<int> sliding_window;   ///< Keys that a query sees at most.
  bool some_layers_slide = false;      ///< Only some layers have the window, as their `layer_types` say.
  /// Positions of training, before the model was stretched, and the key that says so.
  std::optional<int> original_positions;
  std::string original_positions_key{};
  std::optional<bool> tie_word_embeddings;
  std::optional<bool> is_gated_act;        ///< T5 1.1.
  std::optional<bool> bias;                ///< Falcon; OPT's enable_bias; MPT's no_bias turned round.
  std::optional<bool> position_table;      ///< MPT: learned positions, which its published models do without.
  std::optional<bool> multi_query;         ///< GPT-BigCode, Falcon: one key-value head.
  std::optional<bool> parallel_attention;  ///< Falcon's parallel_attn, GPT-NeoX's use_parallel_residual.
  std::optional<bool> new_decoder_architecture;  ///< Falcon from 40B on: groups of heads, two norms.
  std::optional<int> num_ln_in_parallel_attn;    ///< Falcon: norms of a parallel layer.
  std::vector<std::string> unknown_keys{};       ///< Keys that no family reads as a size.
  std::vector<std::string> other_parts{};        ///< Models beside the text model, as "vision_config".
};

/// What is wrong with a model type that is not known or that no layer can model; nothing where it is read.
[[nodiscard]] std::optional<Problem> model_type_problem(const std::string& model_type);

/// Whether queries and keys of the family always have norms. REQUIRES: the model type is known.
bool has_query_key_norms(const std::string& model_type);

/// Whether the family has windows only with "use_sliding_window": true. REQUIRES: the model type is known.
bool has_window_on_request(const std::string& model_type);

/// Tokens of a sample if nobody gives them, and why.
struct AssumedLength {
  int tokens = 0;
  std::string why{};  ///< "max_position_embeddings is 131072, and no more than 8192 are assumed"
};

/// The least of what the model was trained on, of its positions and of 8,192: the positions of today's models
/// are what inference stretches to. REQUIRES: the model type is known.
AssumedLength assumed_sequence_length(const HuggingFaceConfig& config);

/// The shape, of the assumed sequence length if none is given, or all that is wrong: fields that are missing,
/// a model type that is not known, heads that do not divide. Sizes must be positive where they are given;
/// experts and token types may be 0.
Result<TransformerShape> shape_of(const HuggingFaceConfig& config, std::optional<int> sequence_length);

}  // namespace spotmix::models
