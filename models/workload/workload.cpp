#include "models/workload/workload.h"

namespace spotmix::models {
namespace {

double flop(const std::vector<MatrixProduct>& products) {
  double sum = 0;
  for (const MatrixProduct& product : products) sum += flop(product);
  return sum;
}

}  // namespace

double flop(const MatrixProduct& product) {
  const double products = product.kind == ProductKind::fused_attention ? 2 : 1;
  return 2 * products * product.m * product.n * product.k * product.batch * product.times *
         product.useful_fraction;
}

double parameters(const Workload& workload) {
  double sum = 0;
  for (const Layer& layer : workload.layers) sum += layer.repeat * layer.parameters;
  return sum;
}

double forward_flop(const Workload& workload) {
  double sum = 0;
  for (const Layer& layer : workload.layers) sum += layer.repeat * flop(layer.forward);
  return sum;
}

double training_flop(const Workload& workload) {
  double sum = 0;
  for (const Layer& layer : workload.layers) {
    sum += layer.repeat * (flop(layer.forward) + flop(layer.input_gradient) + flop(layer.weight_gradient));
  }
  return sum;
}

int layer_count(const Workload& workload) {
  int count = 0;
  for (const Layer& layer : workload.layers) count += layer.repeat;
  return count;
}

}  // namespace spotmix::models
