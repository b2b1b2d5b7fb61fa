#include "scenarios/importers/huggingface_config.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/json_text.h"
#include "base/text/nearest.h"
#include "models/workload/layer_list.h"

namespace spotmix::scenarios {
namespace {

using models::HuggingFaceConfig;
using nlohmann::json;

/// What a size may be. The limits lie far above any model, and keep the products of sizes within bounds.
struct SizeLimits {
  int least = 1, most = 1'000'000;
};
constexpr SizeLimits kWidth{}, kCount{.most = models::kMostLayers}, kLarge{.most = 1'000'000'000},
    kMaybeNone{.least = 0, .most = 1'000'000};

struct SizeKey {
  std::string_view key;
  std::optional<int> HuggingFaceConfig::*field;
  SizeLimits limits{};
};

/// Sizes under every name that a family gives them.
constexpr std::array kSizes{
    SizeKey{"hidden_size", &HuggingFaceConfig::hidden_size},
    SizeKey{"n_embd", &HuggingFaceConfig::hidden_size},
    SizeKey{"n_embed", &HuggingFaceConfig::hidden_size},
    SizeKey{"d_model", &HuggingFaceConfig::hidden_size},
    SizeKey{"dim", &HuggingFaceConfig::hidden_size},
    SizeKey{"num_hidden_layers", &HuggingFaceConfig::num_hidden_layers, kCount},
    SizeKey{"n_layer", &HuggingFaceConfig::num_hidden_layers, kCount},
    SizeKey{"n_layers", &HuggingFaceConfig::num_hidden_layers, kCount},
    SizeKey{"num_layers", &HuggingFaceConfig::num_hidden_layers, kCount},
    SizeKey{"num_decoder_layers", &HuggingFaceConfig::num_decoder_layers, kCount},
    SizeKey{"num_attention_heads", &HuggingFaceConfig::num_attention_heads},
    SizeKey{"n_head", &HuggingFaceConfig::num_attention_heads},
    SizeKey{"n_heads", &HuggingFaceConfig::num_attention_heads},
    SizeKey{"num_heads", &HuggingFaceConfig::num_attention_heads},
    SizeKey{"num_key_value_heads", &HuggingFaceConfig::num_key_value_heads},
    SizeKey{"num_kv_heads", &HuggingFaceConfig::num_key_value_heads},
    SizeKey{"n_head_kv", &HuggingFaceConfig::num_key_value_heads},
    SizeKey{"head_dim", &HuggingFaceConfig::head_dim},
    SizeKey{"d_kv", &HuggingFaceConfig::head_dim},
    SizeKey{"intermediate_size", &HuggingFaceConfig::intermediate_size},
    SizeKey{"n_inner", &HuggingFaceConfig::intermediate_size},
    SizeKey{"d_ff", &HuggingFaceConfig::intermediate_size},
    SizeKey{"ffn_dim", &HuggingFaceConfig::intermediate_size},
    SizeKey{"hidden_dim", &HuggingFaceConfig::intermediate_size},
    SizeKey{"ffn_hidden_size", &HuggingFaceConfig::intermediate_size},
    SizeKey{"moe_intermediate_size", &HuggingFaceConfig::moe_intermediate_size},
    SizeKey{"embedding_size", &HuggingFaceConfig::embedding_size},
    SizeKey{"vocab_size", &HuggingFaceConfig::vocab_size, kLarge},
    SizeKey{"max_position_embeddings", &HuggingFaceConfig::max_position_embeddings, kLarge},
    SizeKey{"n_positions", &HuggingFaceConfig::max_position_embeddings, kLarge},
    SizeKey{"max_seq_len", &HuggingFaceConfig::max_position_embeddings, kLarge},
    SizeKey{"seq_length", &HuggingFaceConfig::max_position_embeddings, kLarge},
    SizeKey{"type_vocab_size", &HuggingFaceConfig::type_vocab_size, kMaybeNone},
    SizeKey{"num_local_experts", &HuggingFaceConfig::num_local_experts, kMaybeNone},
    SizeKey{"num_experts", &HuggingFaceConfig::num_local_experts, kMaybeNone},
    SizeKey{"num_experts_per_tok", &HuggingFaceConfig::num_experts_per_tok, kMaybeNone},
    SizeKey{"expansion_ratio", &HuggingFaceConfig::expansion_ratio, kCount},
    SizeKey{"ff_factor", &HuggingFaceConfig::expansion_ratio, kCount},
    SizeKey{"num_ln_in_parallel_attn", &HuggingFaceConfig::num_ln_in_parallel_attn, {.least = 1, .most = 2}},
    SizeKey{"sliding_window", &HuggingFaceConfig::sliding_window, kLarge},
};

/// Keys that do not change what is computed, as far as a step's time and memory go. GPT-Neo's windows
/// (attention_layers, window_size) are masks: the scores behind them are computed.
constexpr std::array<std::string_view, 127> kHarmless{"_name_or_path",
                                                      "_num_labels",
                                                      "_remove_final_layer_norm",
                                                      "activation",
                                                      "activation_dropout",
                                                      "activation_function",
                                                      "alibi",
                                                      "apply_residual_connection_post_layernorm",
                                                      "attention_bias",
                                                      "attention_dropout",
                                                      "attention_layers",
                                                      "attention_multiplier",
                                                      "attention_probs_dropout_prob",
                                                      "attention_softmax_in_fp32",
                                                      "attention_types",
                                                      "attn_implementation",
                                                      "attn_pdrop",
                                                      "auto_map",
                                                      "begin_suppress_tokens",
                                                      "bias_dropout_fusion",
                                                      "bos_token_id",
                                                      "cache_config",
                                                      "classifier_dropout",
                                                      "cls_token_id",
                                                      "decoder_start_token_id",
                                                      "dense_act_fn",
                                                      "directionality",
                                                      "do_layer_norm_before",
                                                      "dropout",
                                                      "dropout_rate",
                                                      "emb_pdrop",
                                                      "embd_pdrop",
                                                      "embed_dropout",
                                                      "embedding_fraction",
                                                      "eos_token_id",
                                                      "finetuning_task",
                                                      "full_attn_mod",
                                                      "generator_size",
                                                      "gradient_checkpointing",
                                                      "hidden_act",
                                                      "hidden_activation",
                                                      "hidden_dropout",
                                                      "hidden_dropout_prob",
                                                      "id2label",
                                                      "inference_runner",
                                                      "init_config",
                                                      "init_device",
                                                      "init_std",
                                                      "initializer_factor",
                                                      "initializer_range",
                                                      "interpolate_factor",
                                                      "is_decoder",
                                                      "is_encoder_decoder",
                                                      "is_llama_config",
                                                      "label2id",
                                                      "layer_norm_elementwise_affine",
                                                      "layer_norm_eps",
                                                      "layer_norm_epsilon",
                                                      "layerdrop",
                                                      "lm_head_bias",
                                                      "logit_scale",
                                                      "mask_token_id",
                                                      "masked_softmax_fusion",
                                                      "max_batch_size",
                                                      "max_length",
                                                      "max_sequence_length",
                                                      "max_window_layers",
                                                      "mlp_bias",
                                                      "n_ctx",
                                                      "n_special",
                                                      "norm_topk_prob",
                                                      "norm_type",
                                                      "num_labels",
                                                      "offset_alibi",
                                                      "original_max_position_embeddings",
                                                      "output_attentions",
                                                      "output_hidden_states",
                                                      "output_past",
                                                      "output_router_logits",
                                                      "pad_key_length",
                                                      "pad_token_id",
                                                      "partial_rotary_factor",
                                                      "pooler_fc_size",
                                                      "pooler_num_attention_heads",
                                                      "pooler_num_fc_layers",
                                                      "pooler_size_per_head",
                                                      "pooler_type",
                                                      "position_embedding_type",
                                                      "pre_allocate_kv_cache",
                                                      "predict_special_tokens",
                                                      "prefix",
                                                      "pretraining_tp",
                                                      "problem_type",
                                                      "qa_dropout",
                                                      "relative_attention_max_distance",
                                                      "relative_attention_num_buckets",
                                                      "reorder_and_upcast_attn",
                                                      "resid_pdrop",
                                                      "return_dict",
                                                      "rms_norm_eps",
                                                      "rotary",
                                                      "rotary_dim",
                                                      "rotary_emb_base",
                                                      "rotary_pct",
                                                      "router_aux_loss_coef",
                                                      "router_jitter_noise",
                                                      "scale_attention_softmax_in_fp32",
                                                      "scale_attn_by_inverse_layer_idx",
                                                      "scale_attn_weights",
                                                      "sep_token_id",
                                                      "seq_classif_dropout",
                                                      "sinusoidal_pos_embds",
                                                      "skip_bias_add",
                                                      "skip_bias_add_qkv",
                                                      "slow_but_exact",
                                                      "task_specific_params",
                                                      "tie_weights_",
                                                      "torch_dtype",
                                                      "torchscript",
                                                      "transformers_version",
                                                      "unk_token_id",
                                                      "use_bfloat16",
                                                      "use_cache",
                                                      "use_mrope",
                                                      "validate_runner_input",
                                                      "verbose",
                                                      "window_size"};

/// Groups of keys that are harmless by what they begin with.
constexpr std::array<std::string_view, 4> kHarmlessBeginnings{"rope_", "summary_", "tokenizer_", "resid_"};

/// Keys that are read but are no sizes.
constexpr std::array<std::string_view, 21> kOthersRead{"architectures",
                                                       "attn_config",
                                                       "bias",
                                                       "decoder_sparse_step",
                                                       "dtype",
                                                       "enable_bias",
                                                       "feed_forward_proj",
                                                       "is_gated_act",
                                                       "layer_types",
                                                       "learned_pos_emb",
                                                       "mlp_only_layers",
                                                       "model_type",
                                                       "multi_query",
                                                       "new_decoder_architecture",
                                                       "no_bias",
                                                       "parallel_attn",
                                                       "qk_layernorm",
                                                       "tie_word_embeddings",
                                                       "use_parallel_residual",
                                                       "use_sliding_window",
                                                       "word_embed_proj_dim"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

class Reader {
 public:
  Reader(std::string file, const json& document) : file_(std::move(file)), document_(document) {}

  Result<HuggingFaceConfig> read() {
    if (!document_.is_object()) return Problem{file_, "top level", "found no object, expected a config.json"};
    config_.model_type =
        document_.value("model_type", json()).is_string() ? document_["model_type"].get<std::string>() : "";
    // The keys of a family that is not known are not known either.
    if (auto problem = models::model_type_problem(config_.model_type))
      return Problem{file_, problem->key, std::move(problem->message)};
    for (const auto& [key, value] : document_.items()) {
      if (!value.is_null()) read_key(key, value);
    }
    read_flags();
    if (!problems_.empty()) return problems_;
    return config_;
  }

 private:
  void add(const std::string& key, std::string message) {
    problems_.push_back({file_, key, std::move(message)});
  }

  void read_key(const std::string& key, const json& value) {
    for (const SizeKey& size : kSizes) {
      if (size.key == key) return read_size(size, value);
    }
    if (holds(kHarmless, key) || holds(kOthersRead, key)) return;
    for (const std::string_view beginning : kHarmlessBeginnings) {
      if (key.starts_with(beginning)) return;
    }
    add(key,
        "found a key that is not understood, expected only keys whose meaning for the model's shape is "
        "known; take it out where it changes none");
  }

  void read_size(const SizeKey& size, const json& value) {
    const bool whole = value.is_number_integer() && value.get<std::int64_t>() >= size.limits.least &&
                       value.get<std::int64_t>() <= size.limits.most;
    if (!whole) {
      return add(std::string(size.key), fmt::format("found {}, expected a whole number from {} to {}",
                                                    shown(value), size.limits.least, size.limits.most));
    }
    std::optional<int>& field = config_.*size.field;
    const int number = value.get<int>();
    if (field && *field != number) {
      return add(std::string(size.key),
                 fmt::format("found {}, and {} under another name for the same, expected one number", number,
                             *field));
    }
    field = number;
  }

  std::optional<bool> flag(const char* key) {
    const json value = document_.value(key, json());
    if (value.is_null()) return std::nullopt;
    if (value.is_boolean()) return value.get<bool>();
    add(key, fmt::format("found {}, expected true or false", value.dump()));
    return std::nullopt;
  }

  void read_flags() {
    config_.tie_word_embeddings = flag("tie_word_embeddings");
    config_.is_gated_act = flag("is_gated_act");
    const json projection = document_.value("feed_forward_proj", json());
    if (!config_.is_gated_act && projection.is_string())
      config_.is_gated_act = projection.get<std::string>().starts_with("gated");
    config_.multi_query = flag("multi_query");
    config_.bias = flag("bias");
    if (const auto biased = flag("enable_bias")) config_.bias = biased;
    if (const auto unbiased = flag("no_bias")) config_.bias = !*unbiased;
    config_.new_decoder_architecture = flag("new_decoder_architecture");
    config_.parallel_attention = flag("parallel_attn");
    if (const auto parallel = flag("use_parallel_residual")) config_.parallel_attention = parallel;
    if (!flag("use_sliding_window").value_or(true)) config_.sliding_window.reset();
    read_architecture();
    read_attention();
    refuse_mixed_layers();
    const json projected = document_.value("word_embed_proj_dim", json());
    if (projected.is_number_integer() && config_.hidden_size &&
        projected.get<std::int64_t>() != *config_.hidden_size)
      add("word_embed_proj_dim",
          fmt::format("found {}, expected hidden_size, {}", projected.dump(), *config_.hidden_size));
  }

  void read_architecture() {
    const json named = document_.value("architectures", json());
    if (named.is_array() && !named.empty() && named[0].is_string())
      config_.architecture = named[0].get<std::string>();
  }

  /// MPT's attention, which is an object of its own.
  void read_attention() {
    const json attention = document_.value("attn_config", json::object());
    if (attention.is_null()) return;
    if (!attention.is_object())
      return add("attn_config", fmt::format("found {}, expected an object", shown(attention)));
    const json type = attention.value("attn_type", json("multihead_attention"));
    if (type == "multiquery_attention") {
      config_.multi_query = true;
    } else if (type == "grouped_query_attention") {
      read_size({"kv_n_heads", &HuggingFaceConfig::num_key_value_heads},
                attention.value("kv_n_heads", json()));
    } else if (type != "multihead_attention") {
      add("attn_config.attn_type",
          fmt::format("found {}, expected {}", shown(type),
                      one_of({"multihead_attention", "multiquery_attention", "grouped_query_attention"})));
    }
    const bool relative =
        attention.value("alibi", json(true)) != false || attention.value("rope", json()) == true;
    if (!relative && flag("learned_pos_emb").value_or(true)) config_.position_table = true;
  }

  /// Keys by which layers differ from one another, or have norms that no layer here has.
  void refuse_mixed_layers() {
    const auto expect = [&](const char* key, const json& expected, const char* meaning) {
      const json found = document_.value(key, json());
      if (found.is_null() || found == expected) return;
      add(key, fmt::format("found {}, expected {}: {}", shown(found), expected.dump(), meaning));
    };
    expect("decoder_sparse_step", 1, "every layer has experts");
    expect("mlp_only_layers", json::array(), "every layer has experts");
    expect("qk_layernorm", false, "norms of queries and keys are not modelled");
    const json kinds = document_.value("layer_types", json::array());
    if (!kinds.is_array() ||
        std::adjacent_find(kinds.begin(), kinds.end(), std::not_equal_to<>()) != kinds.end())
      add("layer_types", "found layers of several kinds, expected only one kind");
  }

  std::string file_;
  const json& document_;
  HuggingFaceConfig config_;
  Problems problems_;
};

}  // namespace

Result<HuggingFaceConfig> read_huggingface_config(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file, kScenarioBytesLimit);
  if (!text) return text.problems;
  const Result<json> document = parse_json(file.string(), *text.value);
  if (!document) return document.problems;
  return Reader(file.string(), *document.value).read();
}

}  // namespace spotmix::scenarios
