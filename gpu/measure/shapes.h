// The matrix products that are timed: a designed grid over what training asks for.
//
// Powers of two (cubes, slabs, panels), odd sizes (no multiple of any tile), the layers of transformers with
// all three products of a layer, attention's batched products, convolutions as matrix products,
// recommendation and perceptron layers, and a fixed set of random sizes that is nobody's favourite.
#pragma once

#include <vector>

#include "models/kernels/profile.h"

namespace spotmix::gpu {

struct ShapeLimits {
  double max_flop = 0;      ///< Of one product.
  double max_elements = 0;  ///< Of the three matrices together.
};

/// The three products of a layer that maps `inputs` features to `outputs` for `rows` rows:
///   result            rows × outputs = (rows × inputs) · (outputs × inputs)ᵀ
///   input's gradient  rows × inputs  = (rows × outputs) · (outputs × inputs)
///   weight's gradient outputs × inputs = (rows × outputs)ᵀ · (rows × inputs)
std::vector<models::MatmulShape> products_of_layer(std::int64_t rows, std::int64_t inputs,
                                                   std::int64_t outputs);

/// Every shape once, in a fixed order that mixes large and small, so that a clock that drifts or a neighbour
/// that comes and goes does not colour one family; 1024³ comes first, so that even a short run has it.
std::vector<models::MatmulShape> training_shapes(const ShapeLimits& limits);

}  // namespace spotmix::gpu
