#include "models/stacks/stack.h"

#include <algorithm>
#include <cassert>

namespace spotmix::models {
namespace {

template <class T>
bool covers(const std::vector<T>& given, const std::optional<T>& asked) {
  return given.empty() || (asked && std::find(given.begin(), given.end(), *asked) != given.end());
}

void apply(const StackFigures& figures, Software& software) {
  for (const auto& [figure, value] : figures.numbers) software.*figure = value;
  for (const auto& [figure, value] : figures.flags) software.*figure = value;
  if (figures.collectives) software.collectives = *figures.collectives;
}

}  // namespace

Software Stack::software(const TrainingSetting& setting) const {
  Software software;
  software.name = name;
  for (const StackFigures& some : figures) {
    if (covers(some.architectures, setting.architecture) && covers(some.precisions, setting.precision))
      apply(some, software);
  }
  const std::string program = program_name(setting.workload, setting.precision.value_or(Precision::fp32));
  for (const MeasuredProgram& measured : programs) {
    if (measured.name != program || measured.architecture != setting.architecture) continue;
    software.kernel_slowdown = software.convolution_slowdown = software.stream_slowdown = measured.slowdown;
  }
  return software;
}

const Stack* find_stack(std::string_view key) {
  const auto& all = stacks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Stack& one) { return one.key == key; });
  return found == all.end() ? nullptr : &*found;
}

Software software_of(std::string_view key, const TrainingSetting& setting) {
  const Stack* stack = find_stack(key);
  assert(stack != nullptr);
  return stack->software(setting);
}

std::string program_name(std::string_view workload, Precision precision) {
  return std::string(workload) + (element_bytes(precision) < 4 ? " half" : "");
}

std::vector<std::string> measured_programs(const Stack& stack, Architecture architecture) {
  std::vector<std::string> names;
  for (const MeasuredProgram& program : stack.programs) {
    if (program.architecture == architecture) names.push_back(program.name);
  }
  return names;
}

}  // namespace spotmix::models
