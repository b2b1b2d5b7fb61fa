// AllReduce over any transport: every rank's data becomes the sum of all ranks' data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "gpu/collective/transport.h"

namespace spotmix::gpu {

/// Reduce-scatter, then all-gather, around a ring: 2(n − 1) steps of 1/n of the data (Patarasuk & Yuan 2009).
void ring_all_reduce(Transport& transport, std::span<float> data);

/// Up a binary tree adding, down again copying, in pieces so that both directions overlap. Rank r's parent is
/// (r − 1)/2.
void tree_all_reduce(Transport& transport, std::span<float> data);

using AllReduce = void (*)(Transport&, std::span<float>);
/// "ring" or "tree"; nullptr for another name.
AllReduce all_reduce_named(std::string_view name);

/// Bytes that must be read or written in memory, by all ranks together, to AllReduce `bytes` per rank through
/// memory that all ranks see. Each of the n − 1 additions of a piece reads two and writes one, each of the
/// n − 1 copies reads one and writes one, around the ring as in the tree: 5·(n − 1)·bytes.
double all_reduce_memory_bytes(int ranks, double bytes);

}  // namespace spotmix::gpu
