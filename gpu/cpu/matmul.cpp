#include "gpu/cpu/matmul.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

namespace spotmix::gpu {
namespace {

using models::MatmulShape;
using models::MatrixLayout;

constexpr double kErrorBound = 1e-3;

bool first_transposed(MatrixLayout layout) {
  return layout == MatrixLayout::tn || layout == MatrixLayout::tt;
}
bool second_transposed(MatrixLayout layout) {
  return layout == MatrixLayout::nt || layout == MatrixLayout::tt;
}

struct Sizes {
  std::size_t a, b, c;  ///< Elements, all of the batch.
};

Sizes sizes_of(const MatmulShape& s) {
  const auto elements = [&](std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(s.batch * rows * columns);
  };
  return {elements(s.m, s.k), elements(s.k, s.n), elements(s.m, s.n)};
}

float element(const float* matrix, bool transposed, std::int64_t rows, std::int64_t columns, std::int64_t row,
              std::int64_t column) {
  return transposed ? matrix[column * rows + row] : matrix[row * columns + column];
}

double reference(const MatmulShape& s, const float* a, const float* b, std::int64_t row,
                 std::int64_t column) {
  double sum = 0;
  for (std::int64_t i = 0; i < s.k; ++i) {
    sum += static_cast<double>(element(a, first_transposed(s.layout), s.m, s.k, row, i)) *
           static_cast<double>(element(b, second_transposed(s.layout), s.k, s.n, i, column));
  }
  return sum;
}

std::string text_of(const MatmulShape& s) {
  return std::to_string(s.m) + " x " + std::to_string(s.n) + " x " + std::to_string(s.k) + " x " +
         std::to_string(s.batch) + ' ' + std::string(name_of(s.layout));
}

/// The strip [from, to) of `length` that `part` of `parts` works on, in whole multiples of a tile.
std::pair<std::int64_t, std::int64_t> strip(std::int64_t length, int part, int parts) {
  constexpr std::int64_t kTile = 48;
  const std::int64_t tiles = (length + kTile - 1) / kTile;
  return {std::min(length, tiles * part / parts * kTile),
          std::min(length, tiles * (part + 1) / parts * kTile)};
}

/// The part of one product that makes rows [from, to) or columns [from, to) of the result.
MatmulCall part_of(const MatmulShape& s, const float* a, const float* b, float* c, bool rows,
                   std::int64_t from, std::int64_t to) {
  MatmulCall call;
  call.a_transposed = first_transposed(s.layout);
  call.b_transposed = second_transposed(s.layout);
  call.m = rows ? to - from : s.m;
  call.n = rows ? s.n : to - from;
  call.k = s.k;
  call.a_leading = call.a_transposed ? s.m : s.k;
  call.b_leading = call.b_transposed ? s.k : s.n;
  call.c_leading = s.n;
  call.a = !rows ? a : a + (call.a_transposed ? from : from * s.k);
  call.b = rows ? b : b + (call.b_transposed ? from * s.k : from);
  call.c = rows ? c + from * s.n : c + from;
  return call;
}

void multiply_parts(const IsaKernels& kernels, ThreadTeam& team, const MatmulShape& s, const float* a,
                    const float* b, float* c) {
  const bool rows = s.m >= s.n;
  const int threads = team.size();
  const bool whole_products = s.batch >= threads;
  team.run([&](int member) {
    for (std::int64_t i = whole_products ? member : 0; i < s.batch; i += whole_products ? threads : 1) {
      const auto [from, to] = whole_products ? std::pair<std::int64_t, std::int64_t>{0, rows ? s.m : s.n}
                                             : strip(rows ? s.m : s.n, member, threads);
      if (from == to) continue;
      kernels.matmul(part_of(s, a + i * s.m * s.k, b + i * s.k * s.n, c + i * s.m * s.n, rows, from, to));
    }
  });
}

/// Results have a place of their own: multiplied again and again, they would grow beyond all numbers.
struct Matrices {
  RotatingData inputs;
  RotatingData results;
};

void require_correct(const MatmulLibrary& library, const MatmulShape& shape, Matrices& matrices) {
  constexpr int kChecks = 16;
  const Sizes sizes = sizes_of(shape);
  const float* a = matrices.inputs.next(sizes.a + sizes.b);
  const float* b = a + sizes.a;
  float* c = matrices.results.next(sizes.c);
  library.multiply(shape, a, b, c);
  const double error = product_error(shape, a, b, c, kChecks);
  if (error <= kErrorBound) return;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", error);
  throw std::runtime_error(library.name + ": wrong result for " + text_of(shape) + ": error " + text.data() +
                           " of the spread, expected at most 1e-3");
}

}  // namespace

MatmulLibrary eigen_library(const IsaKernels& kernels, ThreadTeam& team) {
  return {std::string(kernels.library) + '-' + kernels.name,
          [&kernels, &team](const MatmulShape& shape, const float* a, const float* b, float* c) {
            multiply_parts(kernels, team, shape, a, b, c);
          }};
}

RotatingData::RotatingData(std::size_t elements) : values_(elements) {
  std::uint32_t state = 2463534242U;  // xorshift32 (Marsaglia 2003): any values do that no kernel can shorten
  for (float& value : values_) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    value = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1.0p-31F;
  }
}

