// The config.json of published models, with every key that they have, against the parameters that their
// weights count.

#include "scenarios/importers/huggingface_config.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "models/workload/library.h"
#include "tests/scratch.h"

using namespace spotmix;
using namespace spotmix::scenarios;

namespace {

models::Workload workload_of(const std::string& config) {
  const tests::Scratch scratch;
  const auto read = read_huggingface_config(scratch.write("config.json", config));
  for (const Problem& problem : read.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(read);
  return models::transformer(models::shape_of(*read.value, std::nullopt).value.value());
}

void check_parameters(const std::string& config, double published) {
  CHECK(models::parameters(workload_of(config)) == Approx(published).epsilon(0.001));
}

/// The lines of a refusal, without the file's name.
std::vector<std::string> refusal_of(const std::string& config) {
  const tests::Scratch scratch;
  const auto read = read_huggingface_config(scratch.write("config.json", config));
  std::vector<std::string> lines;
  for (const Problem& problem : read.problems) lines.push_back(problem.where + ": " + problem.message);
  return lines;
}

}  // namespace

TEST_CASE("gemma-7b shares its embedding with the head though its config.json does not say so") {
  check_parameters(
      R"({"architectures": ["GemmaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
    "bos_token_id": 2, "eos_token_id": 1, "head_dim": 256, "hidden_act": "gelu", "hidden_activation": null,
    "hidden_size": 3072, "initializer_range": 0.02, "intermediate_size": 24576, "max_position_embeddings": 8192,
    "model_type": "gemma", "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 16,
    "pad_token_id": 0, "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 10000.0,
    "torch_dtype": "bfloat16", "transformers_version": "4.38.0.dev0", "use_cache": true, "vocab_size": 256000})",
      8'537'680'896);
}

TEST_CASE("mpt-7b") {
  check_parameters(
      R"({"architectures": ["MPTForCausalLM"], "attn_config": {"alibi": true, "alibi_bias_max": 8,
    "attn_impl": "torch", "attn_pdrop": 0, "attn_type": "multihead_attention", "attn_uses_sequence_id": false,
    "clip_qkv": null, "prefix_lm": false, "qk_ln": false, "softmax_scale": null},
    "auto_map": {"AutoConfig": "configuration_mpt.MPTConfig"}, "d_model": 4096, "emb_pdrop": 0,
    "embedding_fraction": 1.0, "expansion_ratio": 4, "init_config": {"init_std": 0.02}, "init_device": "cpu",
    "learned_pos_emb": true, "logit_scale": null, "max_seq_len": 2048, "model_type": "mpt", "n_heads": 32,
    "n_layers": 32, "no_bias": true, "norm_type": "low_precision_layernorm", "resid_pdrop": 0,
    "tokenizer_name": "EleutherAI/gpt-neox-20b", "torch_dtype": "bfloat16", "transformers_version": "4.28.1",
    "use_cache": false, "verbose": 0, "vocab_size": 50432})",
      6'649'286'656);
}

TEST_CASE("An MPT without linear biases has a table of positions and attention may share its keys") {
  const std::string before = R"({"model_type": "mpt", "d_model": 1024, "n_heads": 16, "n_layers": 4,
    "max_seq_len": 2048, "no_bias": true, "vocab_size": 50432, "attn_config": )";
  const double plain = models::parameters(workload_of(before + R"({"alibi": true}})"));
  CHECK(models::parameters(workload_of(before + R"({"alibi": false}})")) == plain + 2048 * 1024);
  CHECK(models::parameters(workload_of(before + R"({"attn_type": "multiquery_attention"}})")) ==
        plain - 4 * 2 * 1024 * (1024 - 64));
  CHECK(models::parameters(
            workload_of(before + R"({"attn_type": "grouped_query_attention", "kv_n_heads": 4}})")) ==
        plain - 4 * 2 * 1024 * (1024 - 256));
}

TEST_CASE("gpt-j-6b") {
  check_parameters(
      R"({"activation_function": "gelu_new", "architectures": ["GPTJForCausalLM"], "attn_pdrop": 0.0,
    "bos_token_id": 50256, "embd_pdrop": 0.0, "eos_token_id": 50256, "gradient_checkpointing": false,
    "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gptj", "n_embd": 4096, "n_head": 16,
    "n_inner": null, "n_layer": 28, "n_positions": 2048, "resid_pdrop": 0.0, "rotary": true, "rotary_dim": 64,
    "scale_attn_weights": true, "summary_activation": null, "summary_first_dropout": 0.1,
    "summary_proj_to_labels": true, "summary_type": "cls_index", "summary_use_proj": true,
    "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50, "temperature": 1.0}},
    "tie_word_embeddings": false, "tokenizer_class": "GPT2Tokenizer", "transformers_version": "4.18.0.dev0",
    "use_cache": true, "vocab_size": 50400})",
      6'050'882'784);
}

