#include "gpu/cpu/measure_cpu.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <set>

#include "gpu/collective/algorithms.h"
#include "gpu/collective/measure.h"
#include "gpu/cpu/host.h"
#include "gpu/cpu/matmul.h"
#include "gpu/cpu/memory.h"
#include "gpu/measure/progress.h"
#include "gpu/measure/sampler.h"
#include "gpu/measure/shapes.h"
#include "models/kernels/collective_fit.h"
#include "models/kernels/matmul.h"

namespace spotmix::gpu {
namespace {

using models::MatmulShape;
using models::Precision;
using models::SourceKind;

/// Shares of the time budget. What is left goes to fitting and to checks.
struct Shares {
  double peak = 0.02;
  double memory = 0.06;
  double eigen = 0.36;
  double openblas = 0.26;
  double collectives = 0.16;
};
constexpr Shares kShares;
constexpr double kMiB = 1024.0 * 1024.0;
constexpr std::size_t kMarkBytes = std::size_t{64} * 1024 * 1024;
constexpr std::int64_t kMarkSide = 1024;
constexpr std::size_t kQuickBytes = std::size_t{4} * 1024 * 1024;

models::Provenance provenance(std::string library, std::string note) {
  return {SourceKind::measured, "spotmix-measure", std::move(library), "", std::move(note)};
}

std::string device_name(const Host& host, int threads) {
  return host.processor + ", " + std::to_string(threads) + (threads == 1 ? " core" : " cores");
}

models::MatmulSamples to_samples(const MatmulLibrary& library, const std::vector<TimedShape>& timed) {
  models::MatmulSamples samples;
  samples.provenance = provenance(library.name, "random data, read from memory, not from a cache");
  samples.precision = Precision::fp32;
  for (const TimedShape& product : timed) {
    samples.shapes.push_back(product.shape);
    samples.median_s.push_back(product.times.median_s);
    samples.p10_s.push_back(product.times.p10_s);
    samples.p90_s.push_back(product.times.p90_s);
    samples.count.push_back(product.times.count);
  }
  return samples;
}

/// FLOP per second of the cube that the marks name; 0 when it was not timed.
double cube_flop_per_s(const models::MatmulSamples& samples) {
  const MatmulShape cube{kMarkSide, kMarkSide, kMarkSide, 1, models::MatrixLayout::nn};
  const auto found = std::find(samples.shapes.begin(), samples.shapes.end(), cube);
  if (found == samples.shapes.end()) return 0.0;
  return models::matmul_flop(cube) /
         samples.median_s[static_cast<std::size_t>(found - samples.shapes.begin())];
}

std::vector<std::size_t> all_reduce_sizes() {
  std::vector<std::size_t> sizes;
  for (std::size_t bytes = 4096; bytes <= kMarkBytes; bytes *= 4) sizes.push_back(bytes);
  if (sizes.back() != kMarkBytes) sizes.push_back(kMarkBytes);
  return sizes;
}

/// Two ranks always, then powers of two as far as the cores go.
std::vector<int> rank_counts(int cores) {
  std::vector<int> counts{2};
  for (int ranks = 4; ranks <= std::min(cores, 16); ranks *= 2) counts.push_back(ranks);
  return counts;
}

models::CollectiveSamples measure_all_reduce(Medium medium, const std::string& algorithm, int cores,
                                             double budget_s) {
  models::CollectiveSamples samples;
  samples.provenance = provenance("spotmix-processes", medium == Medium::loopback
                                                           ? "processes of one machine over TCP on 127.0.0.1"
                                                           : "processes of one machine that share memory");
  samples.operation = "all_reduce";
  samples.algorithm = algorithm;
  samples.topology = name_of(medium);
  const std::vector<int> counts = rank_counts(cores);
  for (const int ranks : counts) {
    for (const TimedAllReduce& timed : time_all_reduce(medium, algorithm, ranks, all_reduce_sizes(),
                                                       budget_s / static_cast<double>(counts.size()))) {
      samples.ranks.push_back(timed.ranks);
      samples.bytes.push_back(static_cast<double>(timed.bytes));
      samples.median_s.push_back(timed.times.median_s);
      samples.p10_s.push_back(timed.times.p10_s);
      samples.p90_s.push_back(timed.times.p90_s);
      samples.count.push_back(timed.times.count);
    }
  }
  return samples;
}

/// Memory traffic per second of the marked AllReduce; 0 when it was not timed.
double memory_traffic_per_s(const models::CollectiveSamples& samples) {
  for (std::size_t i = 0; i < samples.ranks.size(); ++i) {
    if (samples.ranks[i] == 2 && samples.bytes[i] == static_cast<double>(kMarkBytes))
      return all_reduce_memory_bytes(2, samples.bytes[i]) / samples.median_s[i];
  }
  return 0.0;
}

class Measurement {
 public:
  Measurement(const Options& options, std::ostream& progress)
      : budget_s_(options.budget_s.value_or(options.quick ? kQuickCpuBudget_s : kCpuBudget_s)),
        host_(describe_host()),
        threads_(options.threads.value_or(host_.cores)),
        quick_(options.quick),
        say_(progress) {
    profile_.device = options.name.empty() ? device_name(host_, threads_) : options.name;
    profile_.architecture = models::Architecture::cpu;
    profile_.date = options.date;
    profile_.runtime = host_.operating_system;
  }

