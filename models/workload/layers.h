// Building blocks of workloads: from the shape of one operation to its products, memory-bound work and
// activations.
//
// The gradients follow from the forward product Y = X·W: dX = dY·Wᵀ and dW = Xᵀ·dY, each with the forward
// FLOP.
#pragma once

#include <string>

#include "models/workload/workload.h"

namespace spotmix::models {

/// Adds Y = X·W with W of `in` × `out`, X of `rows` rows per sample, and its two gradients. The split is that
/// of the forward product: n (columns of W), k (rows of W) or none.
void add_weight_product(Layer& layer, const std::string& name, double rows, double out, double in,
                        Split split = Split::none);

/// Adds a product of two activations, as attention scores are, and the gradients of both operands.
void add_activation_product(Layer& layer, const std::string& name, double m, double n, double k, double batch,
                            Split split);

/// Adds memory-bound work.
void add_memory_work(Layer& layer, MemoryWork work);

/// A square image with channels.
struct Image {
  int size = 0;
  int channels = 0;
  double elements() const { return static_cast<double>(size) * size * channels; }
};

struct Convolution {
  int out_channels = 0;
  int kernel = 1;  ///< Height; also the width unless `kernel_width` says otherwise.
  int stride = 1;
  int groups = 1;
  bool batch_norm = true;
  bool activation = true;     ///< A pointwise nonlinearity after it.
  bool residual_add = false;  ///< Adds a shortcut to its output.
  bool bias = false;
  int kernel_width = 0;
  bool same_padding = true;  ///< Output size ⌈in ÷ stride⌉; otherwise ⌊(in − kernel) ÷ stride⌋ + 1.
};

/// One convolution with what follows it, and the image it makes. `first` layers need no gradient of their
/// input.
Layer convolution_layer(const std::string& name, Image in, const Convolution& convolution,
                        bool first = false);
Image output_of(Image in, const Convolution& convolution);

/// Max or average pooling to `out_size`.
Layer pooling_layer(const std::string& name, Image in, int out_size);

/// A fully connected layer over `rows` rows per sample, with bias, and a pointwise nonlinearity where asked.
Layer linear_layer(const std::string& name, double rows, double in, double out, bool activation);

/// Softmax cross-entropy over `classes`, `rows` times per sample.
MemoryWork loss_work(double rows, double classes);

}  // namespace spotmix::models