TEST_CASE("bloom-560m") {
  check_parameters(R"({"apply_residual_connection_post_layernorm": false, "attention_dropout": 0.0,
    "architectures": ["BloomForCausalLM"], "attention_softmax_in_fp32": true, "bias_dropout_fusion": true,
    "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 3, "unk_token_id": 0, "hidden_dropout": 0.0,
    "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "masked_softmax_fusion": true,
    "model_type": "bloom", "n_embed": 1024, "n_inner": null, "n_layer": 24, "num_attention_heads": 16,
    "offset_alibi": 100, "pretraining_tp": 1, "skip_bias_add": true, "skip_bias_add_qkv": false,
    "slow_but_exact": false, "transformers_version": "4.20.0", "use_cache": true, "vocab_size": 250880})",
                   559'214'592);
}

TEST_CASE("gpt-neo-1.3B") {
  check_parameters(R"({"activation_function": "gelu_new", "architectures": ["GPTNeoForCausalLM"],
    "attention_dropout": 0, "attention_layers": ["global", "local", "global", "local", "global", "local",
      "global", "local", "global", "local", "global", "local", "global", "local", "global", "local", "global",
      "local", "global", "local", "global", "local", "global", "local"],
    "attention_types": [[["global", "local"], 12]], "bos_token_id": 50256, "embed_dropout": 0,
    "eos_token_id": 50256, "gradient_checkpointing": false, "hidden_size": 2048, "initializer_range": 0.02,
    "intermediate_size": null, "layer_norm_epsilon": 1e-05, "max_position_embeddings": 2048,
    "model_type": "gpt_neo", "num_heads": 16, "num_layers": 24, "resid_dropout": 0, "summary_activation": null,
    "summary_first_dropout": 0.1, "summary_proj_to_labels": true, "summary_type": "cls_index",
    "summary_use_proj": true, "task_specific_params": {}, "tokenizer_class": "GPT2Tokenizer",
    "transformers_version": "4.9.0.dev0", "use_cache": true, "vocab_size": 50257, "window_size": 256})",
                   1'315'575'808);
}

TEST_CASE("gpt-neox-20b") {
  const std::string config = R"({"architectures": ["GPTNeoXForCausalLM"], "attention_probs_dropout_prob": 0,
    "bos_token_id": 0, "eos_token_id": 0, "hidden_act": "gelu_fast", "hidden_dropout_prob": 0,
    "hidden_size": 6144, "initializer_range": 0.02, "intermediate_size": 24576, "layer_norm_eps": 1e-05,
    "max_position_embeddings": 2048, "model_type": "gpt_neox", "num_attention_heads": 64,
    "num_hidden_layers": 44, "rotary_emb_base": 10000, "rotary_pct": 0.25, "tie_word_embeddings": false,
    "torch_dtype": "float16", "transformers_version": "4.19.0.dev0", "use_cache": true, "vocab_size": 50432})";
  check_parameters(config, 20'554'567'680);
  CHECK(workload_of(config).layers[1].forward_reductions == 1);  // attention and feed-forward in parallel
}

TEST_CASE("starcoder shares one head of keys and values") {
  check_parameters(R"({"activation_function": "gelu", "architectures": ["GPTBigCodeForCausalLM"],
    "attention_softmax_in_fp32": true, "attn_pdrop": 0.1, "bos_token_id": 0, "embd_pdrop": 0.1, "eos_token_id": 0,
    "inference_runner": 0, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "max_batch_size": null,
    "max_sequence_length": null, "model_type": "gpt_bigcode", "multi_query": true, "n_embd": 6144, "n_head": 48,
    "n_inner": 24576, "n_layer": 40, "n_positions": 8192, "pad_key_length": true, "pre_allocate_kv_cache": false,
    "resid_pdrop": 0.1, "scale_attention_softmax_in_fp32": true, "scale_attn_weights": true,
    "summary_activation": null, "summary_first_dropout": 0.1, "summary_proj_to_labels": true,
    "summary_type": "cls_index", "summary_use_proj": true, "transformers_version": "4.28.1", "use_cache": true,
    "validate_runner_input": true, "vocab_size": 49152})",
                   15'517'456'384);
}

