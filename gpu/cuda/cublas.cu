#include "gpu/cuda/cublas.h"

namespace spotmix::gpu {
namespace {

constexpr int kMostAlgorithms = 8;

struct Types {
  cudaDataType_t input, result;
  cublasComputeType_t compute;
};

Types types_of(CudaPrecision precision) {
  switch (precision) {
    case CudaPrecision::fp32:
      return {CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_32F};
    case CudaPrecision::tf32:
      return {CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32};
    case CudaPrecision::fp16:
      return {CUDA_R_16F, CUDA_R_16F, CUBLAS_COMPUTE_32F};
    case CudaPrecision::bf16:
      return {CUDA_R_16BF, CUDA_R_16BF, CUBLAS_COMPUTE_32F};
    case CudaPrecision::fp8:
      return {CUDA_R_8F_E4M3, CUDA_R_16BF, CUBLAS_COMPUTE_32F};
  }
  throw std::logic_error("no such precision");
}

template <typename Value>
void set(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t attribute, const Value& value) {
  require(cublasLtMatmulDescSetAttribute(operation, attribute, &value, sizeof value),
          "setting a product's attribute");
}

}  // namespace

std::string cublas_name() {
  const std::size_t version = cublasLtGetVersion();  // 130002 is 13.0.2
  return "cublasLt-" + std::to_string(version / 10000) + '.' + std::to_string(version / 100 % 100) + '.' +
         std::to_string(version % 100);
}

cublasLtMatrixLayout_t CublasProduct::layout(cudaDataType_t type, std::int64_t rows,
                                             std::int64_t columns) const {
  cublasLtMatrixLayout_t result = nullptr;
  require(cublasLtMatrixLayoutCreate(&result, type, static_cast<std::uint64_t>(rows),
                                     static_cast<std::uint64_t>(columns), rows),
          "describing a matrix");
  if (shape_.batch > 1) {
    const auto batch = static_cast<std::int32_t>(shape_.batch);
    const std::int64_t stride = rows * columns;
    require(
        cublasLtMatrixLayoutSetAttribute(result, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &batch, sizeof batch),
        "batch");
    require(cublasLtMatrixLayoutSetAttribute(result, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &stride,
                                             sizeof stride),
            "batch stride");
  }
  return result;
}

CublasProduct::CublasProduct(const CublasLt& handle, const CudaShape& shape, CudaPrecision precision,
                             const DeviceMemory& workspace)
    : handle_(handle), workspace_(&workspace), shape_(shape) {
  const Types types = types_of(precision);
  require(cublasLtMatmulDescCreate(&operation_, types.compute, CUDA_R_32F), "describing a product");
  // First comes b: stored k × n it is n × k by columns and needs no transposition.
  const auto transposed = [](bool yes) { return yes ? CUBLAS_OP_T : CUBLAS_OP_N; };
  set(operation_, CUBLASLT_MATMUL_DESC_TRANSA, transposed(shape.b_transposed));
  set(operation_, CUBLASLT_MATMUL_DESC_TRANSB, transposed(shape.a_transposed));
  if (precision == CudaPrecision::fp8)
    set(operation_, CUBLASLT_MATMUL_DESC_FAST_ACCUM, static_cast<std::int8_t>(1));
  b_ = shape.b_transposed ? layout(types.input, shape.k, shape.n) : layout(types.input, shape.n, shape.k);
  a_ = shape.a_transposed ? layout(types.input, shape.m, shape.k) : layout(types.input, shape.k, shape.m);
  c_ = layout(types.result, shape.n, shape.m);
  cublasLtMatmulPreference_t preference = nullptr;
  require(cublasLtMatmulPreferenceCreate(&preference), "preferences");
  const std::size_t bytes = workspace.bytes();
  cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &bytes,
                                       sizeof bytes);
  found_.resize(kMostAlgorithms);
  int count = 0;
  const cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(handle, operation_, b_, a_, c_, c_, preference,
                                                               kMostAlgorithms, found_.data(), &count);
  cublasLtMatmulPreferenceDestroy(preference);
  found_.resize(status == CUBLAS_STATUS_SUCCESS ? static_cast<std::size_t>(count) : 0);
}

CublasProduct::~CublasProduct() {
  for (const cublasLtMatrixLayout_t matrix : {a_, b_, c_})
    if (matrix != nullptr) cublasLtMatrixLayoutDestroy(matrix);
  if (operation_ != nullptr) cublasLtMatmulDescDestroy(operation_);
}

void CublasProduct::enqueue(int algorithm, const void* a, const void* b, void* c, cudaStream_t stream) const {
  const float one = 1.0f, zero = 0.0f;
  require(cublasLtMatmul(handle_, operation_, &one, b, b_, a, a_, &zero, c, c_, c, c_,
                         &found_[static_cast<std::size_t>(algorithm)].algo, workspace_->as<void>(),
                         workspace_->bytes(), stream),
          "cublasLtMatmul");
}

}  // namespace spotmix::gpu
