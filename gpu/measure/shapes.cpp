#include "gpu/measure/shapes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "models/kernels/roofline.h"

namespace spotmix::gpu {
namespace {

using models::MatmulShape;
using models::MatrixLayout;
using Shapes = std::vector<MatmulShape>;

/// SplitMix64 (Steele, Lea & Flood 2014): enough to choose and to mix shapes, the same on every machine.
class Mixer {
 public:
  explicit Mixer(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Uniform in the logarithm between `low` and `high`.
  std::int64_t size(double low, double high) {
    const double uniform = static_cast<double>(next() >> 11) * 0x1.0p-53;
    return std::llround(low * std::pow(high / low, uniform));
  }

 private:
  std::uint64_t state_;
};

void append(Shapes& to, const Shapes& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void add_powers_of_two(Shapes& shapes) {
  for (std::int64_t n = 64; n <= 16384; n *= 2) shapes.push_back({n, n, n, 1, MatrixLayout::nn});
  for (std::int64_t n = 512; n <= 8192; n *= 2) {
    shapes.push_back({n, n, n, 1, MatrixLayout::nt});
    shapes.push_back({n, n, n, 1, MatrixLayout::tn});
  }
  for (const std::int64_t thin : {16, 64, 256}) {
    for (const std::int64_t wide : {1024, 4096}) {
      shapes.push_back({thin, wide, wide, 1, MatrixLayout::nt});
      shapes.push_back({wide, thin, wide, 1, MatrixLayout::nn});
      shapes.push_back({wide, wide, thin, 1, MatrixLayout::tn});
    }
  }
}

void add_odd_sizes(Shapes& shapes) {
  for (const std::int64_t n : {100, 333, 1000, 1023, 1537, 3000, 5001})
    shapes.push_back({n, n, n, 1, MatrixLayout::nn});
  for (const std::int64_t n : {129, 385, 1025, 2049}) {
    shapes.push_back({n, 1024, 768, 1, MatrixLayout::nt});
    shapes.push_back({1024, n, 768, 1, MatrixLayout::nn});
    shapes.push_back({1024, 768, n, 1, MatrixLayout::tn});
  }
}

void add_transformers(Shapes& shapes) {
  for (const std::int64_t width : {512, 768, 1024, 2048, 4096, 8192}) {
    for (const std::int64_t tokens : {512, 4096}) {
      append(shapes, products_of_layer(tokens, width, 3 * width));
      append(shapes, products_of_layer(tokens, width, width));
      append(shapes, products_of_layer(tokens, width, 4 * width));
      append(shapes, products_of_layer(tokens, 4 * width, width));
    }
  }
  append(shapes, products_of_layer(512, 768, 30522));
  append(shapes, products_of_layer(4096, 4096, 32000));
  for (const std::int64_t length : {128, 512, 2048}) {
    for (const std::int64_t heads : {12, 64}) {
      const std::int64_t head_width = heads == 12 ? 64 : 128;
      shapes.push_back({length, length, head_width, heads, MatrixLayout::nt});
      shapes.push_back({length, head_width, length, heads, MatrixLayout::nn});
      shapes.push_back({length, head_width, length, heads, MatrixLayout::tn});
    }
  }
}

/// As implicit matrix products: images × height × width rows, channels × window inputs.
void add_convolutions(Shapes& shapes) {
  struct Layer {
    std::int64_t side, inputs, outputs;
  };
  constexpr std::array kResidualNetwork{
      Layer{112, 3L * 49, 64},  Layer{56, 64, 64},   Layer{56, 64L * 9, 64},   Layer{56, 64, 256},
      Layer{28, 128L * 9, 128}, Layer{28, 512, 128}, Layer{14, 256L * 9, 256}, Layer{14, 256, 1024},
      Layer{7, 512L * 9, 512},  Layer{7, 512, 2048}};
  for (const std::int64_t images : {4, 32, 256}) {
    for (const Layer& layer : kResidualNetwork)
      append(shapes, products_of_layer(images * layer.side * layer.side, layer.inputs, layer.outputs));
  }
}

void add_dense_layers(Shapes& shapes) {
  for (const std::int64_t rows : {32, 256, 2048}) {
    append(shapes, products_of_layer(rows, 784, 1024));
    append(shapes, products_of_layer(rows, 479, 1024));
    append(shapes, products_of_layer(rows, 1024, 256));
    append(shapes, products_of_layer(rows, 2048, 1000));
  }
}

void add_random(Shapes& shapes) {
  constexpr int kCount = 64;
  constexpr std::array kLayouts{MatrixLayout::nn, MatrixLayout::nt, MatrixLayout::tn};
  Mixer mixer(0x73706f746d6978);
  for (int i = 0; i < kCount; ++i) {
    const double high = i % 2 == 0 ? 2048 : 16384;
    shapes.push_back({mixer.size(32, high), mixer.size(32, high), mixer.size(32, high), 1,
                      kLayouts[static_cast<std::size_t>(i) % kLayouts.size()]});
  }
}

auto identity(const MatmulShape& s) {
  return std::make_tuple(s.m, s.n, s.k, s.batch, s.layout);
}

void remove_duplicates(Shapes& shapes) {
  const auto before = [](const MatmulShape& a, const MatmulShape& b) { return identity(a) < identity(b); };
  std::sort(shapes.begin(), shapes.end(), before);
  shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
}

}  // namespace

Shapes products_of_layer(std::int64_t rows, std::int64_t inputs, std::int64_t outputs) {
  return {{rows, outputs, inputs, 1, MatrixLayout::nt},
          {rows, inputs, outputs, 1, MatrixLayout::nn},
          {outputs, inputs, rows, 1, MatrixLayout::tn}};
}

Shapes training_shapes(const ShapeLimits& limits) {
  Shapes shapes;
  add_powers_of_two(shapes);
  add_odd_sizes(shapes);
  add_transformers(shapes);
  add_convolutions(shapes);
  add_dense_layers(shapes);
  add_random(shapes);
  std::erase_if(shapes, [&](const MatmulShape& s) {
    const auto product = [](std::int64_t a, std::int64_t b) {
      return static_cast<double>(a) * static_cast<double>(b);
    };
    const double elements =
        static_cast<double>(s.batch) * (product(s.m, s.k) + product(s.k, s.n) + product(s.m, s.n));
    return models::matmul_flop(s) > limits.max_flop || elements > limits.max_elements;
  });
  remove_duplicates(shapes);
  Mixer mixer(2026);
  for (std::size_t i = shapes.size(); i > 1; --i) std::swap(shapes[i - 1], shapes[mixer.next() % i]);
  const auto marked = std::find(shapes.begin(), shapes.end(), MatmulShape{1024, 1024, 1024});
  if (marked != shapes.end()) std::rotate(shapes.begin(), marked, marked + 1);
  return shapes;
}

}  // namespace spotmix::gpu