TEST_CASE("opt-6.7b") {
  check_parameters(R"({"_name_or_path": "facebook/opt-6.7b", "_remove_final_layer_norm": false,
    "activation_dropout": 0.0, "activation_function": "relu", "architectures": ["OPTForCausalLM"],
    "attention_dropout": 0.0, "bos_token_id": 2, "do_layer_norm_before": true, "dropout": 0.1, "eos_token_id": 2,
    "ffn_dim": 16384, "hidden_size": 4096, "init_std": 0.02, "layerdrop": 0.0, "max_position_embeddings": 2048,
    "model_type": "opt", "num_attention_heads": 32, "num_hidden_layers": 32, "pad_token_id": 1,
    "prefix": "</s>", "torch_dtype": "float16", "transformers_version": "4.21.0.dev0", "use_cache": true,
    "vocab_size": 50272, "word_embed_proj_dim": 4096})",
                   6'658'473'984);
}

TEST_CASE("Phi-2 adds attention and feed-forward which read one norm at once") {
  const std::string config = R"({"architectures": ["PhiForCausalLM"], "attention_dropout": 0.0,
    "bos_token_id": 50256, "embd_pdrop": 0.0, "eos_token_id": 50256, "hidden_act": "gelu_new",
    "hidden_size": 2560, "initializer_range": 0.02, "intermediate_size": 10240, "layer_norm_eps": 1e-05,
    "max_position_embeddings": 2048, "model_type": "phi", "num_attention_heads": 32, "num_hidden_layers": 32,
    "num_key_value_heads": 32, "partial_rotary_factor": 0.4, "qk_layernorm": false, "resid_pdrop": 0.1,
    "rope_scaling": null, "rope_theta": 10000.0, "tie_word_embeddings": false, "torch_dtype": "float16",
    "transformers_version": "4.37.0", "use_cache": true, "vocab_size": 51200})";
  check_parameters(config, 2'779'683'840);
  const models::Layer layer = workload_of(config).layers[1];
  CHECK(layer.forward_reductions == 1);
  CHECK(layer.backward_reductions == 1);
  const auto times = [&](const std::string& name) {
    return std::count_if(layer.memory_work.begin(), layer.memory_work.end(),
                         [&](const models::MemoryWork& work) { return work.name == name; });
  };
  CHECK(times("norm") == 1);
  CHECK(times("residual") == 1);
}

TEST_CASE("phi-1.5") {
  check_parameters(R"({"architectures": ["PhiForCausalLM"], "attention_dropout": 0.0, "bos_token_id": null,
    "embd_pdrop": 0.0, "eos_token_id": null, "hidden_act": "gelu_new", "hidden_size": 2048,
    "initializer_range": 0.02, "intermediate_size": 8192, "layer_norm_eps": 1e-05,
    "max_position_embeddings": 2048, "model_type": "phi", "num_attention_heads": 32, "num_hidden_layers": 24,
    "num_key_value_heads": null, "partial_rotary_factor": 0.5, "qk_layernorm": false, "resid_pdrop": 0.0,
    "rope_scaling": null, "rope_theta": 10000.0, "tie_word_embeddings": false, "torch_dtype": "float16",
    "transformers_version": "4.37.0", "use_cache": true, "vocab_size": 51200})",
                   1'418'270'720);
}

TEST_CASE("Phi-3-mini-4k") {
  check_parameters(
      R"({"architectures": ["Phi3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
    "auto_map": {}, "bos_token_id": 1, "embd_pdrop": 0.0, "eos_token_id": 32000, "hidden_act": "silu",
    "hidden_size": 3072, "initializer_range": 0.02, "intermediate_size": 8192, "max_position_embeddings": 4096,
    "model_type": "phi3", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
    "original_max_position_embeddings": 4096, "pad_token_id": 32000, "resid_pdrop": 0.0, "rms_norm_eps": 1e-05,
    "rope_scaling": null, "rope_theta": 10000.0, "sliding_window": 2047, "tie_word_embeddings": false,
    "torch_dtype": "bfloat16", "transformers_version": "4.40.2", "use_cache": true, "vocab_size": 32064})",
      3'821'079'552);
}

