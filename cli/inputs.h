// The files that FILE…|DIR on the command line stand for.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result/problem.h"

namespace spotmix::cli {

struct Inputs {
  std::vector<std::filesystem::path> files;        ///< in the order given; those of a folder by name
  bool many = false;                               ///< more than one file, or a folder, was given
  std::vector<std::filesystem::path> passed_over;  ///< data files that lie in a folder beside scenarios
  Problems problems;  ///< folders without scenarios; missing files show when they are read
};

/// A folder stands for the files *.json in it, not below it; traces and kernel profiles among them are data
/// of scenarios and passed over.
Inputs expand_inputs(const std::vector<std::filesystem::path>& given);

}  // namespace spotmix::cli
