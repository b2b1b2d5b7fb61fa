// One matrix product through cuBLASLt, with the algorithms its heuristic offers.
#pragma once

#include <cublasLt.h>

#include "gpu/cuda/support.h"

namespace spotmix::gpu {

inline void require(cublasStatus_t status, const char* what) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw std::runtime_error(std::string(what) + ": " + cublasLtGetStatusString(status));
}

class CublasLt {
 public:
  CublasLt() { require(cublasLtCreate(&handle_), "cublasLtCreate"); }
  ~CublasLt() { cublasLtDestroy(handle_); }
  CublasLt(const CublasLt&) = delete;
  CublasLt& operator=(const CublasLt&) = delete;
  operator cublasLtHandle_t() const { return handle_; }

 private:
  cublasLtHandle_t handle_ = nullptr;
};

/// "cublasLt-13.0.2".
std::string cublas_name();

/// A product of one shape and precision. Row-major products are column-major ones with the matrices swapped:
/// cᵀ = bᵀ · aᵀ.
class CublasProduct {
 public:
  CublasProduct(const CublasLt& handle, const CudaShape& shape, CudaPrecision precision,
                const DeviceMemory& workspace);
  ~CublasProduct();
  CublasProduct(const CublasProduct&) = delete;
  CublasProduct& operator=(const CublasProduct&) = delete;

  /// How many algorithms the heuristic offers, best guess first; 0 when the product cannot be done.
  int algorithms() const { return static_cast<int>(found_.size()); }
  void enqueue(int algorithm, const void* a, const void* b, void* c, cudaStream_t stream) const;

 private:
  cublasLtMatrixLayout_t layout(cudaDataType_t type, std::int64_t rows, std::int64_t columns) const;

  cublasLtHandle_t handle_;
  const DeviceMemory* workspace_;
  CudaShape shape_;
  cublasLtMatmulDesc_t operation_ = nullptr;
  cublasLtMatrixLayout_t a_ = nullptr, b_ = nullptr, c_ = nullptr;
  std::vector<cublasLtMatmulHeuristicResult_t> found_;
};

}  // namespace spotmix::gpu