TEST_CASE("Falcon-7b has one head of keys and values whatever num_kv_heads says") {
  const std::string config = R"({"alibi": false, "apply_residual_connection_post_layernorm": false,
    "architectures": ["FalconForCausalLM"], "attention_dropout": 0.0, "auto_map": {}, "bias": false,
    "bos_token_id": 11, "eos_token_id": 11, "hidden_dropout": 0.0, "hidden_size": 4544,
    "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "falcon", "multi_query": true,
    "new_decoder_architecture": false, "num_attention_heads": 71, "num_hidden_layers": 32, "num_kv_heads": 71,
    "parallel_attn": true, "torch_dtype": "bfloat16", "transformers_version": "4.27.4", "use_cache": true,
    "vocab_size": 65024})";
  check_parameters(config, 6'921'720'704);
  CHECK(models::parameters(workload_of(config)) == 6'921'720'704);
  CHECK(workload_of(config).sequence_length == 2048);  // the family's, where the file does not say
}

TEST_CASE("falcon-40b has groups of heads and two norms a layer") {
  const std::string config = R"({"alibi": false, "apply_residual_connection_post_layernorm": false,
    "architectures": ["FalconForCausalLM"], "attention_dropout": 0.0, "auto_map": {}, "bias": false,
    "bos_token_id": 11, "eos_token_id": 11, "hidden_dropout": 0.0, "hidden_size": 8192,
    "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "falcon", "multi_query": true,
    "new_decoder_architecture": true, "num_attention_heads": 128, "num_hidden_layers": 60, "num_kv_heads": 8,
    "parallel_attn": true, "torch_dtype": "bfloat16", "transformers_version": "4.27.4", "use_cache": true,
    "vocab_size": 65024})";
  check_parameters(config, 41'303'293'952);
  CHECK(models::parameters(workload_of(config)) == 41'303'293'952);
}

TEST_CASE("falcon-rw-1b has biases and layers in sequence") {
  const std::string config = R"({"alibi": true, "apply_residual_connection_post_layernorm": false,
    "architectures": ["FalconForCausalLM"], "attention_dropout": 0.0, "auto_map": {}, "bias": true,
    "bos_token_id": 1, "eos_token_id": 2, "hidden_dropout": 0.0, "hidden_size": 2048,
    "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "falcon", "multi_query": false,
    "new_decoder_architecture": false, "num_attention_heads": 32, "num_hidden_layers": 24,
    "parallel_attn": false, "torch_dtype": "bfloat16", "transformers_version": "4.27.4", "use_cache": true,
    "vocab_size": 50304})";
  check_parameters(config, 1'311'625'216);
  CHECK(workload_of(config).layers[1].forward_reductions == 2);
}

TEST_CASE("electra-small-discriminator has narrow tables and tells which tokens were replaced") {
  const std::string config =
      R"({"architectures": ["ElectraForPreTraining"], "attention_probs_dropout_prob": 0.1,
    "embedding_size": 128, "generator_size": "0.25", "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
    "hidden_size": 256, "initializer_range": 0.02, "intermediate_size": 1024, "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512, "model_type": "electra", "num_attention_heads": 4, "num_hidden_layers": 12,
    "pad_token_id": 0, "position_embedding_type": "absolute", "summary_activation": "gelu",
    "summary_last_dropout": 0.1, "summary_type": "first", "summary_use_proj": true, "type_vocab_size": 2,
    "vocab_size": 30522})";
  check_parameters(config, 13'549'057);
  // 12 layers of 789,760 and the projection, once per token: the head is small.
  CHECK(models::forward_flop(workload_of(config)) / (2 * 512) < 12 * (789'760 + 2 * 512 * 256) + 200'000);
}

TEST_CASE("electra-base-discriminator has tables as wide as its layers") {
  check_parameters(R"({"architectures": ["ElectraForPreTraining"], "embedding_size": 768, "hidden_size": 768,
    "intermediate_size": 3072, "max_position_embeddings": 512, "model_type": "electra",
    "num_attention_heads": 12, "num_hidden_layers": 12, "type_vocab_size": 2, "vocab_size": 30522})",
                   109'483'009);
}

TEST_CASE("electra-small-generator fills in words") {
  const models::Workload generator =
      workload_of(R"({"architectures": ["ElectraForMaskedLM"], "embedding_size": 128,
    "hidden_size": 256, "intermediate_size": 1024, "max_position_embeddings": 512, "model_type": "electra",
    "num_attention_heads": 4, "num_hidden_layers": 12, "type_vocab_size": 2, "vocab_size": 30522})");
  CHECK(models::parameters(generator) == Approx(13'546'682).epsilon(0.001));
  CHECK(generator.layers.back().tied_parameters == 30522 * 128);
}

