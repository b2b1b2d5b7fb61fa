#include "models/workload/volumetric.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/workload/layers.h"

namespace spotmix::models {
namespace {

/// A block of voxels (or pixels) with channels.
struct Field {
  double points = 0;
  double channels = 0;
  double elements() const { return points * channels; }
};

struct FieldConvolution {
  double out_channels = 0;
  double area = 1;    ///< Weights per pair of channels.
  double shrink = 1;  ///< Points in ÷ points out.
  bool normalized = true;
  bool residual_add = false;
};

/// A chain of convolutions over fields, each an implicit matrix product.
class FieldChain {
 public:
  FieldChain(Workload& workload, Field field) : workload_(workload), field_(field) {}

  Field field() const { return field_; }
  void set_field(Field field) { field_ = field; }

  void convolve(const std::string& name, const FieldConvolution& c) {
    const Field in = field_;
    const Field out{in.points / c.shrink, c.out_channels};
    const double depth = c.area * in.channels;
    Layer layer{.name = name, .kind = LayerKind::convolution};
    const auto product = [&](double m, double n, double k, Grows grows, double reuse) {
      return MatrixProduct{.name = name,
                           .m = m,
                           .n = n,
                           .k = k,
                           .grows = grows,
                           .kind = ProductKind::convolution,
                           .reuse = std::max(1.0, reuse)};
    };
    layer.forward.push_back(product(out.points, out.channels, depth, Grows::m, c.area / c.shrink));
    if (!workload_.layers.empty())
      layer.input_gradient.push_back(
          product(in.points, in.channels, c.area * out.channels / c.shrink, Grows::m, c.area));
    layer.weight_gradient.push_back(product(depth, out.channels, out.points, Grows::k, c.area / c.shrink));
    layer.parameters = depth * out.channels + out.channels;
    layer.activations.replicated.elements = in.elements();
    layer.activations.input_elements = in.elements();
    if (c.normalized) add_normalization(layer, out, c.residual_add);
    layer.output_elements = out.elements();
    workload_.layers.push_back(std::move(layer));
    field_ = out;
  }

  /// A transposed convolution that doubles every side, then joined with the way down.
  void grow_and_join(const std::string& name, Field target) {
    const double growth = target.points / field_.points;
    convolve(name, {.out_channels = growth * target.channels, .normalized = false});
    set_field({target.points, 2 * target.channels});
    add_memory_work(
        workload_.layers.back(),
        {.name = "join", .elements = field_.elements(), .forward_passes = 2, .backward_passes = 2});
  }

 private:
  static void add_normalization(Layer& layer, Field out, bool residual_add) {
    add_memory_work(layer, {.name = "norm",
                            .kind = MemoryKind::normalization,
                            .elements = out.elements(),
                            .forward_passes = 3,
                            .backward_passes = 5,
                            .width = out.channels});
    if (residual_add)
      add_memory_work(
          layer, {.name = "shortcut", .elements = out.elements(), .forward_passes = 3, .backward_passes = 3});
    add_memory_work(
        layer, {.name = "activation", .elements = out.elements(), .forward_passes = 2, .backward_passes = 3});
    layer.parameters += 2 * out.channels;
    layer.activations.replicated.elements += out.elements();
  }

  Workload& workload_;
  Field field_;
};

void close_with_classes(Workload& workload, FieldChain& chain, double classes) {
  chain.convolve("classes", {.out_channels = classes, .normalized = false});
  add_memory_work(workload.layers.back(), loss_work(chain.field().points, classes));
  workload.layers.back().kind = LayerKind::head;
}

Workload field_workload(const std::string& name, Field input, const std::string& source) {
  return {.name = name,
          .family = "convolution",
          .sample_name = "image",
          .input_bytes = 4 * input.elements(),
          .source = source};
}

}  // namespace

Workload nnunet(int dimensions) {
  constexpr int kLevels = 6;
  constexpr double kInputs = 4, kClasses = 4, kFirst = 32;
  const bool flat = dimensions == 2;
  const double most = flat ? 512 : 320;
  const double halved = flat ? 4 : 8;
  const double area = flat ? 9 : 27;
  const Field input{flat ? 192.0 * 160 : 128.0 * 128 * 128, kInputs};
  Workload workload = field_workload(flat ? "nnunet-2d" : "nnunet-3d", input,
                                     "arXiv 1809.10486, as NVIDIA trains it on BraTS");
  FieldChain chain(workload, input);
  std::vector<Field> way_down;
  for (int level = 0; level < kLevels; ++level) {
    const double channels = std::min(most, std::ldexp(kFirst, level));
    const std::string name = "down " + std::to_string(level + 1);
    chain.convolve(name + " a", {.out_channels = channels, .area = area, .shrink = level > 0 ? halved : 1.0});
    chain.convolve(name + " b", {.out_channels = channels, .area = area});
    way_down.push_back(chain.field());
  }
  for (int level = kLevels - 2; level >= 0; --level) {
    const Field target = way_down[static_cast<std::size_t>(level)];
    const std::string name = "up " + std::to_string(level + 1);
    chain.grow_and_join(name + " transposed", target);
    chain.convolve(name + " a", {.out_channels = target.channels, .area = area});
    chain.convolve(name + " b", {.out_channels = target.channels, .area = area});
  }
  close_with_classes(workload, chain, kClasses);
  return workload;
}

Workload vnet() {
  constexpr int kLevels = 4, kConvolutions = 3;
  constexpr double kSide = 32, kFirst = 16, kArea = 27, kHalved = 8, kClasses = 3;
  const Field input{kSide * kSide * kSide, 1};
  Workload workload =
      field_workload("vnet", input, "arXiv 1606.04797, as NVIDIA trains it on the hippocampus");
  FieldChain chain(workload, input);
  chain.convolve("input", {.out_channels = kFirst, .area = kArea, .residual_add = true});
  std::vector<Field> way_down{chain.field()};
  for (int level = 1; level < kLevels; ++level) {
    const double channels = std::ldexp(kFirst, level);
    const std::string name = "down " + std::to_string(level);
    chain.convolve(name + " shrink", {.out_channels = channels, .area = kHalved, .shrink = kHalved});
    for (int i = 0; i < kConvolutions; ++i)
      chain.convolve(name + "." + std::to_string(i + 1),
                     {.out_channels = channels, .area = kArea, .residual_add = i + 1 == kConvolutions});
    way_down.push_back(chain.field());
  }
  for (int level = kLevels - 2; level >= 0; --level) {
    const Field target = way_down[static_cast<std::size_t>(level)];
    const std::string name = "up " + std::to_string(level + 1);
    chain.grow_and_join(name + " grow", target);
    const int convolutions = level > 0 ? kConvolutions : 1;
    for (int i = 0; i < convolutions; ++i)
      chain.convolve(name + "." + std::to_string(i + 1),
                     {.out_channels = target.channels, .area = kArea, .residual_add = i + 1 == convolutions});
  }
  close_with_classes(workload, chain, kClasses);
  return workload;
}

}  // namespace spotmix::models
