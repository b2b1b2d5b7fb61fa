#include "models/workload/tabular.h"

#include "models/workload/layers.h"

namespace spotmix::models {
namespace {

Layer lookup_layer(const std::string& name, const LookupTables& tables) {
  Layer layer{.name = name, .kind = LayerKind::embedding};
  const double elements = tables.lookups * tables.width;
  // Backward reads the gradient and reads and writes the rows.
  add_memory_work(layer, {.name = "lookup",
                          .kind = MemoryKind::gather,
                          .elements = elements,
                          .forward_passes = 2,
                          .backward_passes = 4});
  layer.parameters = tables.rows * tables.width;
  layer.sparse_parameters = layer.parameters;
  layer.activations.replicated.elements = elements;
  layer.output_elements = elements;
  return layer;
}

int add_perceptron(Workload& workload, const std::string& name, int in, const std::vector<int>& widths) {
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const bool last_output = widths[i] == 1;
    workload.layers.push_back(
        linear_layer(name + " " + std::to_string(i + 1), 1, in, widths[i], !last_output));
    in = widths[i];
  }
  return in;
}

Workload row_workload(const std::string& name, const std::string& family, const std::string& sample,
                      const std::string& source) {
  return {.name = name, .family = family, .sample_name = sample, .source = source};
}

void close_with_loss(Workload& workload, double classes) {
  workload.layers.back().kind = LayerKind::head;
  add_memory_work(workload.layers.back(), loss_work(1, classes));
}

}  // namespace

Workload dlrm(const DlrmShape& shape) {
  Workload workload = row_workload("dlrm", "recommendation", "row", shape.source);
  add_perceptron(workload, "bottom", shape.dense_inputs, shape.bottom);
  workload.layers.push_back(lookup_layer("tables", shape.tables));
  Layer interaction{.name = "interaction", .kind = LayerKind::interaction};
  const double vectors = shape.tables.lookups + 1;
  add_activation_product(interaction, "pairs", vectors, vectors, shape.tables.width, 1, Split::none);
  const int pairs = static_cast<int>(vectors * (vectors - 1) / 2);
  const int joined = pairs + static_cast<int>(shape.tables.width);
  add_memory_work(
      interaction,
      {.name = "join", .elements = static_cast<double>(joined), .forward_passes = 2, .backward_passes = 2});
  interaction.activations.replicated.elements = vectors * shape.tables.width;
  interaction.activations.input_elements = vectors * shape.tables.width;
  interaction.output_elements = joined;
  workload.layers.push_back(interaction);
  add_perceptron(workload, "top", joined, shape.top);
  close_with_loss(workload, 1);
  workload.input_bytes = 4 * shape.dense_inputs + 8 * shape.tables.lookups;
  return workload;
}

Workload neural_collaborative_filtering() {
  constexpr double kUsers = 138'493, kItems = 26'744, kFactors = 64;
  Workload workload = row_workload("ncf", "recommendation", "pair",
                                   "arXiv 1708.05031; MovieLens-20M as MLPerf v0.5 trains it");
  // Two pairs of tables: one for the product of factors, one for the perceptron.
  workload.layers.push_back(
      lookup_layer("factor tables", {.rows = kUsers + kItems, .lookups = 2, .width = kFactors}));
  workload.layers.push_back(
      lookup_layer("perceptron tables", {.rows = kUsers + kItems, .lookups = 2, .width = 128}));
  add_perceptron(workload, "perceptron", 256, {256, 128, 64});
  Layer product{.name = "product of factors", .kind = LayerKind::interaction};
  add_memory_work(product,
                  {.name = "product", .elements = kFactors, .forward_passes = 3, .backward_passes = 5});
  product.activations.replicated.elements = 2 * kFactors;
  product.output_elements = kFactors;
  workload.layers.push_back(product);
  workload.layers.push_back(linear_layer("score", 1, kFactors + 64, 1, false));
  close_with_loss(workload, 1);
  workload.input_bytes = 20;
  return workload;
}

Workload wide_and_deep() {
  Workload workload = row_workload("wide-and-deep", "recommendation", "row",
                                   "arXiv 1606.07792; Outbrain as NVIDIA trains it");
  workload.layers.push_back(lookup_layer("wide tables", {.rows = 2.6e6, .lookups = 24, .width = 1}));
  workload.layers.push_back(lookup_layer("deep tables", {.rows = 2.6e6, .lookups = 24, .width = 64}));
  add_perceptron(workload, "deep", 24 * 64 + 13, {1024, 1024, 1024, 1024, 1024, 1});
  close_with_loss(workload, 1);
  workload.input_bytes = 13 * 4 + 24 * 8;
  return workload;
}

Workload multilayer_perceptron(const std::string& name, int inputs, const std::vector<int>& hidden,
                               int classes) {
  Workload workload = row_workload(name, "perceptron", "row", "fully connected layers as given");
  const int last = add_perceptron(workload, "hidden", inputs, hidden);
  workload.layers.push_back(linear_layer("output", 1, last, classes, false));
  close_with_loss(workload, classes);
  workload.input_bytes = 4.0 * inputs;
  return workload;
}

Workload regression(const std::string& name, int inputs, int classes) {
  Workload workload = row_workload(name, "regression", "row", "one linear layer");
  workload.layers.push_back(linear_layer("weights", 1, inputs, classes, false));
  close_with_loss(workload, classes);
  workload.input_bytes = 4.0 * inputs;
  return workload;
}

}  // namespace spotmix::models