TEST_CASE("distilbert-base-uncased has neither pooler nor token types") {
  check_parameters(
      R"({"activation": "gelu", "architectures": ["DistilBertForMaskedLM"], "attention_dropout": 0.1,
    "dim": 768, "dropout": 0.1, "hidden_dim": 3072, "initializer_range": 0.02, "max_position_embeddings": 512,
    "model_type": "distilbert", "n_heads": 12, "n_layers": 6, "pad_token_id": 0, "qa_dropout": 0.1,
    "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": false, "tie_weights_": true,
    "transformers_version": "4.10.0.dev0", "vocab_size": 30522})",
      66'985'530);
}

TEST_CASE("roberta-base") {
  check_parameters(R"({"architectures": ["RobertaForMaskedLM"], "attention_probs_dropout_prob": 0.1,
    "bos_token_id": 0, "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 768,
    "initializer_range": 0.02, "intermediate_size": 3072, "layer_norm_eps": 1e-05,
    "max_position_embeddings": 514, "model_type": "roberta", "num_attention_heads": 12, "num_hidden_layers": 12,
    "pad_token_id": 1, "type_vocab_size": 1, "vocab_size": 50265})",
                   124'697'433);
}

TEST_CASE("mt5-small") {
  check_parameters(
      R"({"architectures": ["MT5ForConditionalGeneration"], "d_ff": 1024, "d_kv": 64, "d_model": 512,
    "decoder_start_token_id": 0, "dropout_rate": 0.1, "eos_token_id": 1, "feed_forward_proj": "gated-gelu",
    "initializer_factor": 1.0, "is_encoder_decoder": true, "layer_norm_epsilon": 1e-06, "model_type": "mt5",
    "num_decoder_layers": 8, "num_heads": 6, "num_layers": 8, "pad_token_id": 0,
    "relative_attention_num_buckets": 32, "tie_word_embeddings": false, "tokenizer_class": "T5Tokenizer",
    "transformers_version": "4.10.0.dev0", "use_cache": true, "vocab_size": 250112})",
      300'176'768);
}

TEST_CASE("Qwen2.5-7B") {
  check_parameters(
      R"({"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
    "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 3584, "initializer_range": 0.02,
    "intermediate_size": 18944, "max_position_embeddings": 131072, "max_window_layers": 28,
    "model_type": "qwen2", "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4,
    "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 131072, "tie_word_embeddings": false,
    "torch_dtype": "bfloat16", "transformers_version": "4.40.1", "use_cache": true, "use_mrope": false,
    "use_sliding_window": false, "vocab_size": 152064})",
      7'615'616'512);
}

TEST_CASE("Qwen3-30B-A3B takes the width of its experts") {
  check_parameters(
      R"({"architectures": ["Qwen3MoeForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
    "bos_token_id": 151643, "decoder_sparse_step": 1, "eos_token_id": 151645, "head_dim": 128,
    "hidden_act": "silu", "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 6144,
    "max_position_embeddings": 40960, "max_window_layers": 48, "mlp_only_layers": [],
    "model_type": "qwen3_moe", "moe_intermediate_size": 768, "norm_topk_prob": true, "num_attention_heads": 32,
    "num_experts": 128, "num_experts_per_tok": 8, "num_hidden_layers": 48, "num_key_value_heads": 4,
    "output_router_logits": false, "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000000.0,
    "router_aux_loss_coef": 0.001, "sliding_window": null, "tie_word_embeddings": false,
    "torch_dtype": "bfloat16", "transformers_version": "4.51.0", "use_cache": true,
    "use_sliding_window": false, "vocab_size": 151936})",
      30'532'122'624);
}

TEST_CASE("albert is refused: its layers share their parameters") {
  const auto lines = refusal_of(R"({"model_type": "albert", "embedding_size": 128, "inner_group_num": 1})");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with(
      "model_type: found \"albert\", whose layers share one set of parameters, which is not "
      "modelled, expected one of \"bert\", "));
}

TEST_CASE("A model type that is not known is reported instead of its keys") {
  const auto lines = refusal_of(R"({"model_type": "deepseek_v3", "kv_lora_rank": 512, "hidden_size": 0})");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("model_type: found \"deepseek_v3\", expected one of "));
  CHECK(refusal_of(R"({"hidden_size": 64})")
            .front()
            .starts_with("model_type: found nothing, expected one of "));
}

TEST_CASE("Layers that differ from one another are refused") {
  CHECK(refusal_of(R"({"model_type": "qwen3_moe", "decoder_sparse_step": 2, "mlp_only_layers": [0]})") ==
        std::vector<std::string>{"decoder_sparse_step: found 2, expected 1: every layer has experts",
                                 "mlp_only_layers: found a list, expected []: every layer has experts"});
  CHECK(refusal_of(R"({"model_type": "phi", "qk_layernorm": true})") ==
        std::vector<std::string>{
            "qk_layernorm: found true, expected false: norms of queries and keys are not modelled"});
  CHECK(refusal_of(R"({"model_type": "qwen3", "layer_types": ["full_attention", "linear_attention"]})") ==
        std::vector<std::string>{"layer_types: found layers of several kinds, expected only one kind"});
}

