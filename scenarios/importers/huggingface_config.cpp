#include "scenarios/importers/huggingface_config.h"

#include <algorithm>
#include <array>
#include <cmath>
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

/// Which values of a size mean that the model has none of it: null, "none" and -1; zero too, if it is
/// optional.
enum class Absence { never, in_words, also_zero };

/// What a size may be. The limits lie far above any model, and keep the products of sizes within bounds.
struct SizeLimits {
  int least = 1, most = 1'000'000;
  Absence absence = Absence::in_words;
};
constexpr int kMostPositions = 1'000'000'000;
constexpr SizeLimits kNeeded{.absence = Absence::never},
    kNeededCount{.most = models::kMostLayers, .absence = Absence::never},
    kWords{.most = kMostPositions, .absence = Absence::never}, kWidth{}, kCount{.most = models::kMostLayers},
    kMaybeNone{.absence = Absence::also_zero},
    kPositions{.most = kMostPositions, .absence = Absence::also_zero};

struct SizeKey {
  std::string_view key;
  std::optional<int> HuggingFaceConfig::*field;
  SizeLimits limits{};
};

/// Sizes under every name that a family gives them.
constexpr std::array kSizes{
    SizeKey{"hidden_size", &HuggingFaceConfig::hidden_size, kNeeded},
    SizeKey{"n_embd", &HuggingFaceConfig::hidden_size, kNeeded},
    SizeKey{"n_embed", &HuggingFaceConfig::hidden_size, kNeeded},
    SizeKey{"d_model", &HuggingFaceConfig::hidden_size, kNeeded},
    SizeKey{"dim", &HuggingFaceConfig::hidden_size, kNeeded},
    SizeKey{"num_hidden_layers", &HuggingFaceConfig::num_hidden_layers, kNeededCount},
    SizeKey{"n_layer", &HuggingFaceConfig::num_hidden_layers, kNeededCount},
    SizeKey{"n_layers", &HuggingFaceConfig::num_hidden_layers, kNeededCount},
    SizeKey{"num_layers", &HuggingFaceConfig::num_hidden_layers, kNeededCount},
    SizeKey{"num_decoder_layers", &HuggingFaceConfig::num_decoder_layers, kCount},
    SizeKey{"num_attention_heads", &HuggingFaceConfig::num_attention_heads, kNeeded},
    SizeKey{"n_head", &HuggingFaceConfig::num_attention_heads, kNeeded},
    SizeKey{"n_heads", &HuggingFaceConfig::num_attention_heads, kNeeded},
    SizeKey{"num_heads", &HuggingFaceConfig::num_attention_heads, kNeeded},
    SizeKey{"num_key_value_heads", &HuggingFaceConfig::num_key_value_heads, kWidth},
    SizeKey{"num_kv_heads", &HuggingFaceConfig::num_key_value_heads, kWidth},
    SizeKey{"n_head_kv", &HuggingFaceConfig::num_key_value_heads, kWidth},
    SizeKey{"head_dim", &HuggingFaceConfig::head_dim, kMaybeNone},
    SizeKey{"d_kv", &HuggingFaceConfig::head_dim, kMaybeNone},
    SizeKey{"intermediate_size", &HuggingFaceConfig::intermediate_size, kWidth},
    SizeKey{"n_inner", &HuggingFaceConfig::intermediate_size, kMaybeNone},
    SizeKey{"d_ff", &HuggingFaceConfig::intermediate_size, kWidth},
    SizeKey{"ffn_dim", &HuggingFaceConfig::intermediate_size, kWidth},
    SizeKey{"hidden_dim", &HuggingFaceConfig::intermediate_size, kWidth},
    SizeKey{"ffn_hidden_size", &HuggingFaceConfig::intermediate_size, kMaybeNone},
    SizeKey{"moe_intermediate_size", &HuggingFaceConfig::moe_intermediate_size, kMaybeNone},
    SizeKey{"embedding_size", &HuggingFaceConfig::embedding_size, kMaybeNone},
    SizeKey{"vocab_size", &HuggingFaceConfig::vocab_size, kWords},
    SizeKey{"max_position_embeddings", &HuggingFaceConfig::max_position_embeddings, kPositions},
    SizeKey{"n_positions", &HuggingFaceConfig::max_position_embeddings, kPositions},
    SizeKey{"max_seq_len", &HuggingFaceConfig::max_position_embeddings, kPositions},
    SizeKey{"seq_length", &HuggingFaceConfig::max_position_embeddings, kPositions},
    SizeKey{"type_vocab_size", &HuggingFaceConfig::type_vocab_size, {.least = 0}},
    SizeKey{"num_local_experts", &HuggingFaceConfig::num_local_experts, {.least = 0}},
    SizeKey{"num_experts", &HuggingFaceConfig::num_local_experts, {.least = 0}},
    SizeKey{"num_experts_per_tok", &HuggingFaceConfig::num_experts_per_tok, kMaybeNone},
    SizeKey{"expansion_ratio", &HuggingFaceConfig::expansion_ratio, kCount},
    SizeKey{"ff_factor", &HuggingFaceConfig::expansion_ratio, kCount},
    SizeKey{"num_ln_in_parallel_attn",
            &HuggingFaceConfig::num_ln_in_parallel_attn,
            {.most = 2, .absence = Absence::also_zero}},
    SizeKey{"sliding_window", &HuggingFaceConfig::sliding_window, kPositions},
};

