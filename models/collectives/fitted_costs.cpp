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
                                 {17.66 * kMicro, 2.905 * kMicro, 0.8668, 0.0022 * kPerGiga, 0, 0}}},
                               0,
                               0,
                               {{{8 * kMicro, 1 * kMicro, 1.5}, {15 * kMicro, 1 * kMicro, 1.1}}}};

// No table holds a P100 inside one node with NVLink: V100's latencies, and the wire at NCCL's own figure.
constexpr NodeCosts kPascal{{{{18.37 * kMicro, 2.983 * kMicro, 1.1, 0.05039 * kPerGiga, 0, 0},
                              {18.37 * kMicro, 2.983 * kMicro, 1.1, 0.05039 * kPerGiga, 0, 0},
                              {17.66 * kMicro, 2.905 * kMicro, 1, 0.0025 * kPerGiga, 0, 0}}},
                            0,
                            0,
                            {{{8 * kMicro, 1 * kMicro, 1.5}, {15 * kMicro, 1 * kMicro, 1.2}}}};

// NCCL 2.7-2.10 on A100 (e_allreduce_intranode_lut). low_latency: latency of current NCCL, wire from five
// rows of 1 MiB. Pairs as with current NCCL.
constexpr NodeCosts kAmpere2020{
    {{{8 * kMicro, 1 * kMicro, 2.9, 0, 0, 0},
      {20.11 * kMicro, 2.395 * kMicro, 1.0923, 0.01072 * kPerGiga, 0, 0},
      {38.06 * kMicro, 2.514 * kMicro, 0.7839, 0.0021 * kPerGiga, 2.991 * kMicro, 3 * kMiB}}},
    0,
    0,
    {{{12.14 * kMicro, 0.096 * kMicro, 9.47}, {15.63 * kMicro, 0.233 * kMicro, 1.484}}}};

// NCCL 2.27 on A100 (k_collectives, nccl-tests). low_latency_128 from its four AllReduce rows.
constexpr NodeCosts kAmpere{
    {{{8.53 * kMicro, 0.947 * kMicro, 0.7542, 0.01479 * kPerGiga, 0, 0},
      {5 * kMicro, 1.87 * kMicro, 1.06, 0.02 * kPerGiga, 0, 0},
      {24.65 * kMicro, 5.46 * kMicro, 1.0586, 0.00181 * kPerGiga, 0, 0}}},
    0,
    0,
    {{{12.14 * kMicro, 0.096 * kMicro, 9.47}, {15.63 * kMicro, 0.233 * kMicro, 1.484}}}};

// NCCL 2.26-2.29 on H100 and H200 (k_collectives, nccl-tests).
constexpr NodeCosts kHopper{
    {{{4.85 * kMicro, 0.869 * kMicro, 0.6326, 0.00587 * kPerGiga, 0, 0},
      {11.35 * kMicro, 1.294 * kMicro, 1.1237, 0, 0, 0},
      {11.79 * kMicro, 3.4 * kMicro, 0.9939, 0.00155 * kPerGiga, 0, 0}}},
    44.92 * kMicro,
    0.003976 * kPerGiga,
    {{{6.52 * kMicro, 0.143 * kMicro, 21.57}, {12.81 * kMicro, 0.064 * kMicro, 1.310}}}};

// NCCL 2.27-2.29 on B200, GB200 and GB300 (k_collectives, nccl-tests). low_latency_128 from its four
// AllReduce rows, the wire held at 1.
constexpr NodeCosts kBlackwell{
    {{{7.75 * kMicro, 1.372 * kMicro, 0.7442, 0.00372 * kPerGiga, 0, 0},
      {36 * kMicro, 5 * kMicro, 1, 0, 0, 0},
      {10.71 * kMicro, 7.832 * kMicro, 0.8912, 0.00111 * kPerGiga, 0, 0}}},
    49.83 * kMicro,
    0.002594 * kPerGiga,
    {{{9.82 * kMicro, 0.259 * kMicro, 37.58}, {16.24 * kMicro, 0.075 * kMicro, 1.646}}}};

// NCCL 2.27 on L40S over PCIe (k_collectives, nccl-tests). No row reaches low_latency_128 but a few: NCCL's
// own latencies.
constexpr NodeCosts kPcie{{{{4.15 * kMicro, 1.282 * kMicro, 0.7449, 0.04875 * kPerGiga, 0, 0},
                            {14 * kMicro, 2.5 * kMicro, 1.1, 0, 0, 0},
                            {19.96 * kMicro, 0.528 * kMicro, 1.2334, 0, 0, 0}}},
                          0,
                          0,
                          {{{8.29 * kMicro, 0.244 * kMicro, 2.586}, {9.76 * kMicro, 2.314 * kMicro, 1.299}}}};

// NCCL 2.0 over PCIe from device to device (e_allreduce_deepbench): the simple protocol; the rest as above.
constexpr NodeCosts kPciePeer{
    {{kPcie.ring[0], kPcie.ring[1], {0, 14.192 * kMicro, 1.027, 0, 0, 0}}}, 0, 0, kPcie.pair};

// One- and two-shot kernels (k_collectives, vllm, custom-graph rows up to the limit, which is where the times
// join NCCL's).
constexpr CustomCosts kAmpereCustom{5.19 * kMicro, 1.415, 14.02 * kMicro, 1.031, 4 * kMiB};
constexpr CustomCosts kHopperCustom{4.50 * kMicro, 1.389, 8.75 * kMicro, 1.113, 16 * kMiB};
constexpr CustomCosts kBlackwellCustom{6.95 * kMicro, 3.818, 15.92 * kMicro, 1.155, 16 * kMiB};
constexpr CustomCosts kPcieCustom{5.39 * kMicro, 1.275, 13.26 * kMicro, 1.555, 8 * kMiB};

// Across nodes: e_allreduce_busbw. No row is TCP: NCCL over sockets as its own tuning has it. EFA of the
// third generation: small messages measured, the rest as the second. InfiniBand: the share and the simple
// protocol's base measured on large messages, the other latencies NCCL's own.
constexpr NetworkCosts kTcp{{60 * kMicro, 80 * kMicro, 150 * kMicro}, 30 * kMicro, {0.3, 0.5, 0.6}};
constexpr NetworkCosts kEfa1{
    {135.0 * kMicro, 181.8 * kMicro, 700.5 * kMicro}, 6.49 * kMicro, {0.0100, 0.2342, 0.84}};
constexpr NetworkCosts kEfa2{
    {30.8 * kMicro, 70.5 * kMicro, 323.1 * kMicro}, 14.85 * kMicro, {0.0021, 0.2406, 0.84}};
constexpr NetworkCosts kEfa3{
    {26.7 * kMicro, 70.5 * kMicro, 323.1 * kMicro}, 4.27 * kMicro, {0.0021, 0.2406, 0.84}};
constexpr NetworkCosts kInfiniband{{20 * kMicro, 30 * kMicro, 120 * kMicro}, 8 * kMicro, {0.2, 0.5, 0.80}};

const NodeCosts& node_costs(const NodeTopology& node, Library library) {
  if (node.interconnect == Interconnect::pcie || node.interconnect == Interconnect::none)
    return node.pcie_peer_to_peer ? kPciePeer : kPcie;
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
      return kHopperCustom;
    case Architecture::blackwell:
      return kBlackwellCustom;
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
