#include "models/kernels/scaling_error.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "models/hardware/device.h"
#include "models/kernels/fitted_figures.h"

namespace spotmix::models {
namespace {

constexpr std::array<std::string_view, 3> kPowerLimitedCards{"T4", "L4", "L40S"};

bool power_limited(const DeviceSpec& device) {
  return std::find(kPowerLimitedCards.begin(), kPowerLimitedCards.end(), device.name) !=
         kPowerLimitedCards.end();
}

/// NVIDIA's generations in order; Turing and Ada are the consumer and inference forms of Volta and Hopper.
int generation(Architecture architecture) {
  switch (architecture) {
    case Architecture::cpu:
      return 0;
    case Architecture::kepler:
      return 1;
    case Architecture::maxwell:
      return 2;
    case Architecture::pascal:
      return 3;
    case Architecture::volta:
    case Architecture::turing:
      return 4;
    case Architecture::ampere:
      return 5;
    case Architecture::ada:
    case Architecture::hopper:
      return 6;
    case Architecture::blackwell:
      return 7;
  }
  return 0;
}

}  // namespace

std::optional<double> scaling_error(std::string_view from, std::string_view to) {
  const DeviceSpec* source = find_device(from);
  const DeviceSpec* target = find_device(to);
  if (source == nullptr || target == nullptr || source == target) return std::nullopt;
  if (source->architecture == Architecture::cpu || target->architecture == Architecture::cpu)
    return std::nullopt;
  const int apart = std::abs(generation(source->architecture) - generation(target->architecture));
  if (apart > 1) return std::nullopt;
  const KernelFigures& figures = kernel_figures();
  if (power_limited(*source) || power_limited(*target)) return figures.power_limited_error;
  return apart == 0 ? figures.same_generation_error : figures.next_generation_error;
}

}  // namespace spotmix::models
