// Rows of k_collectives as questions to the models and as the samples that ship in kernel profiles.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/accuracy/measured_collectives.h"
#include "bench/accuracy/table.h"

namespace spotmix::accuracy {

struct CollectiveRow {
  CollectiveQuestion question;  ///< `device` empty for a device that is not modelled.
  double time_s = 0;
};

std::vector<CollectiveRow> collective_rows(const Table& table);

/// Whether the time is that of one rank's kernel: it holds the wait for the other ranks, and how far apart
/// they started is not in the row.
bool is_kernel_time(const CollectiveRow& row);

/// Adds the rows that `use` accepts to the profile of their device, which is made where there is none yet.
void add_collectives(std::vector<models::KernelProfile>& profiles, const std::vector<CollectiveRow>& rows,
                     const std::function<bool(const CollectiveRow&)>& use);

}  // namespace spotmix::accuracy
