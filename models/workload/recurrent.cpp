#include "models/workload/recurrent.h"

#include "models/workload/layers.h"

namespace spotmix::models {
namespace {

Layer word_embedding(double steps, double width, double vocabulary, bool tables_of_its_own) {
  Layer layer{.name = "embedding", .kind = LayerKind::embedding};
  add_memory_work(layer, {.name = "embedding",
                          .kind = MemoryKind::gather,
                          .elements = steps * width,
                          .forward_passes = 2,
                          .backward_passes = 3});
  layer.parameters = tables_of_its_own ? vocabulary * width : 0;
  layer.output_elements = steps * width;
  return layer;
}

Layer word_classifier(double steps, double width, double vocabulary, bool tied) {
  Layer layer = linear_layer("vocabulary", steps, width, vocabulary, false);
  layer.kind = LayerKind::head;
  if (tied) layer.parameters = vocabulary;
  add_memory_work(layer, loss_work(steps, vocabulary));
  layer.activations.replicated.elements += 2 * steps * vocabulary;
  return layer;
}

/// Additive attention of every decoder step over the encoder's states.
Layer attention_layer(double steps, double width) {
  Layer layer{.name = "attention", .kind = LayerKind::recurrent};
  add_weight_product(layer, "query", steps, width, width);
  add_weight_product(layer, "keys", steps, width, width);
  add_activation_product(layer, "context", steps, width, steps, 1, Split::none);
  // The scores are a tanh of every query plus every key.
  add_memory_work(layer, {.name = "scores",
                          .elements = steps * steps * width,
                          .forward_passes = 2,
                          .backward_passes = 3,
                          .forward_kernels = 3,
                          .backward_kernels = 3});
  add_memory_work(layer, {.name = "softmax",
                          .kind = MemoryKind::softmax,
                          .elements = steps * steps,
                          .forward_passes = 2,
                          .backward_passes = 3,
                          .width = steps});
  layer.parameters = 2 * width * width + 2 * width;
  layer.activations.replicated.elements = steps * steps * width + 3 * steps * width;
  layer.activations.input_elements = 2 * steps * width;
  layer.output_elements = steps * width;
  return layer;
}

}  // namespace

// The input's products for all steps at once, the recurrent ones step by step.
Layer lstm_layer(const std::string& name, double steps, double in, double hidden) {
  const double gates = 4 * hidden;
  Layer layer{.name = name, .kind = LayerKind::recurrent};
  add_weight_product(layer, "input to gates", steps, gates, in);
  add_weight_product(layer, "state to gates", 1, gates, hidden);
  layer.forward.back().times = steps;
  layer.input_gradient.back().times = steps;
  layer.weight_gradient.back().k =
      steps;  // summed over all steps at once, after backward has been through them
  // Per step: four gates, the cell and the state are read and written by one kernel.
  add_memory_work(layer, {.name = "gates",
                          .elements = steps * hidden,
                          .forward_passes = 8,
                          .backward_passes = 12,
                          .forward_kernels = steps,
                          .backward_kernels = steps});
  layer.parameters = gates * (in + hidden) + 2 * gates;
  layer.activations.replicated.elements = steps * (in + 6 * hidden);
  layer.activations.input_elements = steps * in;
  layer.output_elements = steps * hidden;
  return layer;
}

Workload gnmt(int sequence_length) {
  constexpr double kHidden = 1024, kVocabulary = 32320;
  const double steps = sequence_length;
  Workload workload{.name = "gnmt",
                    .family = "recurrent",
                    .sample_name = "sequence",
                    .sequence_length = sequence_length,
                    .source = "arXiv 1609.08144, as MLPerf v0.5 trains it"};
  workload.layers.push_back(word_embedding(steps, kHidden, kVocabulary, true));
  workload.layers.back().name = "source embedding";
  workload.layers.push_back(lstm_layer("encoder 1 forward", steps, kHidden, kHidden));
  workload.layers.push_back(lstm_layer("encoder 1 backward", steps, kHidden, kHidden));
  workload.layers.push_back(lstm_layer("encoder 2", steps, 2 * kHidden, kHidden));
  workload.layers.push_back(lstm_layer("encoder 3", steps, kHidden, kHidden));
  workload.layers.push_back(lstm_layer("encoder 4", steps, kHidden, kHidden));
  workload.layers.push_back(word_embedding(steps, kHidden, kVocabulary, false));
  workload.layers.back().name = "target embedding";
  workload.layers.push_back(lstm_layer("decoder 1", steps, kHidden, kHidden));
  workload.layers.push_back(attention_layer(steps, kHidden));
  // Every later decoder layer also reads the attention's context.
  for (const char* name : {"decoder 2", "decoder 3", "decoder 4"}) {
    workload.layers.push_back(lstm_layer(name, steps, 2 * kHidden, kHidden));
  }
  workload.layers.push_back(word_classifier(steps, kHidden, kVocabulary, false));
  workload.input_bytes = 16 * steps;
  return workload;
}

Workload lstm_language_model(int hidden, int vocabulary, int sequence_length) {
  const double steps = sequence_length;
  Workload workload{.name = "lstm",
                    .family = "recurrent",
                    .sample_name = "sequence",
                    .sequence_length = sequence_length,
                    .source = "arXiv 1409.2329"};
  workload.layers.push_back(word_embedding(steps, hidden, vocabulary, true));
  workload.layers.push_back(lstm_layer("lstm 1", steps, hidden, hidden));
  workload.layers.push_back(lstm_layer("lstm 2", steps, hidden, hidden));
  workload.layers.push_back(word_classifier(steps, hidden, vocabulary, true));
  workload.input_bytes = 8 * steps;
  return workload;
}

}  // namespace spotmix::models
