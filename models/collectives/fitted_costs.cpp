#include "models/collectives/fitted_costs.h"

namespace spotmix::models {
namespace {

constexpr double kMicro = 1e-6;
constexpr double kPerGiga = 1e-9;
constexpr double kMiB = 1024.0 * 1024.0;

// NCCL 2.7-2.10 on V100 (e_allreduce_intranode_lut). One row reaches low_latency: it takes low_latency_128's
// terms.
constexpr NodeCosts kVolta2020{{{{18.37 * kMicro, 2.983 * kMicro, 0.8335, 0.05039 * kPerGiga, 0, 0},
                                 {18.37 * kMicro, 2.983 * kMicro, 0.8335, 0.05039 * kPerGiga, 0, 0},
                                 {17.66 * kMicro, 2.905 * kMicro, 0.8668, 0.00220 * kPerGiga, 0, 0}}},
                               0,
                               0,
                               8 * kMicro,
                               2 * kMicro,
                               1.0};

// No table holds a P100 inside one node with NVLink: V100's latencies, and the wire at NCCL's own figure.
constexpr NodeCosts kPascal{{{{20 * kMicro, 2.9 * kMicro, 1.15, 0, 0, 0},
                              {20 * kMicro, 2.9 * kMicro, 1.15, 0, 0, 0},
                              {20 * kMicro, 2.6 * kMicro, 1.0, kPerGiga / 400, 0, 0}}},
                            0,
                            0,
                            8 * kMicro,
                            2 * kMicro,
                            1.0};

// NCCL 2.7-2.10 on A100 (e_allreduce_intranode_lut). low_latency: latency of current NCCL, wire from five
// rows of 1 MiB.
constexpr NodeCosts kAmpere2020{
    {{{8 * kMicro, 1.0 * kMicro, 2.9, 0, 0, 0},
      {20.11 * kMicro, 2.395 * kMicro, 1.0923, 0.01072 * kPerGiga, 0, 0},
      {38.06 * kMicro, 2.514 * kMicro, 0.7839, 0.00210 * kPerGiga, 2.991 * kMicro, 3 * kMiB}}},
    0,
    0,
    8 * kMicro,
    2 * kMicro,
    1.0};

constexpr NodeCosts kAmpere{{{{6 * kMicro, 1.2 * kMicro, 1.0, 0, 0, 0},
                              {20 * kMicro, 1.5 * kMicro, 1.3, 0, 0, 0},
                              {20 * kMicro, 3.0 * kMicro, 1.0, kPerGiga / 550, 0, 0}}},
                            0,
                            0,
                            8 * kMicro,
                            1 * kMicro,
                            1.0};

constexpr NodeCosts kHopper{{{{4 * kMicro, 0.9 * kMicro, 1.0, 0, 0, 0},
                              {14 * kMicro, 1.0 * kMicro, 1.1, 0, 0, 0},
                              {15 * kMicro, 3.0 * kMicro, 1.0, kPerGiga / 1000, 0, 0}}},
                            25 * kMicro,
                            kPerGiga / 268,
                            5 * kMicro,
                            0.6 * kMicro,
                            1.0};

constexpr NodeCosts kBlackwell{{{{6 * kMicro, 1.4 * kMicro, 1.0, 0, 0, 0},
                                 {14 * kMicro, 1.0 * kMicro, 1.1, 0, 0, 0},
                                 {15 * kMicro, 3.0 * kMicro, 1.0, kPerGiga / 2000, 0, 0}}},
                               30 * kMicro,
                               kPerGiga / 420,
                               8 * kMicro,
                               0.4 * kMicro,
                               1.0};

constexpr NodeCosts kPcie{{{{5 * kMicro, 1.3 * kMicro, 1.0, 0, 0, 0},
                            {14 * kMicro, 2.5 * kMicro, 1.1, 0, 0, 0},
                            {20 * kMicro, 5.7 * kMicro, 1.0, 0, 0, 0}}},
                          0,
                          0,
                          10 * kMicro,
                          2 * kMicro,
                          1.0};

constexpr CustomCosts kAmpereCustom{4 * kMicro, 1.0, 5 * kMicro, 1.4, 4 * kMiB};
constexpr CustomCosts kHopperCustom{3 * kMicro, 1.0, 4.5 * kMicro, 1.4, 16 * kMiB};
constexpr CustomCosts kPcieCustom{6 * kMicro, 1.0, 10 * kMicro, 1.2, 8 * kMiB};

constexpr NetworkCosts kTcp{{60 * kMicro, 80 * kMicro, 150 * kMicro}, 30 * kMicro, {0.3, 0.5, 0.6}};
constexpr NetworkCosts kEfa1{{135 * kMicro, 205 * kMicro, 600 * kMicro}, 12 * kMicro, {0.05, 0.27, 0.84}};
constexpr NetworkCosts kEfa2{{50 * kMicro, 100 * kMicro, 400 * kMicro}, 8 * kMicro, {0.05, 0.27, 0.84}};
constexpr NetworkCosts kEfa3{{35 * kMicro, 80 * kMicro, 300 * kMicro}, 8 * kMicro, {0.05, 0.27, 0.84}};
constexpr NetworkCosts kInfiniband{{20 * kMicro, 30 * kMicro, 60 * kMicro}, 8 * kMicro, {0.2, 0.5, 0.84}};

const NodeCosts& node_costs(const NodeTopology& node, Library library) {
  if (node.interconnect == Interconnect::pcie || node.interconnect == Interconnect::none) return kPcie;
  switch (node.device->architecture) {
    case Architecture::pascal:
      return kPascal;
    case Architecture::volta:
      return kVolta2020;
    case Architecture::ampere:
      return library == Library::nccl_2020 ? kAmpere2020 : kAmpere;
    case Architecture::blackwell:
      return kBlackwell;
    default:
      return kHopper;
  }
}

const CustomCosts& custom_costs(Architecture architecture) {
  switch (architecture) {
    case Architecture::ampere:
      return kAmpereCustom;
    case Architecture::hopper:
    case Architecture::blackwell:
      return kHopperCustom;
    default:
      return kPcieCustom;
  }
}

const NetworkCosts& network_costs(Transport transport) {
  switch (transport) {
    case Transport::efa_1:
      return kEfa1;
    case Transport::efa_2:
      return kEfa2;
    case Transport::efa_3:
      return kEfa3;
    case Transport::infiniband:
      return kInfiniband;
    default:
      return kTcp;
  }
}

}  // namespace

CollectiveCosts shipped_costs(const NodeTopology& node, Library library) {
  return {node_costs(node, library), custom_costs(node.device->architecture), network_costs(node.transport)};
}

}  // namespace spotmix::models
