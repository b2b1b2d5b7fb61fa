#include "models/workload/library.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

#include "models/workload/convolutional.h"
#include "models/workload/transformer.h"

namespace spotmix::models {
namespace {

using Maker = std::function<Workload(const WorkloadInputs&)>;
using Makers = std::map<std::string, Maker, std::less<>>;

constexpr int kImageNetSize = 224;

Maker image_network(const std::function<Workload(int)>& make, int usual_size = kImageNetSize) {
  return [=](const WorkloadInputs& inputs) { return make(inputs.image_size.value_or(usual_size)); };
}

Maker transformer_network(TransformerShape shape) {
  return [shape = std::move(shape)](const WorkloadInputs& inputs) {
    TransformerShape asked = shape;
    asked.sequence_length = inputs.sequence_length.value_or(shape.sequence_length);
    if (asked.positions > 0) asked.positions = std::max(asked.positions, asked.sequence_length);
    asked.fused_attention = inputs.fused_attention;
    return transformer(asked);
  };
}

TransformerShape bert(const std::string& name, int layers, int hidden, int heads) {
  return {.name = name,
          .layers = layers,
          .hidden = hidden,
          .heads = heads,
          .vocabulary = 30522,
          .positions = 512,
          .token_types = 2,
          .sequence_length = 512,
          .predicted_share = 0.15,
          .head_transform = true,
          .causal = false,
          .final_norm = true,
          .source = "arXiv 1810.04805"};
}

Makers make_makers() {
  Makers makers;
  for (const int depth : {18, 34, 50, 101, 152}) {
    makers["resnet" + std::to_string(depth)] = image_network([=](int size) { return resnet(depth, size); });
  }
  makers["bert-base"] = transformer_network(bert("bert-base", 12, 768, 12));
  makers["bert-large"] = transformer_network(bert("bert-large", 24, 1024, 16));
  return makers;
}

const Makers& makers() {
  static const Makers all = make_makers();
  return all;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<Workload> find_workload(std::string_view name, const WorkloadInputs& inputs) {
  const auto found = makers().find(name);
  if (found == makers().end()) return std::nullopt;
  Workload workload = found->second(inputs);
  workload.name = found->first;
  return workload;
}

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : makers()) names.push_back(name);
  return names;
}

std::vector<std::string> nearest_workload_names(std::string_view name, std::size_t count) {
  std::vector<std::string> names = workload_names();
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return edit_distance(name, a) < edit_distance(name, b);
  });
  if (names.size() > count) names.resize(count);
  return names;
}

}  // namespace spotmix::models
