#include "gpu/cuda/loader.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <system_error>
#include <tuple>

#include <dlfcn.h>
#include <fmt/format.h>

#include "gpu/cuda/marks.h"
#include "gpu/measure/progress.h"
#include "gpu/measure/shapes.h"
#include "models/kernels/collective_fit.h"
#include "models/kernels/matmul.h"

namespace spotmix::gpu {
namespace {

using models::MatrixLayout;
using models::Precision;

constexpr const char* kPart = "libspotmix-measure-cuda.so";

struct CloseLibrary {
  void operator()(void* library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, CloseLibrary>;

/// Beside the program, or where it was installed to.
Library open_part() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto folder = program.parent_path();
  for (const auto& place : {folder / kPart, folder / ".." / SPOTMIX_LIBRARY_DIR / "spotmix" / kPart}) {
    if (!std::filesystem::exists(place, error)) continue;
    if (void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) return Library(library);
    throw std::runtime_error(std::string("the CUDA part cannot be opened: ") + dlerror());
  }
  throw std::runtime_error(std::string("no CUDA part: ") + kPart +
                           " is not beside the program, which was built without a CUDA toolkit");
}

MatrixLayout layout_of(const CudaShape& shape) {
  if (shape.a_transposed) return shape.b_transposed ? MatrixLayout::tt : MatrixLayout::tn;
  return shape.b_transposed ? MatrixLayout::nt : MatrixLayout::nn;
}

std::vector<CudaShape> shapes_to_time(bool quick) {
  constexpr ShapeLimits kAll{9e12, 1e9};  // 16384³; elements of the three matrices
  constexpr ShapeLimits kQuick{3e8, 1e6};
  constexpr std::size_t kQuickShapes = 8;
  std::vector<CudaShape> result;
  for (const models::MatmulShape& s : training_shapes(quick ? kQuick : kAll)) {
    if (quick && result.size() == kQuickShapes) break;
    result.push_back({s.m, s.n, s.k, s.batch, s.layout == MatrixLayout::tn || s.layout == MatrixLayout::tt,
                      s.layout == MatrixLayout::nt || s.layout == MatrixLayout::tt});
  }
  return result;
}

models::Provenance provenance(const std::string& library, const std::string& note) {
  return {models::SourceKind::measured, "spotmix-measure", library, "", note};
}

template <typename Samples>
void append_times(Samples& samples, const Times& times) {
  samples.median_s.push_back(times.median_s);
  samples.p10_s.push_back(times.p10_s);
  samples.p90_s.push_back(times.p90_s);
  samples.count.push_back(times.count);
}

/// How the products were timed, how right they were, and in bf16 how our own kernels do beside them.
std::string product_note(const CudaResult& result, CudaPrecision precision) {
  std::string note = "random data, caches flushed, replayed as a graph";
  if (const double error = result.largest_error[static_cast<int>(precision)]; error != kNothingChecked)
    note += fmt::format("; largest error against fp64 {:.2g}", error);
  if (precision != CudaPrecision::bf16) return note;
  for (const CudaYardstick& yardstick : result.yardsticks) {
    note += fmt::format("; {} has {:.0f} % of its speed at {}^3", yardstick.kernel,
                        100 * yardstick.cublas.median_s / yardstick.ours.median_s, yardstick.shape.m);
  }
  return note;
}

std::vector<models::MatmulSamples> matmul_groups(const CudaResult& result) {
  std::map<std::pair<CudaPrecision, std::string>, models::MatmulSamples> groups;
  for (const CudaMatmul& product : result.matmuls) {
    models::MatmulSamples& group = groups[{product.precision, product.library}];
    group.provenance = provenance(product.library, product_note(result, product.precision));
    group.precision = static_cast<Precision>(product.precision);
    group.shapes.push_back(
        {product.shape.m, product.shape.n, product.shape.k, product.shape.batch, layout_of(product.shape)});
    append_times(group, product.times);
  }
  std::vector<models::MatmulSamples> list;
  for (auto& [key, group] : groups) list.push_back(std::move(group));
  return list;
}

std::vector<models::CollectiveSamples> collective_groups(const CudaResult& result) {
  std::map<std::tuple<std::string, std::string, std::string>, models::CollectiveSamples> groups;
  for (const CudaAllReduce& run : result.all_reduces) {
    models::CollectiveSamples& group = groups[{run.library, run.topology, run.algorithm}];
    group.provenance =
        provenance(run.library, run.topology == "virtual_ranks"
                                    ? "all ranks on one device: the cost of the reduction alone"
                                    : "all devices of this machine");
    group.operation = "all_reduce";
    group.algorithm = run.algorithm;
    group.topology = run.topology;
    group.ranks.push_back(run.ranks);
    group.bytes.push_back(run.bytes);
    append_times(group, run.times);
  }
  std::vector<models::CollectiveSamples> list;
  for (auto& [key, group] : groups) list.push_back(std::move(group));
  return list;
}

/// Limits of a device that spotmix does not know: what was measured, and what the driver says.
models::DeviceLimits limits_of(const CudaResult& result) {
  models::DeviceLimits limits;
  limits.multiprocessors = std::max(1, result.multiprocessors);
  limits.l2_bytes = std::max(1.0, result.l2_bytes);
  limits.memory_bytes_per_s =
      std::max({result.memory_bytes_per_s, result.copy_bytes_per_s, result.read_bytes_per_s});
  for (const CudaMatmul& product : result.matmuls) {
    auto& peak = limits.peak_flop_per_s[static_cast<std::size_t>(product.precision)];
    const double flop = 2.0 * static_cast<double>(product.shape.m) * static_cast<double>(product.shape.n) *
                        static_cast<double>(product.shape.k) * static_cast<double>(product.shape.batch);
    peak = std::max(peak.value_or(0), flop / product.times.median_s);
  }
  return limits;
}

Progress* current_progress = nullptr;

void print_progress(const char* line) {
  current_progress->line("{}", line);
}

}  // namespace

models::KernelProfile profile_of(const CudaResult& result, const Options& options) {
  models::KernelProfile profile;
  const models::DeviceSpec* known = models::find_device(result.device);
  profile.device = !options.name.empty() ? options.name
                   : known != nullptr    ? std::string(known->name)
                                         : result.device;
  profile.limits = known != nullptr ? models::limits_of(*known) : limits_of(result);
  profile.date = options.date;
  profile.driver = result.driver;
  profile.runtime = result.runtime;
  if (result.compute_clock_hz > 0) profile.compute_clock_hz = result.compute_clock_hz;
  if (result.memory_clock_hz > 0) profile.memory_clock_hz = result.memory_clock_hz;
  profile.matmul = matmul_groups(result);
  profile.collectives = collective_groups(result);
  profile.memory_bandwidth =
      models::MemoryBandwidth{provenance("cuda", "arrays of 1 GiB"), result.copy_bytes_per_s,
                              result.read_bytes_per_s, result.write_bytes_per_s};
  profile.launch_latency =
      models::LaunchLatency{provenance("cuda", "empty kernels of a graph"), result.launch_s};
  return profile;
}

models::KernelProfile measure_cuda(const Options& options, std::ostream& progress) {
  const Library part = open_part();
  const auto entry = reinterpret_cast<CudaEntry>(dlsym(part.get(), kCudaEntry));
  if (entry == nullptr)
    throw std::runtime_error(std::string(kPart) + ": of another version than this program");
  Progress say(progress);
  current_progress = &say;
  const double budget_s = options.budget_s.value_or(options.quick ? kQuickBudget_s : kCudaBudget_s);
  const CudaRequest request{shapes_to_time(options.quick), budget_s, options.quick, print_progress};
  CudaResult result;
  if (!entry(request, result)) throw std::runtime_error(result.error);
  if (!options.quick) {
    for (const std::string& line : mark_lines(result)) say.line("{}", line);
  }
  models::KernelProfile profile = profile_of(result, options);
  say.line("fitting");
  models::fit_matmul(profile);
  models::fit_collectives(profile);
  return profile;
}

}  // namespace spotmix::gpu