/// Sizes of families that are not modelled. With another family they are refused unless they say "none", as
/// they do in files that several families share.
constexpr std::array<std::string_view, 26> kSizesElsewhere{"adapter_size",
                                                           "cross_attention_hidden_size",
                                                           "decoder_ffn_dim",
                                                           "decoder_layers",
                                                           "encoder_ffn_dim",
                                                           "encoder_layers",
                                                           "first_k_dense_replace",
                                                           "inner_group_num",
                                                           "kv_lora_rank",
                                                           "linear_num_key_heads",
                                                           "linear_num_value_heads",
                                                           "mamba_d_state",
                                                           "mamba_num_heads",
                                                           "moe_layer_freq",
                                                           "n_routed_experts",
                                                           "n_shared_experts",
                                                           "num_global_key_value_heads",
                                                           "num_hidden_groups",
                                                           "num_nextn_predict_layers",
                                                           "num_shared_experts",
                                                           "q_lora_rank",
                                                           "qk_nope_head_dim",
                                                           "qk_rope_head_dim",
                                                           "shared_expert_intermediate_size",
                                                           "state_size",
                                                           "v_head_dim"};

/// Keys that do not change what is computed, as far as a step's time and memory go. GPT-Neo's windows
/// (attention_layers, window_size) are masks: the scores behind them are computed. How weights are stored
/// (quantization_config) is no concern of training, which goes by workload.precision.
constexpr auto kHarmless = std::to_array<std::string_view>({"activation",
                                                            "activation_function",
                                                            "afn",
                                                            "alibi",
                                                            "apply_residual_connection_post_layernorm",
                                                            "attention_bias",
                                                            "attention_layers",
                                                            "attention_qkv_bias",
                                                            "attention_types",
                                                            "auto_map",
                                                            "bad_words_ids",
                                                            "begin_suppress_tokens",
                                                            "bias_dropout_fusion",
                                                            "cache_config",
                                                            "chunk_size_feed_forward",
                                                            "clip_qkv",
                                                            "compression_config",
                                                            "custom_pipelines",
                                                            "dense_act_fn",
                                                            "directionality",
                                                            "diversity_penalty",
                                                            "do_layer_norm_before",
                                                            "do_sample",
                                                            "dropout",
                                                            "dropout_rate",
                                                            "early_stopping",
                                                            "embedding_fraction",
                                                            "encoder_no_repeat_ngram_size",
                                                            "exponential_decay_length_penalty",
                                                            "finetuning_task",
                                                            "full_attn_mod",
                                                            "generation_config",
                                                            "generator_size",
                                                            "gradient_checkpointing",
                                                            "hidden_activation",
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
                                                            "layerdrop",
                                                            "length_penalty",
                                                            "lm_head_bias",
                                                            "logit_scale",
                                                            "logits_scaling",
                                                            "masked_softmax_fusion",
                                                            "max_batch_size",
                                                            "max_length",
                                                            "max_sequence_length",
                                                            "min_length",
                                                            "mlp_bias",
                                                            "model_max_length",
                                                            "n_ctx",
                                                            "n_special",
                                                            "no_repeat_ngram_size",
                                                            "no_rope_layer_interval",
                                                            "no_rope_layers",
                                                            "norm_topk_prob",
                                                            "norm_type",
                                                            "num_beam_groups",
                                                            "num_beams",
                                                            "num_labels",
                                                            "num_return_sequences",
                                                            "offset_alibi",
                                                            "output_attentions",
                                                            "output_hidden_states",
                                                            "output_past",
                                                            "output_router_logits",
                                                            "output_scores",
                                                            "pad_key_length",
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
                                                            "pruned_heads",
                                                            "qkv_bias",
                                                            "quantization",
                                                            "quantization_config",
                                                            "relative_attention_max_distance",
                                                            "relative_attention_num_buckets",
                                                            "remove_invalid_values",
                                                            "reorder_and_upcast_attn",
                                                            "repetition_penalty",
                                                            "return_dict",
                                                            "return_dict_in_generate",
                                                            "rotary",
                                                            "router_aux_loss_coef",
                                                            "router_jitter_noise",
                                                            "scale_attn_by_inverse_layer_idx",
                                                            "scale_attn_weights",
                                                            "sinusoidal_pos_embds",
                                                            "skip_bias_add",
                                                            "skip_bias_add_qkv",
                                                            "slow_but_exact",
                                                            "suppress_tokens",
                                                            "task_specific_params",
                                                            "temperature",
                                                            "tf_legacy_loss",
                                                            "tie_weights_",
                                                            "top_k",
                                                            "top_p",
                                                            "torch_dtype",
                                                            "torchscript",
                                                            "typical_p",
                                                            "use_bfloat16",
                                                            "use_cache",
                                                            "use_mrope",
                                                            "validate_runner_input",
                                                            "verbose",
                                                            "window_size"});

