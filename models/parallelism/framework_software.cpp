#include <array>

#include "models/parallelism/software.h"

namespace spotmix::models {
namespace {

using enum Framework;
using enum Architecture;

/// How long the kernels of one framework's program for one workload (in 16 bits where " half" follows its
/// name) take on one architecture ÷ the profiles'; a family stands for its workloads that no other line
/// names. docs/fitted_constants.md says what each was fitted on.
struct Program {
  Framework framework;
  std::string_view workload;
  Architecture architecture;
  double products;  ///< Matrix products and convolutions.
  double streams;   ///< Memory-bound work.
};

constexpr Program alike(Framework framework, std::string_view workload, Architecture architecture,
                        double slowdown) {
  return {framework, workload, architecture, slowdown, slowdown};
}

constexpr std::array kPrograms{
    alike(pytorch_2018, "resnet50 half", volta, 2.7),
    Program{tuned, "convolution", volta, 1, 1},
};

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

Software framework_software(Framework framework, Architecture architecture, std::string_view workload) {
  Software software = framework == tuned ? captured_software() : eager_software();
  software.name = framework_name(framework);
  if (framework == pytorch_2018) software.phase_start_s = 16;
  for (const Program& program : kPrograms) {
    if (program.framework != framework || program.workload != workload ||
        program.architecture != architecture)
      continue;
    software.kernel_slowdown = software.convolution_slowdown = program.products;
    software.stream_slowdown = program.streams;
  }
  return software;
}

}  // namespace spotmix::models
