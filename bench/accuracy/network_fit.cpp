#include "bench/accuracy/network_fit.h"

#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "bench/accuracy/pattern_search.h"
#include "models/collectives/line_builder.h"

namespace spotmix::accuracy {
namespace {

using namespace spotmix::models;

constexpr std::array kTransports{Transport::tcp, Transport::efa_1, Transport::efa_2, Transport::efa_3,
                                 Transport::infiniband};
constexpr std::size_t kFewestSamples = 5;
constexpr std::size_t kConstants = 7;
constexpr double kMicro = 1e-6;

constexpr double kLeastShare = 0.002;

using Constants = std::array<double, kConstants>;

/// The start of every fit: a message of NCCL's network latency, protocols at a quarter and four fifths of the
/// wire.
constexpr Constants kStart{60 * kMicro, 110 * kMicro, 400 * kMicro, 10 * kMicro, 0.05, 0.27, 0.84};

NetworkCosts to_costs(const Constants& c) {
  return {{c[0], c[1], c[2]}, c[3], {c[4], c[5], c[6]}};
}

double allreduce_s(const NetworkSample& sample, const NetworkCosts& network) {
  CollectiveCosts costs = shipped_costs(sample.cluster.node, Library::nccl);
  costs.network = network;
  if (sample.group.nodes == 1)
    return Communicator(sample.cluster, sample.group).time_s(Collective::all_reduce, sample.bytes);
  double best = std::numeric_limits<double>::infinity();
  for (const CollectiveLine& line :
       network_lines(sample.cluster, sample.group, Collective::all_reduce, Library::nccl, costs)) {
    if (!sample.forced_ring || line.algorithm == Algorithm::ring)
      best = std::min(best, line.cost_s(sample.bytes));
  }
  return best;
}

double mean_error(const std::vector<NetworkSample>& samples, const Constants& constants) {
  // No transport passes the adapters' rate, and none sinks so low that a few bytes tell its rate.
  for (std::size_t i = 4; i < kConstants; ++i)
    if (constants[i] > 1.0 || constants[i] < kLeastShare) return std::numeric_limits<double>::infinity();
  const NetworkCosts costs = to_costs(constants);
  double sum = 0;
  for (const NetworkSample& sample : samples)
    sum += std::abs(allreduce_s(sample, costs) / sample.time_s - 1.0);
  return sum / static_cast<double>(samples.size());
}

Constants search(const std::vector<NetworkSample>& samples) {
  return pattern_search<kConstants>(
      kStart, [&](const Constants& constants) { return mean_error(samples, constants); });
}

}  // namespace

NetworkFits NetworkFits::shipped() {
  NetworkFits fits;
  for (const Transport transport : kTransports) {
    const NodeTopology node = make_node({.device = "A100", .devices = 8, .transport = transport});
    fits.set(transport, shipped_costs(node, Library::nccl).network);
  }
  return fits;
}

double NetworkFits::time_s(const NetworkSample& sample) const {
  return allreduce_s(sample, of(sample.cluster.node.transport));
}

NetworkFits fit_network(const std::vector<NetworkSample>& samples) {
  NetworkFits fits = NetworkFits::shipped();
  for (const Transport transport : kTransports) {
    std::vector<NetworkSample> own;
    for (const NetworkSample& sample : samples) {
      // Without direct access to device memory the host's copies are what is measured.
      if (sample.cluster.node.transport == transport && sample.cluster.node.gpu_direct) own.push_back(sample);
    }
    if (own.size() >= kFewestSamples) fits.set(transport, to_costs(search(own)));
  }
  return fits;
}

std::string describe(const NetworkFits& fits) {
  std::string text = "Across nodes (e_allreduce_busbw)\n";
  for (std::size_t i = 0; i < kTransports.size(); ++i) {
    const NetworkCosts& costs = fits.of(kTransports[i]);
    text += fmt::format(
        "  {:<10} base {:.1f} / {:.1f} / {:.1f} us, hop {:.2f} us, share of the adapters' rate {:.4f} / "
        "{:.4f} / "
        "{:.4f}\n",
        name_of(kTransports[i]), costs.base_s[0] * 1e6, costs.base_s[1] * 1e6, costs.base_s[2] * 1e6,
        costs.hop_s * 1e6, costs.efficiency[0], costs.efficiency[1], costs.efficiency[2]);
  }
  return text;
}

}  // namespace spotmix::accuracy
