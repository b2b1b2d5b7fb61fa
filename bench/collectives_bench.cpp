// What a collective costs to ask for, once its communicator is made, and what making one costs.
#include <benchmark/benchmark.h>

#include "bench/nodes.h"
#include "models/collectives/collectives.h"

namespace {

using namespace spotmix::models;

void ask(benchmark::State& state, const char* node, int nodes) {
  const Communicator group({spotmix::bench::node_named(node), nodes, std::nullopt, 0}, {8, nodes, 1, false});
  double bytes = 1;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(group.time_s(Collective::all_reduce, bytes));
    bytes = bytes < 1e9 ? bytes * 1.7 : 1;
  }
}

void make(benchmark::State& state, const char* node, int nodes) {
  const ClusterTopology cluster{spotmix::bench::node_named(node), nodes, std::nullopt, 0};
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(Communicator(cluster, {8, nodes, 1, false}));
}

BENCHMARK_CAPTURE(ask, one_node_h100, "p5.48xlarge", 1)->Name("collectives/ask_one_node");
BENCHMARK_CAPTURE(ask, eight_nodes_a100, "p4d.24xlarge", 8)->Name("collectives/ask_eight_nodes");
BENCHMARK_CAPTURE(make, switch_a100, "p4d.24xlarge", 8)->Name("collectives/make_switch");
BENCHMARK_CAPTURE(make, mesh_v100, "p3.16xlarge", 1)->Name("collectives/make_mesh");

}  // namespace