float* RotatingData::next(std::size_t elements) {
  if (elements > values_.size()) throw std::invalid_argument("more elements than there is data");
  if (position_ + elements > values_.size()) position_ = 0;
  float* result = values_.data() + position_;
  constexpr std::size_t kLine = 16;  // elements of a cache line
  position_ += (elements + kLine - 1) / kLine * kLine;
  position_ = std::min(position_, values_.size());
  return result;
}

double product_error(const MatmulShape& s, const float* a, const float* b, const float* c, int checks) {
  const std::int64_t results = s.batch * s.m * s.n;
  double worst = 0;
  for (int i = 0; i < checks; ++i) {
    const std::int64_t at = checks == 1 ? 0 : (results - 1) * i / (checks - 1);
    const std::int64_t product = at / (s.m * s.n);
    const double exact =
        reference(s, a + product * s.m * s.k, b + product * s.k * s.n, at / s.n % s.m, at % s.n);
    const double error = std::abs(static_cast<double>(c[at]) - exact) / std::sqrt(static_cast<double>(s.k));
    worst = std::max(worst, std::isnan(error) ? std::numeric_limits<double>::infinity() : error);
  }
  return worst;
}

std::vector<TimedShape> time_products(const MatmulLibrary& library, const std::vector<MatmulShape>& shapes,
                                      const ProductPlan& plan) {
  const double end_s = now_s() + plan.budget_s;  // the data's making counts
  constexpr std::size_t kCachesApart = 4;        // a piece is used again only after four caches of other data
  std::size_t inputs = kCachesApart * plan.last_level_cache_bytes / sizeof(float);
  std::size_t results = inputs / 2;
  for (const MatmulShape& shape : shapes) {
    inputs = std::max(inputs, sizes_of(shape).a + sizes_of(shape).b);
    results = std::max(results, sizes_of(shape).c);
  }
  Matrices matrices{RotatingData(inputs), RotatingData(results)};
  // Other programs and the clock come and go over seconds: each shape is met in several rounds, so that a bad
  // moment spoils a part of many shapes' runs and not all runs of a few.
  constexpr std::size_t kRounds = 4;
  std::vector<std::vector<double>> seconds(shapes.size());
  for (std::size_t visit = 0; visit < kRounds * shapes.size() && now_s() < end_s; ++visit) {
    const std::size_t i = visit % shapes.size();
    const MatmulShape& shape = shapes[i];
    if (visit < shapes.size()) require_correct(library, shape, matrices);
    SamplingPlan sampling;
    sampling.clock = plan.clock;
    sampling.min_runs = 1;
    sampling.max_runs /= kRounds;
    sampling.budget_s = std::max(0.0, end_s - now_s()) / static_cast<double>(kRounds * shapes.size() - visit);
    const Sizes sizes = sizes_of(shape);
    const std::vector<double> taken = sample_seconds(sampling, [&] {
      const float* a = matrices.inputs.next(sizes.a + sizes.b);
      library.multiply(shape, a, a + sizes.a, matrices.results.next(sizes.c));
    });
    seconds[i].insert(seconds[i].end(), taken.begin(), taken.end());
  }
  std::vector<TimedShape> result;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!seconds[i].empty()) result.push_back({shapes[i], summarize(std::move(seconds[i]))});
  }
  return result;
}

}  // namespace spotmix::gpu
