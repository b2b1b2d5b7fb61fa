// Kernel profiles made from the published tables: the ones that ship (program make_profiles), and for
// cross-validation the same without the shapes that are left out.
//
// Rows whose `flag` marks them as over a physical limit or part of a suspect block are not used.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/accuracy/folds.h"
#include "bench/accuracy/table.h"
#include "models/kernels/profile.h"

namespace spotmix::accuracy {

/// The fold of a shape, the same on every device and for every source.
unsigned fold_of(const models::MatmulShape& shape);
unsigned fold_of(const models::MemoryOpShape& shape);

/// A row of k_gemm or f_gemm_deepbench as a question to the models.
struct MatmulRow {
  std::string unusable;  ///< Why the row can be neither used nor scored; empty for a good row.
  std::string device;    ///< As find_device names it.
  models::Precision precision = models::Precision::fp32;
  models::MatmulShape shape;
  models::Provenance provenance;
  double time_s = 0;
};

std::vector<MatmulRow> gemm_rows(const Table& table);       ///< Of k_gemm.
std::vector<MatmulRow> deepbench_rows(const Table& table);  ///< Of f_gemm_deepbench.

/// A row of k_memory_ops.
struct MemoryOpRow {
  std::string unusable;  ///< As in MatmulRow.
  std::string device;
  models::MemoryOp op = models::MemoryOp::add;
  models::Precision precision = models::Precision::fp32;
  models::MemoryOpShape shape{};
  models::Provenance provenance;
  double time_s = 0;
};

std::vector<MemoryOpRow> memory_op_rows(const Table& table);

/// Which rows may be used, by fold.
using FoldFilter = std::function<bool(unsigned fold)>;

/// One profile per device in alphabetical order, not yet fitted, from those tables that `data` has.
std::vector<models::KernelProfile> profiles_from_tables(const DataDirectory& data, const FoldFilter& use);

}  // namespace spotmix::accuracy
