#include <array>

#include "models/parallelism/software.h"

namespace spotmix::models {
namespace {

using enum Framework;
using enum Architecture;

/// How far the kernels of one framework's training program for one family of workloads are from the profiles'
/// on one architecture (docs/fitted_constants.md says what each pair was fitted on).
struct Program {
  Framework framework;
  std::string_view family;
  Architecture architecture;
  double products;  ///< Matrix products and convolutions.
  double streams;   ///< Memory-bound work.
};

constexpr std::array<Program, 0> kPrograms{};

}  // namespace

std::string_view framework_name(Framework framework) {
  switch (framework) {
    case pytorch:
      return "PyTorch";
    case tensorflow:
      return "TensorFlow";
    case tensorflow_xla:
      return "TensorFlow with XLA";
    case tensorflow2:
      return "TensorFlow 2";
    case mxnet:
      return "MXNet";
    case paddle:
      return "PaddlePaddle";
    case pytorch_2018:
      return "PyTorch of 2018";
    case tuned:
      break;
  }
  return "tuned";
}

Software framework_software(Framework framework, Architecture architecture, std::string_view family) {
  Software software = framework == tuned ? captured_software() : eager_software();
  software.name = framework_name(framework);
  for (const Program& program : kPrograms) {
    if (program.framework != framework || program.family != family || program.architecture != architecture)
      continue;
    software.kernel_slowdown = software.convolution_slowdown = program.products;
    software.stream_slowdown = program.streams;
  }
  return software;
}

}  // namespace spotmix::models
