// Transformers, from a shape to layers.
//
// The shape is what a Hugging Face config.json, a Megatron command line or a paper's table gives. Sizes and
// the Megatron names of products follow Narayanan et al. 2021 (arXiv 2104.04473), activations Korthikanti et
// al. 2022 (arXiv 2205.05198), table 2.
#pragma once

#include <string>

#include "models/workload/workload.h"

namespace spotmix::models {

enum class Normalization { layer_norm, rms_norm };

struct TransformerShape {
  std::string name{};
  int layers = 0;  ///< Decoder layers, or encoder layers of an encoder-only model.
  int encoder_layers =
      0;  ///< Of an encoder-decoder model; each decoder layer then also attends to the encoder.
  int hidden = 0;
  int heads = 0;
  int key_value_heads = 0;  ///< 0: as many as heads.
  int head_size = 0;        ///< 0: hidden ÷ heads.
  int feed_forward = 0;     ///< 0: 4 × hidden.
  int embedding_size = 0;   ///< Width of the tables, where a product takes it to hidden (ELECTRA); 0: hidden.
  bool gated = false;       ///< Gated feed-forward: three matrices instead of two.
  int experts = 0;          ///< 0: dense.
  int experts_per_token = 1;
  int vocabulary = 0;
  int positions = 0;  ///< Rows of a learned position table; 0: rotary, relative or ALiBi.
  int token_types = 0;
  int sequence_length = 0;
  int encoder_sequence_length = 0;  ///< 0: as sequence_length.
  double predicted_share =
      1;  ///< Share of the positions whose token is predicted (masked language models: about 0.15).
  bool tied_embedding = true;
  bool head_transform = false;  ///< BERT's dense layer before the vocabulary.
  bool sentence_head = true;    ///< BERT's pooler and next-sentence head, where there is a head transform.
  int token_classes = 0;        ///< The head tells each token's class instead of a word; 0: words.
  bool bias = true;
  bool causal = true;
  bool dropout = true;
  bool fused_attention = false;  ///< One kernel that never writes the scores.
  bool final_norm = true;
  bool parallel = false;     ///< Attention and feed-forward read the same input, and both are added to it.
  bool shared_norm = false;  ///< In parallel, through one norm instead of one each.
  int attention_span = 0;    ///< Keys each query sees; 0: the sequence. Transformer-XL adds its memory.
  Normalization normalization = Normalization::layer_norm;
  std::string source{};
};

Workload transformer(const TransformerShape& shape);

/// The attention part and the feed-forward part of one layer, with norms and residuals.
Layer transformer_layer(const TransformerShape& shape, double sequence_length, bool cross_attention,
                        double encoder_length);

}  // namespace spotmix::models
