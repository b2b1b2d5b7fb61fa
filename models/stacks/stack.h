// The training software that ships: what its figures are, on which hardware, and for which measured programs.
//
// Read from models/stacks/*.json, where every figure names its source, its date and, where it was fitted, the
// rows and the error. Adding a software is adding a file there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/hardware/device.h"
#include "models/stacks/software.h"

namespace spotmix::models {

/// What a software's figures may depend on; figures of others do not apply where it is left open.
struct TrainingSetting {
  std::optional<Architecture> architecture{};
  std::optional<Precision> precision{};
  std::string_view workload{};
};

/// Some figures of a software, from one source.
struct StackFigures {
  std::vector<Architecture> architectures{};  ///< Empty: all.
  std::vector<Precision> precisions{};        ///< Empty: all.
  std::vector<std::pair<double Software::*, double>> numbers{};
  std::vector<std::pair<bool Software::*, bool>> flags{};
  std::optional<Library> collectives{};
};

/// The usual program for one workload on one architecture: how long its kernels take ÷ the profiles' times,
/// matrix products, convolutions and memory-bound work alike.
struct MeasuredProgram {
  std::string name;  ///< As program_name gives it.
  Architecture architecture = Architecture::volta;
  double slowdown = 1;
};

struct Stack {
  std::string key;                      ///< As scenarios write it: "megatron".
  std::string name;                     ///< As messages write it: "Megatron-LM".
  std::vector<StackFigures> figures{};  ///< Later ones take precedence.
  std::vector<MeasuredProgram> programs{};

  /// A program that was not measured takes the profiles' times.
  Software software(const TrainingSetting& setting = {}) const;
};

/// All of them, ordered by key.
const std::vector<Stack>& stacks();

/// The one that scenarios call `key`; nullptr if there is none.
const Stack* find_stack(std::string_view key);

/// REQUIRES: find_stack(key) is not null.
Software software_of(std::string_view key, const TrainingSetting& setting = {});

/// The name of a workload's program: "bert-large", in 16 bits or fewer "bert-large half".
std::string program_name(std::string_view workload, Precision precision);

/// The names of the stack's programs that were measured on that architecture.
std::vector<std::string> measured_programs(const Stack& stack, Architecture architecture);

}  // namespace spotmix::models
