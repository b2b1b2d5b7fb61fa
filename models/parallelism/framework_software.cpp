#include <algorithm>
#include <array>
#include <utility>

#include "models/hardware/device.h"
#include "models/parallelism/training_programs.h"

namespace spotmix::models {
namespace {

using enum Framework;
using enum Architecture;

/// How long the kernels of one framework's program for one workload (in 16 bits where " half" follows its
/// name) take on one architecture ÷ the profiles': matrix products, convolutions and memory-bound work alike.
/// docs/fitted_constants.md says how each was fitted; a program that is not named takes the profiles' times.
struct Program {
  Framework framework;
  std::string_view workload;
  Architecture architecture;
  double slowdown;
};

constexpr std::array kPrograms{
    // a_dawnbench_epoch_curves
    Program{pytorch_2018, "resnet50 half", volta, 2.7},
    // d_scaling_aws_tf_horovod
    Program{tensorflow, "alexnet", kepler, 1.14},
    Program{tensorflow, "alexnet", pascal, 0.89},
    Program{tensorflow, "inception-v3", kepler, 1.96},
    Program{tensorflow, "inception-v3", pascal, 1.36},
    Program{tensorflow, "resnet152", kepler, 1.47},
    Program{tensorflow, "resnet152", pascal, 1.14},
    Program{tensorflow, "resnet50", kepler, 1.57},
    Program{tensorflow, "resnet50", pascal, 1.25},
    Program{tensorflow, "vgg16", kepler, 0.93},
    Program{tensorflow, "vgg16", pascal, 0.83},
    Program{tensorflow2, "resnet101 half", volta, 1.22},
    // c_dle_training_throughput
    Program{pytorch, "bert-large", volta, 1.09},
    Program{pytorch, "bert-large", ampere, 0.96},
    Program{pytorch, "bert-large half", volta, 1.44},
    Program{pytorch, "bert-large half", ampere, 1.32},
    Program{pytorch, "dlrm", volta, 1.28},
    Program{pytorch, "dlrm", ampere, 0.88},
    Program{pytorch, "dlrm half", volta, 1.97},
    Program{pytorch, "dlrm half", ampere, 1.27},
    Program{pytorch, "ncf", volta, 1.25},
    Program{pytorch, "ncf", ampere, 1.41},
    Program{pytorch, "ncf half", volta, 2.25},
    Program{pytorch, "ncf half", ampere, 2.02},
    Program{pytorch, "nnunet-2d", volta, 0.82},
    Program{pytorch, "nnunet-2d half", volta, 1.75},
    Program{pytorch, "nnunet-3d", volta, 1.68},
    Program{pytorch, "nnunet-3d half", volta, 1.47},
    Program{pytorch, "ssd300-resnet50", volta, 0.96},
    Program{pytorch, "ssd300-resnet50 half", volta, 1.16},
    Program{pytorch, "transformer-big", ampere, 1.11},
    Program{pytorch, "transformer-big half", ampere, 1.64},
    Program{pytorch, "transformer-xl-large", volta, 1.33},
    Program{pytorch, "transformer-xl-large half", volta, 2.41},
    Program{tensorflow, "bert-base", volta, 1.63},
    Program{tensorflow, "bert-base half", volta, 2.57},
    Program{tensorflow, "ncf", volta, 1.35},
    Program{tensorflow, "ncf", ampere, 1.69},
    Program{tensorflow, "ncf half", volta, 3.10},
    Program{tensorflow, "ncf half", ampere, 3.41},
    Program{tensorflow, "resnext101-32x4d", volta, 1.07},
    Program{tensorflow, "resnext101-32x4d half", volta, 1.07},
    Program{tensorflow, "ssd320-resnet50-fpn", volta, 1.47},
    Program{tensorflow, "ssd320-resnet50-fpn half", volta, 3.52},
    Program{tensorflow, "transformer-xl-base", volta, 2.21},
    Program{tensorflow, "transformer-xl-base half", volta, 6.73},
    Program{tensorflow, "unet-industrial", volta, 0.83},
    Program{tensorflow, "unet-industrial", ampere, 1.44},
    Program{tensorflow, "unet-industrial half", volta, 1.42},
    Program{tensorflow, "unet-industrial half", ampere, 1.74},
    Program{tensorflow, "vnet", volta, 2.81},
    Program{tensorflow, "vnet half", volta, 5.73},
    Program{tensorflow_xla, "resnet50", volta, 0.96},
    Program{tensorflow_xla, "resnet50 half", volta, 0.85},
    Program{tensorflow_xla, "resnext101-32x4d", ampere, 1.33},
    Program{tensorflow_xla, "resnext101-32x4d half", ampere, 0.95},
    Program{tensorflow_xla, "se-resnext101-32x4d", volta, 1.06},
    Program{tensorflow_xla, "se-resnext101-32x4d half", volta, 1.08},
    Program{tensorflow2, "bert-large", volta, 1.27},
    Program{tensorflow2, "bert-large", ampere, 1.87},
    Program{tensorflow2, "bert-large half", volta, 1.58},
    Program{tensorflow2, "bert-large half", ampere, 1.52},
    Program{tensorflow2, "mask-rcnn", volta, 1.21},
    Program{tensorflow2, "mask-rcnn half", volta, 3.09},
    Program{tensorflow2, "nnunet-2d", volta, 0.81},
    Program{tensorflow2, "nnunet-2d", ampere, 1.45},
    Program{tensorflow2, "nnunet-2d half", volta, 1.44},
    Program{tensorflow2, "nnunet-2d half", ampere, 1.62},
    Program{tensorflow2, "nnunet-3d", volta, 1.68},
    Program{tensorflow2, "nnunet-3d", ampere, 1.59},
    Program{tensorflow2, "nnunet-3d half", volta, 1.43},
    Program{tensorflow2, "nnunet-3d half", ampere, 1.47},
    Program{tensorflow2, "unet", volta, 1.02},
    Program{tensorflow2, "unet half", volta, 1.42},
    Program{tensorflow2, "wide-and-deep", ampere, 1.93},
    Program{tensorflow2, "wide-and-deep half", ampere, 4.02},
    Program{paddle, "bert-large", ampere, 0.99},
    Program{paddle, "bert-large half", ampere, 1.09},
    // d_gavel_measured_throughputs
    Program{pytorch, "autoencoder-movielens", kepler, 2.01},
    Program{pytorch, "autoencoder-movielens", pascal, 2.57},
    Program{pytorch, "lstm-wikitext2", kepler, 3.04},
    Program{pytorch, "lstm-wikitext2", pascal, 2.45},
    Program{pytorch, "lstm-wikitext2", volta, 2.39},
    Program{pytorch, "resnet18-cifar", kepler, 3.15},
    Program{pytorch, "resnet18-cifar", pascal, 1.55},
    Program{pytorch, "resnet18-cifar", volta, 2.26},
    Program{pytorch, "resnet50", kepler, 1.94},
    Program{pytorch, "resnet50", pascal, 1.39},
    Program{pytorch, "resnet50", volta, 1.5},
    Program{pytorch, "transformer-multi30k", kepler, 3.12},
    Program{pytorch, "transformer-multi30k", pascal, 3.5},
    Program{pytorch, "transformer-multi30k", volta, 5.85},
    // b_mlperf_training
    Program{tuned, "bert-large half", volta, 1.98},
    Program{tuned, "bert-large half", ampere, 1.64},
    Program{tuned, "bert-large half", hopper, 1.1},
    Program{tuned, "resnet50 half", volta, 0.94},
    Program{tuned, "resnet50 half", ampere, 0.85},
    Program{tuned, "resnet50 half", ada, 0.6},
    Program{tuned, "resnet50 half", hopper, 0.75},
};

}  // namespace

std::string program_name(std::string_view workload, Precision precision) {
  return std::string(workload) + (element_bytes(precision) < 4 ? " half" : "");
}

std::vector<std::string> measured_programs(Framework framework, Architecture architecture) {
  std::vector<std::string> workloads;
  for (const Program& program : kPrograms) {
    if (program.framework == framework && program.architecture == architecture)
      workloads.emplace_back(program.workload);
  }
  return workloads;
}

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
  return "MLPerf";
}

Software framework_software(Framework framework, Architecture architecture, std::string_view workload) {
  Software software = framework == tuned ? captured_software() : eager_software();
  software.name = framework_name(framework);
  if (framework == pytorch_2018) software.phase_start_s = 16;
  for (const Program& program : kPrograms) {
    if (program.framework != framework || program.workload != workload ||
        program.architecture != architecture)
      continue;
    software.kernel_slowdown = software.convolution_slowdown = software.stream_slowdown = program.slowdown;
  }
  return software;
}

}  // namespace spotmix::models