/// Groups of keys that are harmless by what they begin with: marks of libraries, positions, dropout.
constexpr std::array<std::string_view, 8> kHarmlessBeginnings{
    "_", "forced_", "resid_", "rope_", "rotary_", "summary_", "tokenizer_", "unsloth_"};

/// And by what they end with.
constexpr auto kHarmlessEndings = std::to_array<std::string_view>(
    {"_act", "_dropout", "_dropout_prob", "_eps", "_epsilon", "_fp32", "_implementation", "_multiplier",
     "_pdrop", "_token_id", "_token_ids", "_token_index", "_version"});

/// Keys that are read but are no sizes.
constexpr auto kOthersRead = std::to_array<std::string_view>({"architectures",
                                                              "attn_config",
                                                              "bias",
                                                              "decoder_sparse_step",
                                                              "dtype",
                                                              "enable_bias",
                                                              "feed_forward_proj",
                                                              "is_gated_act",
                                                              "layer_types",
                                                              "learned_pos_emb",
                                                              "max_window_layers",
                                                              "mlp_only_layers",
                                                              "model_type",
                                                              "multi_query",
                                                              "new_decoder_architecture",
                                                              "no_bias",
                                                              "original_max_position_embeddings",
                                                              "parallel_attn",
                                                              "qk_layernorm",
                                                              "tie_word_embeddings",
                                                              "use_bias",
                                                              "use_parallel_residual",
                                                              "use_qk_norm",
                                                              "use_sliding_window",
                                                              "word_embed_proj_dim"});

/// Keys of the models within a model of several kinds of input, the text model's first.
constexpr auto kTextModels =
    std::to_array<std::string_view>({"text_config", "llm_config", "language_config"});