  models::KernelProfile run() {
    cache_bytes_ = quick_ ? kQuickBytes
                          : static_cast<std::size_t>(host_.last_level_cache_bytes > 0
                                                         ? static_cast<double>(host_.last_level_cache_bytes)
                                                         : 64 * kMiB);
    {
      ThreadTeam team(threads_);
      measure_limits(team);
      measure_eigen(team);
    }
    measure_openblas();  // without the team, whose waiting threads would keep its cores busy
    measure_collectives();
    say_.line("fitting");
    models::fit_matmul(profile_);
    models::fit_collectives(profile_);
    return std::move(profile_);
  }

 private:
  void measure_limits(ThreadTeam& team) {
    const IsaKernels& kernels = *supported_kernels().front();
    say_.line("{}, {}", profile_.device, kernels.name);
    core_peak_ = core_peak_flop_per_s(kernels, kShares.peak * budget_s_);
    const MemoryRates rates =
        measure_memory(team, quick_ ? kQuickBytes : std::max<std::size_t>(cache_bytes_ * 2, kMarkBytes),
                       kShares.memory * budget_s_);
    const double launch_s = measure_launch(team, 0.2).median_s;
    models::DeviceLimits& limits = profile_.limits;
    limits.multiprocessors = threads_;
    limits.peak_flop_per_s[static_cast<std::size_t>(Precision::fp32)] = core_peak_ * threads_;
    limits.memory_bytes_per_s =
        std::max({rates.copy_bytes_per_s, rates.read_bytes_per_s, rates.write_bytes_per_s});
    limits.l2_bytes =
        static_cast<double>(std::max<std::int64_t>(host_.l2_bytes_per_core, std::int64_t{256} * 1024)) *
        threads_;
    const std::string note = std::to_string(threads_) + " threads, arrays beyond the last-level cache";
    profile_.memory_bandwidth = models::MemoryBandwidth{provenance("memcpy", note), rates.copy_bytes_per_s,
                                                        rates.read_bytes_per_s, rates.write_bytes_per_s};
    profile_.launch_latency = models::LaunchLatency{
        provenance("threads", "handing work to " + std::to_string(threads_) + " waiting threads"), launch_s};
    say_.line("core's peak {:.1f} GFLOP/s; memory copy {:.1f}, read {:.1f}, write {:.1f} GB/s",
              core_peak_ / 1e9, rates.copy_bytes_per_s / 1e9, rates.read_bytes_per_s / 1e9,
              rates.write_bytes_per_s / 1e9);
  }

  std::vector<MatmulShape> shapes() const {
    // With a check, a warm-up and three runs the largest product takes what a few average shapes have.
    constexpr double kLargest_s = 0.06;
    if (quick_)
      return training_shapes(
          {3e9, static_cast<double>(kQuickBytes) / sizeof(float) * 4});  // 1024³ is among them
    return training_shapes({kLargest_s * core_peak_ * threads_, 256 * kMiB / sizeof(float)});
  }

  void measure_eigen(ThreadTeam& team) {
    // Where there is no OpenBLAS to measure, its time buys Eigen more shapes.
    const double share = kShares.eigen + (openblas_library(threads_).multiply ? 0 : kShares.openblas);
    measure_library(eigen_library(*supported_kernels().front(), team), shapes(), share * budget_s_);
  }

  void measure_openblas() {
    const MatmulLibrary openblas = openblas_library(threads_);
    if (openblas.multiply)
      measure_library(openblas, shapes(), kShares.openblas * budget_s_);
    else
      say_.line("OpenBLAS: not measured, the program was built without it");
  }

  void measure_library(const MatmulLibrary& library, const std::vector<MatmulShape>& shapes,
                       double budget_s) {
    const models::MatmulSamples& samples = profile_.matmul.emplace_back(to_samples(
        library, time_products(library, shapes,
                               {cache_bytes_, budget_s, threads_ == 1 ? own_processor_time_s : now_s})));
    const double flop_per_s = cube_flop_per_s(samples);
    say_.line("{}: {} of {} shapes; {}³ at {:.1f} GFLOP/s, {:.0f} % of the peak", library.name,
              samples.shapes.size(), shapes.size(), kMarkSide, flop_per_s / 1e9,
              100.0 * flop_per_s / (core_peak_ * threads_));
  }

  void measure_collectives() {
    const double each_s = kShares.collectives * budget_s_ / 4;
    MemoryRates two_copies;
    {
      ThreadTeam pair(2);
      two_copies = measure_memory(pair, kMarkBytes, 0.03 * budget_s_);
    }
    for (const Medium medium : {Medium::shared_memory, Medium::loopback}) {
      for (const char* algorithm : {"ring", "tree"}) {
        const auto& samples =
            profile_.collectives.emplace_back(measure_all_reduce(medium, algorithm, host_.cores, each_s));
        const double traffic = memory_traffic_per_s(samples);
        say_.line(
            "AllReduce {} {}, 64 MiB, 2 ranks: {:.1f} GB/s of memory traffic, {:.0f} % of two copies' "
            "{:.1f} GB/s",
            name_of(medium), algorithm, traffic / 1e9, 100.0 * traffic / two_copies.copy_bytes_per_s,
            two_copies.copy_bytes_per_s / 1e9);
      }
    }
  }

  double budget_s_;
  Host host_;
  int threads_;
  bool quick_;
  Progress say_;
  std::size_t cache_bytes_ = 0;
  double core_peak_ = 0;
  models::KernelProfile profile_;
};

}  // namespace

models::KernelProfile measure_cpu(const Options& options, std::ostream& progress) {
  return Measurement(options, progress).run();
}

}  // namespace spotmix::gpu
