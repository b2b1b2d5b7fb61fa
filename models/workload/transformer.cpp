#include "models/workload/transformer.h"

#include <array>

#include "models/workload/layers.h"

namespace spotmix::models {
namespace {

/// The shape with every default filled in.
struct Extents {
  explicit Extents(const TransformerShape& s)
      : hidden(s.hidden),
        heads(s.heads),
        head_size(s.head_size > 0 ? s.head_size : static_cast<double>(s.hidden) / s.heads),
        key_value_heads(s.key_value_heads > 0 ? s.key_value_heads : s.heads),
        feed_forward(s.feed_forward > 0 ? s.feed_forward : 4.0 * s.hidden),
        query_width(heads * head_size),
        key_value_width(key_value_heads * head_size) {}
  double hidden, heads, head_size, key_value_heads, feed_forward, query_width, key_value_width;
};

double embedding_width(const TransformerShape& shape) {
  return shape.embedding_size > 0 ? shape.embedding_size : shape.hidden;
}

void add_norm(Layer& layer, const TransformerShape& shape, double tokens, double width) {
  const double elements = tokens * width;
  add_memory_work(layer, {.name = "norm",
                          .kind = MemoryKind::normalization,
                          .elements = elements,
                          .forward_passes = 2,
                          .backward_passes = 4,
                          .backward_kernels = 2,
                          .width = width});
  layer.parameters += shape.normalization == Normalization::layer_norm ? 2 * width : width;
  layer.activations.replicated.elements += elements;
}

/// Adding `branches` to the residual, after dropout where there is any: one fused kernel. The mask passes
/// count as half an element.
void add_residual(Layer& layer, const TransformerShape& shape, double tokens, int branches = 1) {
  const double elements = tokens * shape.hidden;
  const double branch_passes = branches * (shape.dropout ? 1.5 : 1);
  add_memory_work(layer, {.name = "residual",
                          .elements = elements,
                          .forward_passes = 2 + branch_passes,
                          .backward_passes = 1 + branch_passes});
  if (shape.dropout) layer.activations.replicated.mask_bytes += branches * elements;
}

/// Scores, softmax and weighted values of `queries` rows against `keys`.
void add_attention_core(Layer& layer, const TransformerShape& shape, const Extents& e, double queries,
                        double keys, bool causal) {
  const double scores = queries * keys * e.heads;
  if (shape.fused_attention) {
    const MatrixProduct forward{.name = "attention",
                                .m = queries,
                                .n = keys,
                                .k = e.head_size,
                                .batch = e.heads,
                                .grows = Grows::batch,
                                .split = Split::batch,
                                .kind = ProductKind::fused_attention,
                                .useful_fraction = causal ? 0.5 : 1};
    layer.forward.push_back(forward);
    // Backward computes the scores again: five products where forward has two.
    MatrixProduct backward = forward;
    backward.useful_fraction *= 2.5;
    layer.input_gradient.push_back(backward);
    return;
  }
  add_activation_product(layer, "attention scores", queries, keys, e.head_size, e.heads, Split::batch);
  add_memory_work(layer, {.name = "attention softmax",
                          .kind = MemoryKind::softmax,
                          .elements = scores,
                          .forward_passes = 2,
                          .backward_passes = 3,
                          .divided = Divided::by_tensor,
                          .attention_scores = true,
                          .width = keys});
  layer.activations.attention.elements += scores;
  if (shape.dropout) {
    add_memory_work(layer, {.name = "attention dropout",
                            .elements = scores,
                            .forward_passes = 2.5,
                            .backward_passes = 2.5,
                            .divided = Divided::by_tensor,
                            .attention_scores = true});
    layer.activations.attention.elements += scores;
    layer.activations.attention.mask_bytes += scores;
  }
  add_activation_product(layer, "attention values", queries, e.head_size, keys, e.heads, Split::batch);
  add_memory_work(layer, {.name = "attention transpose",
                          .elements = queries * e.query_width,
                          .forward_passes = 2,
                          .backward_passes = 2,
                          .divided = Divided::by_tensor});
}

void add_self_attention(Layer& layer, const TransformerShape& shape, const Extents& e, double tokens) {
  add_norm(layer, shape, tokens, e.hidden);
  const double packed = e.query_width + 2 * e.key_value_width;
  add_weight_product(layer, "attention input", tokens, packed, e.hidden, Split::n);
  layer.activations.replicated.elements += tokens * e.hidden;
  layer.activations.split.elements += tokens * packed;
  const double keys = shape.attention_span > 0 ? shape.attention_span : tokens;
  add_attention_core(layer, shape, e, tokens, keys, shape.causal);
  add_weight_product(layer, "attention output", tokens, e.hidden, e.query_width, Split::k);
  layer.activations.split.elements += tokens * e.query_width;
  const double weights = e.hidden * packed + e.query_width * e.hidden;
  const double split_bias = shape.bias ? packed : 0;
  layer.parameters += weights + split_bias + (shape.bias ? e.hidden : 0);
  layer.split_parameters += weights + split_bias;
  if (shape.parallel) return;  // what the feed-forward part adds and reduces holds both
  add_residual(layer, shape, tokens);
  layer.forward_reductions += 1;
  layer.backward_reductions += 1;
}

void add_cross_attention(Layer& layer, const TransformerShape& shape, const Extents& e, double tokens,
                         double encoder_tokens) {
  add_norm(layer, shape, tokens, e.hidden);
  add_weight_product(layer, "cross-attention query", tokens, e.query_width, e.hidden, Split::n);
  add_weight_product(layer, "cross-attention keys and values", encoder_tokens, 2 * e.key_value_width,
                     e.hidden, Split::n);
  layer.activations.replicated.elements += tokens * e.hidden;
  layer.activations.split.elements += tokens * e.query_width + 2 * encoder_tokens * e.key_value_width;
  add_attention_core(layer, shape, e, tokens, encoder_tokens, false);
  add_weight_product(layer, "cross-attention output", tokens, e.hidden, e.query_width, Split::k);
  layer.activations.split.elements += tokens * e.query_width;
  add_residual(layer, shape, tokens);
  const double weights = e.hidden * (e.query_width + 2 * e.key_value_width) + e.query_width * e.hidden;
  const double split_bias = shape.bias ? e.query_width + 2 * e.key_value_width : 0;
  layer.parameters += weights + split_bias + (shape.bias ? e.hidden : 0);
  layer.split_parameters += weights + split_bias;
  layer.forward_reductions += 1;
  layer.backward_reductions += 1;
}

/// Each of `experts` experts gets its share of the rows, as one product of a batch.
void deal_out_to_experts(std::vector<MatrixProduct>& products, std::size_t from, double experts) {
  for (std::size_t i = from; i < products.size(); ++i) {
    MatrixProduct& product = products[i];
    product.from_experts = true;
    product.batch *= experts;
    (product.grows == Grows::m ? product.m : product.k) /= experts;
  }
}

void add_feed_forward(Layer& layer, const TransformerShape& shape, const Extents& e, double tokens) {
  const double kept_input = tokens * e.hidden;
  if (!shape.shared_norm) {
    add_norm(layer, shape, tokens, e.hidden);
    if (shape.parallel) layer.activations.replicated.elements -= kept_input;  // attention's norm keeps it
  }
  const double matrices_in = shape.gated ? 2 : 1;
  const double copies = shape.experts > 0 ? shape.experts : 1;
  const double rows = shape.experts > 0 ? tokens * shape.experts_per_token : tokens;
  const std::array<std::size_t, 3> before{layer.forward.size(), layer.input_gradient.size(),
                                          layer.weight_gradient.size()};
  add_weight_product(layer, "feed-forward in", rows, matrices_in * e.feed_forward, e.hidden, Split::n);
  // A gated unit reads two halves and writes one; a plain one reads and writes as many.
  add_memory_work(layer, {.name = "feed-forward activation",
                          .elements = rows * e.feed_forward,
                          .forward_passes = matrices_in + 1,
                          .backward_passes = 2 * matrices_in + 1,
                          .divided = Divided::by_tensor});
  add_weight_product(layer, "feed-forward out", rows, e.hidden, e.feed_forward, Split::k);
  if (!shape.shared_norm) layer.activations.replicated.elements += rows * e.hidden;
  layer.activations.split.elements += rows * e.feed_forward * (matrices_in + 1);
  const double weights = e.hidden * e.feed_forward * (matrices_in + 1);
  const double split_bias = shape.bias ? matrices_in * e.feed_forward : 0;
  const double unsplit_bias = shape.bias ? e.hidden : 0;
  if (shape.experts > 0) {
    deal_out_to_experts(layer.forward, before[0], copies);
    deal_out_to_experts(layer.input_gradient, before[1], copies);
    deal_out_to_experts(layer.weight_gradient, before[2], copies);
    add_weight_product(layer, "router", tokens, shape.experts, e.hidden);
    // Tokens are gathered for their expert and scattered back with their weight.
    add_memory_work(layer, {.name = "expert dispatch",
                            .kind = MemoryKind::gather,
                            .elements = rows * e.hidden,
                            .forward_passes = 4,
                            .backward_passes = 4,
                            .forward_kernels = 4,
                            .backward_kernels = 4});
    layer.parameters += e.hidden * shape.experts;
    layer.expert_parameters += copies * (weights + split_bias + unsplit_bias);
    layer.expert_exchange_elements = rows * e.hidden;
  } else {
    layer.split_parameters += weights + split_bias;
  }
  layer.parameters += copies * (weights + split_bias + unsplit_bias);
  add_residual(layer, shape, tokens, shape.parallel ? 2 : 1);
  layer.forward_reductions += 1;
  layer.backward_reductions += 1;
}

Layer embedding_layer(const TransformerShape& shape, double tokens, const std::string& name) {
  const double hidden = shape.hidden;
  const double width = embedding_width(shape);
  Layer layer{.name = name, .kind = LayerKind::embedding};
  const double tables = 1 + (shape.positions > 0 ? 1 : 0) + (shape.token_types > 0 ? 1 : 0);
  add_memory_work(layer, {.name = "embedding",
                          .kind = MemoryKind::gather,
                          .elements = tokens * width,
                          .forward_passes = 2 * tables + 1,
                          .backward_passes = 2 * tables + 1,
                          .forward_kernels = 2 * tables,
                          .backward_kernels = 2 * tables});
  if (shape.dropout) {
    add_memory_work(layer, {.name = "embedding dropout",
                            .elements = tokens * width,
                            .forward_passes = 2.5,
                            .backward_passes = 2.5});
    layer.activations.replicated.mask_bytes = tokens * width;
  }
  const double words = static_cast<double>(shape.vocabulary) * width;
  layer.parameters = words + (static_cast<double>(shape.positions) + shape.token_types) * width;
  layer.split_parameters = words;
  if (width != hidden) {
    add_weight_product(layer, "embedding projection", tokens, hidden, width);
    layer.parameters += width * hidden + (shape.bias ? hidden : 0);
    layer.activations.replicated.elements += tokens * width;
  }
  layer.output_elements = tokens * hidden;
  layer.forward_reductions = 1;
  layer.reduction_elements = tokens * width;
  return layer;
}

/// A dense layer and the classes of every token, as ELECTRA tells which were replaced.
void add_token_classes(Layer& layer, const TransformerShape& shape, double tokens) {
  const double hidden = shape.hidden;
  add_weight_product(layer, "head transform", tokens, hidden, hidden);
  add_weight_product(layer, "token classes", tokens, shape.token_classes, hidden);
  add_memory_work(layer, loss_work(tokens, shape.token_classes));
  layer.parameters += (hidden + 1) * (hidden + shape.token_classes);
  layer.activations.replicated.elements += 2 * tokens * hidden;
  layer.activations.input_elements = tokens * hidden;
  layer.output_elements = tokens;
}

Layer head_layer(const TransformerShape& shape, double tokens) {
  const double hidden = shape.hidden;
  Layer layer{.name = "head", .kind = LayerKind::head};
  const double width = embedding_width(shape);
  const double rows = tokens * shape.predicted_share;
  if (shape.final_norm) add_norm(layer, shape, tokens, hidden);
  if (shape.token_classes > 0) {
    add_token_classes(layer, shape, tokens);
    return layer;
  }
  if (shape.head_transform) {
    add_weight_product(layer, "head transform", rows, width, hidden);
    if (shape.sentence_head) {
      add_weight_product(layer, "pooler", 1, hidden, hidden);
      add_weight_product(layer, "next sentence", 1, 2, hidden);
      layer.parameters += (hidden + 2) * (hidden + 1);
    }
    add_norm(layer, shape, rows, width);
    layer.parameters += width * (hidden + 1) + shape.vocabulary;
  }
  add_weight_product(layer, "vocabulary", rows, shape.vocabulary, width, Split::n);
  add_memory_work(layer, loss_work(rows, shape.vocabulary));
  layer.activations.replicated.elements += rows * width;
  // The logits and their softmax are kept in fp32: twice the elements of a half-precision run.
  layer.activations.split.elements += 2 * rows * shape.vocabulary;
  layer.activations.input_elements = tokens * hidden;
  const double words = static_cast<double>(shape.vocabulary) * width;
  if (shape.tied_embedding) {
    layer.tied_parameters = words;
  } else {
    layer.parameters += words;
    layer.split_parameters += words;
  }
  layer.output_elements = rows;
  layer.backward_reductions = 1;
  layer.reduction_elements = rows * width;
  return layer;
}

}  // namespace

Layer transformer_layer(const TransformerShape& shape, double sequence_length, bool cross_attention,
                        double encoder_length) {
  const Extents extents(shape);
  Layer layer{.name = "transformer", .kind = LayerKind::transformer};
  add_self_attention(layer, shape, extents, sequence_length);
  if (cross_attention) add_cross_attention(layer, shape, extents, sequence_length, encoder_length);
  add_feed_forward(layer, shape, extents, sequence_length);
  layer.activations.input_elements = sequence_length * extents.hidden;
  layer.output_elements = sequence_length * extents.hidden;
  layer.reduction_elements = layer.output_elements;
  layer.recomputable = true;
  return layer;
}

Workload transformer(const TransformerShape& shape) {
  Workload workload{.name = shape.name,
                    .family = "transformer",
                    .sample_name = "sequence",
                    .sequence_length = shape.sequence_length,
                    .source = shape.source};
  const double tokens = shape.sequence_length;
  const double encoder_tokens = shape.encoder_sequence_length > 0 ? shape.encoder_sequence_length : tokens;
  workload.layers.push_back(embedding_layer(shape, tokens, "embedding"));
  if (shape.encoder_layers > 0) {
    TransformerShape encoder = shape;
    encoder.causal = false;
    Layer layer = transformer_layer(encoder, encoder_tokens, false, 0);
    layer.name = "encoder";
    layer.repeat = shape.encoder_layers;
    workload.layers.push_back(std::move(layer));
  }
  Layer layer = transformer_layer(shape, tokens, shape.encoder_layers > 0, encoder_tokens);
  layer.repeat = shape.layers;
  workload.layers.push_back(std::move(layer));
  workload.layers.push_back(head_layer(shape, tokens));
  workload.input_bytes = 8 * tokens;  // 64-bit token numbers
  return workload;
}

}  // namespace spotmix::models