template <class List>
bool holds(const List& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

bool is_harmless(std::string_view key) {
  return holds(kHarmless, key) ||
         std::any_of(kHarmlessBeginnings.begin(), kHarmlessBeginnings.end(),
                     [&](std::string_view beginning) { return key.starts_with(beginning); }) ||
         std::any_of(kHarmlessEndings.begin(), kHarmlessEndings.end(),
                     [&](std::string_view ending) { return key.ends_with(ending); });
}

bool means_none(const json& value, Absence absence) {
  if (value.is_null()) return true;
  if (absence == Absence::never) return false;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return text.empty() || text == "none" || text == "None" || text == "null";
  }
  if (value == -1) return true;
  if (absence != Absence::also_zero) return false;
  if (value.is_boolean()) return !value.get<bool>();
  return value.is_structured() ? value.empty() : value == 0;
}

class Reader {
 public:
  Reader(std::string file, json document) : file_(std::move(file)), document_(std::move(document)) {}

  Result<HuggingFaceConfig> read() {
    if (!document_.is_object()) return Problem{file_, "top level", "found no object, expected a config.json"};
    enter_text_model();
    config_.model_type = type_of(document_);
    // The keys of a family that is not known are not known either.
    if (auto problem = models::model_type_problem(config_.model_type))
      return Problem{file_, prefix_ + problem->where, std::move(problem->message)};
    for (const auto& [key, value] : document_.items()) read_key(key, value);
    read_flags();
    read_original_positions();
    if (!problems_.empty()) return problems_;
    return config_;
  }

 private:
  void add(const std::string& key, std::string message) {
    problems_.push_back({file_, prefix_ + key, std::move(message)});
  }

  static std::string type_of(const json& document) {
    const auto type = document.find("model_type");
    return type != document.end() && type->is_string() ? type->get<std::string>() : "";
  }

  /// Multimodal configs hold the text model in an object of its own; the other models are not modelled.
  void enter_text_model() {
    if (!models::model_type_problem(type_of(document_))) return;
    const auto* const text = std::find_if(kTextModels.begin(), kTextModels.end(), [&](std::string_view key) {
      const auto within = document_.find(key);
      return within != document_.end() && within->is_object();
    });
    if (text == kTextModels.end()) return;
    json within = document_[std::string(*text)];
    for (const auto& [key, value] : document_.items()) {
      if (key != *text && key.ends_with("_config") && value.is_object() && value.contains("model_type"))
        config_.other_parts.push_back(key);
    }
    if (!within.contains("tie_word_embeddings") && document_.contains("tie_word_embeddings"))
      within["tie_word_embeddings"] = document_["tie_word_embeddings"];
    document_ = std::move(within);
    prefix_ = std::string(*text) + ".";
  }

  void read_key(const std::string& key, const json& value) {
    for (const SizeKey& size : kSizes) {
      if (size.key == key) return read_size(size, value);
    }
    if (holds(kOthersRead, key) || is_harmless(key) || means_none(value, Absence::also_zero)) return;
    if (holds(kSizesElsewhere, key)) {
      return add(key,
                 fmt::format("found {}, expected nothing with model_type {}: it is a size of other families",
                             shown(value), in_quotes(config_.model_type)));
    }
    config_.unknown_keys.push_back(key);
  }

  /// A whole number, also where it is written as 4096.0.
  static std::optional<int> whole_number(const json& value, const SizeLimits& limits) {
    if (!value.is_number()) return std::nullopt;
    const double number = value.get<double>();
    if (number != std::floor(number) || number < limits.least || number > limits.most) return std::nullopt;
    return static_cast<int>(number);
  }

  void read_size(const SizeKey& size, const json& value) {
    if (means_none(value, size.limits.absence)) return;
    const auto number = whole_number(value, size.limits);
    if (!number) {
      return add(std::string(size.key), fmt::format("found {}, expected a whole number from {} to {}",
                                                    shown(value), size.limits.least, size.limits.most));
    }
    std::optional<int>& field = config_.*size.field;
    if (field && *field != *number) {
      return add(std::string(size.key),
                 fmt::format("found {}, and {} under another name for the same, expected one number", *number,
                             *field));
    }
    field = number;
  }

