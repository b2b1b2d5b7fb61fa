#include "models/workload/layers.h"

#include <algorithm>
#include <utility>

namespace spotmix::models {
namespace {

Split transposed(Split split) {
  if (split == Split::n) return Split::k;
  if (split == Split::k) return Split::n;
  return split;
}

/// dW of `in` × `out`: what the forward product divides by columns (n) stays in n, by rows (k) becomes m.
Split of_weight_gradient(Split split) {
  return split == Split::k ? Split::m : split;
}

/// Batch normalization reads its input twice forward (statistics, then values); backward the input and the
/// gradient twice each.
MemoryWork batch_norm_work(double elements, double channels) {
  return {.name = "batch norm",
          .kind = MemoryKind::normalization,
          .elements = elements,
          .forward_passes = 3,
          .backward_passes = 5,
          .forward_kernels = 1,
          .backward_kernels = 1,
          .width = channels};
}

MemoryWork pointwise_work(const std::string& name, double elements, double forward_passes,
                          double backward_passes) {
  return {.name = name,
          .elements = elements,
          .forward_passes = forward_passes,
          .backward_passes = backward_passes};
}

}  // namespace

void add_weight_product(Layer& layer, const std::string& name, double rows, double out, double in,
                        Split split) {
  layer.forward.push_back({.name = name, .m = rows, .n = out, .k = in, .split = split});
  layer.input_gradient.push_back({.name = name, .m = rows, .n = in, .k = out, .split = transposed(split)});
  layer.weight_gradient.push_back(
      {.name = name, .m = in, .n = out, .k = rows, .grows = Grows::k, .split = of_weight_gradient(split)});
}

void add_activation_product(Layer& layer, const std::string& name, double m, double n, double k, double batch,
                            Split split) {
  const auto product = [&](double rows, double columns, double depth) {
    return MatrixProduct{.name = name,
                         .m = rows,
                         .n = columns,
                         .k = depth,
                         .batch = batch,
                         .grows = Grows::batch,
                         .split = split};
  };
  layer.forward.push_back(product(m, n, k));
  layer.input_gradient.push_back(product(m, k, n));
  layer.input_gradient.push_back(product(k, n, m));
}

void add_memory_work(Layer& layer, MemoryWork work) {
  layer.memory_work.push_back(std::move(work));
}

Image output_of(Image in, const Convolution& convolution) {
  const int size = convolution.same_padding ? (in.size + convolution.stride - 1) / convolution.stride
                                            : (in.size - convolution.kernel) / convolution.stride + 1;
  return {size, convolution.out_channels};
}

Layer convolution_layer(const std::string& name, Image in, const Convolution& convolution, bool first) {
  const Image out = output_of(in, convolution);
  const double pixels = static_cast<double>(out.size) * out.size;
  const double kernel_width = convolution.kernel_width > 0 ? convolution.kernel_width : convolution.kernel;
  const double area = convolution.kernel * kernel_width;
  const double groups = convolution.groups;
  const double depth = area * in.channels / groups;

  Layer layer{.name = name, .kind = LayerKind::convolution};
  const ProductKind kind = convolution.groups == in.channels && in.channels > 1 ? ProductKind::depthwise
                                                                                : ProductKind::convolution;
  const bool winograd =
      convolution.kernel == 3 && kernel_width == 3 && convolution.stride == 1 && convolution.groups == 1;
  const double stride_area = static_cast<double>(convolution.stride) * convolution.stride;
  const auto product = [&](double m, double n, double k, Grows grows, double reuse) {
    return MatrixProduct{.name = name,
                         .m = m,
                         .n = n,
                         .k = k,
                         .batch = groups,
                         .grows = grows,
                         .kind = kind,
                         .reuse = std::max(1.0, reuse),
                         .winograd = winograd};
  };
  const double out_per_group = out.channels / groups;
  layer.forward.push_back(product(pixels, out_per_group, depth, Grows::m, area / stride_area));
  if (!first) {
    // As many multiplications as forward: every input pixel meets each kernel position ÷ stride² times.
    const double input_pixels = static_cast<double>(in.size) * in.size;
    layer.input_gradient.push_back(product(input_pixels, in.channels / groups,
                                           out_per_group * area * pixels / input_pixels, Grows::m, area));
  }
  layer.weight_gradient.push_back(product(depth, out_per_group, pixels, Grows::k, area / stride_area));

  layer.parameters = depth * out.channels + (convolution.bias ? out.channels : 0);
  layer.activations.replicated.elements = in.elements();
  layer.activations.input_elements = in.elements();
  if (convolution.batch_norm) {
    add_memory_work(layer, batch_norm_work(out.elements(), out.channels));
    layer.parameters += 2.0 * out.channels;
    layer.activations.replicated.elements += out.elements();
  }
  if (convolution.residual_add) add_memory_work(layer, pointwise_work("shortcut", out.elements(), 3, 3));
  if (convolution.activation) add_memory_work(layer, pointwise_work("activation", out.elements(), 2, 3));
  layer.output_elements = out.elements();
  return layer;
}

Layer pooling_layer(const std::string& name, Image in, int out_size) {
  const Image out{out_size, in.channels};
  Layer layer{.name = name, .kind = LayerKind::pooling};
  const double touched = in.elements() + out.elements();
  add_memory_work(layer, {.name = name,
                          .kind = MemoryKind::pooling,
                          .elements = touched,
                          .forward_passes = 1,
                          .backward_passes = 1.5});
  layer.activations.replicated.elements = in.elements();
  layer.activations.input_elements = in.elements();
  layer.output_elements = out.elements();
  return layer;
}

Layer linear_layer(const std::string& name, double rows, double in, double out, bool activation) {
  Layer layer{.name = name, .kind = LayerKind::linear};
  add_weight_product(layer, name, rows, out, in);
  if (activation) add_memory_work(layer, pointwise_work("activation", rows * out, 2, 3));
  layer.parameters = in * out + out;
  layer.activations.replicated.elements = rows * in + (activation ? rows * out : 0);
  layer.activations.input_elements = rows * in;
  layer.output_elements = rows * out;
  return layer;
}

MemoryWork loss_work(double rows, double classes) {
  return {.name = "softmax cross-entropy",
          .kind = MemoryKind::loss,
          .elements = rows * classes,
          .forward_passes = 4,
          .backward_passes = 2,
          .forward_kernels = 3,
          .backward_kernels = 1,
          .divided = Divided::by_tensor,
          .width = classes};
}

}  // namespace spotmix::models