namespace {

/// A small model of the family with `more` keys.
std::string small(const std::string& type, const std::string& more = "") {
  return R"({"model_type": ")" + type +
         R"(", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "vocab_size": 1000)" +
         (more.empty() ? "" : ", " + more) + "}";
}

models::HuggingFaceConfig config_of(const std::string& config) {
  const tests::Scratch scratch;
  const auto read = read_huggingface_config(scratch.write("config.json", config));
  for (const Problem& problem : read.problems) UNSCOPED_INFO(to_line(problem));
  REQUIRE(read);
  return *read.value;
}

}  // namespace

TEST_CASE("Windows of some layers matter only to longer sequences") {
  const std::string kinds = R"("sliding_window": 512, "use_sliding_window": true, "layer_types": [
      "full_attention", "sliding_attention", "full_attention", "sliding_attention"])";
  const models::HuggingFaceConfig config = config_of(small("qwen3", kinds));
  CHECK(models::shape_of(config, 512).value.value().attention_span == 0);
  const Problems refused = models::shape_of(config, 1024).problems;
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].where == "layer_types");
  CHECK(
      refused[0].message ==
      "found layers with a window of 512 tokens beside others, expected one kind, or a sequence_length of at "
      "most 512 instead of 1024");
}

TEST_CASE("Qwen has windows only where it asks for them and Mistral wherever it names one") {
  const auto span = [](const std::string& config) {
    return models::shape_of(config_of(config), 4096).value.value().attention_span;
  };
  CHECK(span(small("mistral", R"("sliding_window": 512)")) == 512);
  CHECK(span(small("ministral3", R"("sliding_window": null)")) == 0);
  CHECK(span(small("qwen2", R"("sliding_window": 512)")) == 0);
  CHECK(span(small("qwen2", R"("sliding_window": 512, "use_sliding_window": true)")) == 512);
  // No layer is behind the last of those without a window.
  CHECK(span(small("qwen2",
                   R"("sliding_window": 512, "use_sliding_window": true, "max_window_layers": 4)")) == 0);
  CHECK(span(small("mistral",
                   R"("sliding_window": 512, "layer_types": ["full_attention", "full_attention"])")) == 0);
}