  std::optional<bool> flag(const char* key) {
    const json value = document_.value(key, json());
    if (means_none(value, Absence::in_words)) return std::nullopt;
    if (value.is_boolean()) return value.get<bool>();
    add(key, fmt::format("found {}, expected true or false", shown(value)));
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
    if (const auto biased = flag("use_bias")) config_.bias = biased;
    if (const auto unbiased = flag("no_bias")) config_.bias = !*unbiased;
    config_.new_decoder_architecture = flag("new_decoder_architecture");
    config_.parallel_attention = flag("parallel_attn");
    if (const auto parallel = flag("use_parallel_residual")) config_.parallel_attention = parallel;
    if (flag("use_qk_norm").value_or(false) && !models::has_query_key_norms(config_.model_type))
      config_.unknown_keys.emplace_back("use_qk_norm");
    read_architecture();
    read_attention();
    read_layer_kinds();
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

  /// Which layers have the window: all, none, or those that their kinds or `max_window_layers` say.
  void read_layer_kinds() {
    const bool on_request = models::has_window_on_request(config_.model_type);
    if (!flag("use_sliding_window").value_or(!on_request)) config_.sliding_window.reset();
    const json full_layers = document_.value("max_window_layers", json());
    const int layers = config_.num_hidden_layers.value_or(0);
    if (on_request && config_.sliding_window && full_layers.is_number_integer() && full_layers > 0) {
      if (full_layers >= layers) config_.sliding_window.reset();
      config_.some_layers_slide = true;
    }
    const json kinds = document_.value("layer_types", json());
    if (means_none(kinds, Absence::also_zero)) return;
    const auto known = [](const json& kind) {
      return kind == "full_attention" || kind == "sliding_attention";
    };
    const bool alike = kinds.is_array() &&
                       std::adjacent_find(kinds.begin(), kinds.end(), std::not_equal_to<>()) == kinds.end();
    if (!kinds.is_array() || (!alike && !std::all_of(kinds.begin(), kinds.end(), known)))
      return add("layer_types", "found layers of several kinds, expected only one kind");
    if (alike && kinds.front() == "full_attention") config_.sliding_window.reset();
    config_.some_layers_slide = !alike;
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
  }

  /// Where positions are stretched, the file says how many the model was trained on, for all layers or for
  /// each kind of them.
  void read_original_positions() {
    take_original_positions(document_, "");
    for (const char* key : {"rope_scaling", "rope_parameters"}) {
      const json rope = document_.value(key, json());
      if (!rope.is_object()) continue;
      take_original_positions(rope, key);
      for (const auto& [kind, of_kind] : rope.items()) {
        if (of_kind.is_object()) take_original_positions(of_kind, key_path(key, kind));
      }
    }
  }

  void take_original_positions(const json& object, const std::string& path) {
    for (const char* key : {"original_max_position_embeddings", "initial_context_length"}) {
      const auto found = whole_number(object.value(key, json()), kPositions);
      if (!found || *found >= config_.original_positions.value_or(kMostPositions)) continue;
      config_.original_positions = found;
      config_.original_positions_key = prefix_ + key_path(path, key);
    }
  }

  std::string file_;
  json document_;       ///< The text model's part.
  std::string prefix_;  ///< Of its keys in messages.
  HuggingFaceConfig config_;
  Problems problems_;
};

}  // namespace

Result<HuggingFaceConfig> read_huggingface_config(const std::filesystem::path& file) {
  const Result<std::string> text = read_text(file, kScenarioBytesLimit);
  if (!text) return text.problems;
  // Python writes what JSON lacks; in a key that is not read it does not matter.
  Result<json> document = parse_json(file.string(), quote_non_finite_numbers(*text.value));
  if (!document) return document.problems;
  return Reader(file.string(), std::move(*document.value)).read();
}

}  // namespace spotmix::scenarios