TEST_CASE("A key that no family reads as a size is listed and one known to be harmless is not") {
  const models::HuggingFaceConfig config = config_of(
      small("llama", R"("fancy_mode": 3, "_attn_implementation_autoset": true, "unsloth_fixed": true,
      "unsloth_version": "2025.1", "internal_version": "7b-x", "custom_pipelines": {"a": 1},
      "quantization_config": {"quant_method": "fp8"}, "auto_map": {"AutoConfig": "x"}, "dtype": "bfloat16",
      "torch_dtype": "float16", "temperature": 1.0, "num_beams": 1, "bad_words_ids": null, "top_k": 50,
      "use_qk_norm": true, "rope_parameters": {"rope_theta": 1e4}, "pruned_heads": {}, "suppress_tokens": null)"));
  CHECK(config.unknown_keys == std::vector<std::string>{"fancy_mode", "use_qk_norm"});
  CHECK(config_of(small("qwen3_moe", R"("use_qk_norm": true)")).unknown_keys.empty());
}

TEST_CASE("A value that says that there is none of a thing is none") {
  for (const char* none : {"null", "0", "-1", R"("none")", "false", "[]", R"("")"}) {
    INFO(none);
    const models::HuggingFaceConfig config = config_of(small(
        "qwen3_moe", std::string(R"("shared_expert_intermediate_size": )") + none + R"(, "head_dim": )" +
                         none + R"(, "sliding_window": )" + none + R"(, "some_new_size": )" + none));
    CHECK_FALSE(config.head_dim);
    CHECK_FALSE(config.sliding_window);
    CHECK(config.unknown_keys.empty());
  }
  CHECK(
      refusal_of(small("qwen3_moe", R"("shared_expert_intermediate_size": 512)")) ==
      std::vector<std::string>{"shared_expert_intermediate_size: found 512, expected nothing with model_type "
                               "\"qwen3_moe\": it is a size of other families"});
  CHECK(config_of(small("mistral", R"("num_key_value_heads": 2.0)")).num_key_value_heads == 2);
}

TEST_CASE("What Python writes for numbers without end does not matter where it is not read") {
  CHECK(
      config_of(small("llama",
                      R"("time_limit": [0.0, Infinity], "floor_eps": -Infinity, "note": "NaN, \"Infinity")"))
          .unknown_keys == std::vector<std::string>{"note", "time_limit"});
  CHECK(refusal_of(small("llama", R"("head_dim": NaN)")) ==
        std::vector<std::string>{"head_dim: found \"NaN\", expected a whole number from 1 to 1000000"});
}

TEST_CASE("A family under another name has its rules") {
  const auto same = [](const char* renamed, const char* family) {
    return models::parameters(workload_of(small(renamed))) == models::parameters(workload_of(small(family)));
  };
  CHECK(same("xlm-roberta", "roberta"));
  CHECK(same("camembert", "roberta"));
  CHECK(same("ministral3", "mistral"));
  CHECK(same("codegen", "gptj"));
  CHECK(workload_of(small("camembert")).name == "camembert");
  // xlm-roberta-large, which publishes 560 M.
  CHECK(
      models::parameters(workload_of(
          R"({"model_type": "xlm-roberta", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24,
          "num_attention_heads": 16, "vocab_size": 250002, "max_position_embeddings": 514, "type_vocab_size": 1})")) ==
      Approx(560.1e6).epsilon(0.002));
}

TEST_CASE("Models of text and images are read by their model of text") {
  const models::HuggingFaceConfig config = config_of(
      R"({"model_type": "mistral3", "architectures": ["Mistral3ForConditionalGeneration"],
      "tie_word_embeddings": false, "image_token_index": 10, "vision_config": {"model_type": "pixtral", "hidden_size": 9},
      "text_config": )" +
      small("ministral3", R"("max_position_embeddings": 262144,
      "rope_parameters": {"original_max_position_embeddings": 4096})") +
      "}");
  CHECK(config.model_type == "ministral3");
  CHECK(config.other_parts == std::vector<std::string>{"vision_config"});
  CHECK(config.tie_word_embeddings == false);
  CHECK(models::assumed_sequence_length(config).why ==
        "text_config.rope_parameters.original_max_position_embeddings is 4096");
  CHECK(
      refusal_of(R"({"model_type": "llava", "text_config": )" + small("llama", R"("head_dim": 1.5)") + "}") ==
      std::vector<std::string>{"text_config.head_dim: found 1.5, expected a whole number from 1 to 1000000"});
}

TEST_CASE("Without a sequence length the least of training and positions and 8192 is taken") {
  const auto assumed = [](const std::string& config) {
    const models::AssumedLength length = models::assumed_sequence_length(config_of(config));
    return std::to_string(length.tokens) + ": " + length.why;
  };
  const std::string stretched = R"("max_position_embeddings": 131072)";
  CHECK(assumed(small("llama", R"("max_position_embeddings": 2048)")) ==
        "2048: max_position_embeddings is 2048");
  CHECK(assumed(small("llama", stretched)) ==
        "8192: max_position_embeddings is 131072, and no more than 8192 are assumed");
  CHECK(assumed(
            small("llama", stretched + R"(, "rope_scaling": {"original_max_position_embeddings": 4096})")) ==
        "4096: rope_scaling.original_max_position_embeddings is 4096");
  CHECK(assumed(small("phi3", stretched + R"(, "original_max_position_embeddings": 4096)")) ==
        "4096: original_max_position_embeddings is 4096");
  CHECK(assumed(
            small("qwen2", stretched + R"(, "rope_scaling": {"original_max_position_embeddings": 32768})")) ==
        "8192: rope_scaling.original_max_position_embeddings is 32768, and no more than 8192 are assumed");
  CHECK(assumed(small("qwen3", stretched + R"(, "rope_parameters":
      {"full_attention": {"original_max_position_embeddings": 2048}})")) ==
        "2048: rope_parameters.full_attention.original_max_position_embeddings is 2048");
  CHECK(assumed(small("camembert", R"("max_position_embeddings": 514)")) ==
        "512: max_position_embeddings is 514, two of them before the first token");
  CHECK(assumed(small("falcon")) == "2048: the usual length of model_type falcon");
}

TEST_CASE("Every family counts what its publisher counts") {
  struct Published {
    const char* config;
    double parameters;
  };
  // From the files and the weights of the models named; within 1%.
  for (
      const Published& model : std::initializer_list<Published>{
          // Llama-3.2-1B
          {R"({"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
             "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": true})",
           1'235'814'400},
          // Mistral-7B-v0.3
          {R"({"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32768, "sliding_window": null})",
           7'248'023'552},
          // Qwen2.5-3B
          {R"({"model_type": "qwen2", "hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 36,
             "num_attention_heads": 16, "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": true})",
           3'085'938'688},
          // Qwen3-32B
          {R"({"model_type": "qwen3", "hidden_size": 5120, "intermediate_size": 25600, "num_hidden_layers": 64,
             "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936})",
           32'762'123'264},
          // Mixtral-8x22B
          {R"({"model_type": "mixtral", "hidden_size": 6144, "intermediate_size": 16384, "num_hidden_layers": 56,
             "num_attention_heads": 48, "num_key_value_heads": 8, "vocab_size": 32768, "num_local_experts": 8})",
           140'630'071'296},
          // SmolLM3-3B
          {R"({"model_type": "smollm3", "hidden_size": 2048, "intermediate_size": 11008, "num_hidden_layers": 36,
             "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 128256})",
           3'075'098'624},
          // granite-3.0-2b
          {R"({"model_type": "granite", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 40,
             "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 49155, "tie_word_embeddings": true})",
           2'533'531'648},
          // OLMo-2-1124-7B
          {R"({"model_type": "olmo2", "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 100352})",
           7'298'617'344},
          // internlm2-7b
          {R"({"model_type": "internlm2", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 92544, "bias": false})",
           7'737'708'544},
          // Seed-OSS-36B
          {R"({"model_type": "seed_oss", "hidden_size": 5120, "intermediate_size": 27648, "num_hidden_layers": 64,
             "num_attention_heads": 80, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 155136})",
           36.15e9},
          // starcoder2-3b
          {R"({"model_type": "starcoder2", "hidden_size": 3072, "intermediate_size": 12288, "num_hidden_layers": 30,
             "num_attention_heads": 24, "num_key_value_heads": 2, "vocab_size": 49152, "use_bias": true,
             "embedding_dropout": 0.1, "norm_epsilon": 1e-05})",
           3'030'371'328},
          // bert-large-uncased, with both heads
          {R"({"model_type": "bert", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24,
             "num_attention_heads": 16, "vocab_size": 30522, "max_position_embeddings": 512, "type_vocab_size": 2})",
           336'226'108},
          // camembert-base
          {R"({"model_type": "camembert", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
             "num_attention_heads": 12, "vocab_size": 32005, "max_position_embeddings": 514, "type_vocab_size": 1})",
           110'650'373},
          // gpt2-xl
          {R"({"model_type": "gpt2", "n_embd": 1600, "n_layer": 48, "n_head": 25, "n_positions": 1024,
             "vocab_size": 50257})",
           1'557'611'200},
          // pythia-1b
          {R"({"model_type": "gpt_neox", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16,
             "num_attention_heads": 8, "vocab_size": 50304})",
           1'011'781'632},
          // opt-1.3b
          {R"({"model_type": "opt", "hidden_size": 2048, "ffn_dim": 8192, "num_hidden_layers": 24,
             "num_attention_heads": 32, "vocab_size": 50272, "max_position_embeddings": 2048})",
           1'315'758'080},
          // bloom-7b1
          {R"({"model_type": "bloom", "n_embed": 4096, "n_layer": 30, "num_attention_heads": 32, "vocab_size": 250880})",
           7'069'016'064},
          // gemma-2b
          {R"({"model_type": "gemma", "hidden_size": 2048, "intermediate_size": 16384, "num_hidden_layers": 18,
             "num_attention_heads": 8, "num_key_value_heads": 1, "head_dim": 256, "vocab_size": 256000})",
           2'506'172'416},
          // phi-4, of Phi-3's family
          {R"({"model_type": "phi3", "hidden_size": 5120, "intermediate_size": 17920, "num_hidden_layers": 40,
             "num_attention_heads": 40, "num_key_value_heads": 10, "vocab_size": 100352})",
           14'659'507'200},
          // t5-base
          {R"({"model_type": "t5", "d_model": 768, "d_ff": 3072, "d_kv": 64, "num_layers": 12, "num_heads": 12,
             "vocab_size": 32128})",
           222'903'552},
          // mt5-base
          {R"({"model_type": "mt5", "d_model": 768, "d_ff": 2048, "d_kv": 64, "num_layers": 12, "num_heads": 12,
             "vocab_size": 250112, "feed_forward_proj": "gated-gelu"})",
           582'401'280}}) {
    INFO(model.config);
    CHECK(models::parameters(workload_of(model.config)) == Approx(model.parameters).epsilon(0.01));
  }
}
