// What the tables of published training throughput have in common: cells of text that hold numbers, and
// clusters named in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/hardware/device.h"
#include "models/step/step.h"

namespace spotmix::accuracy {

/// The parts of `text` between `separator`s, without blanks around them.
std::vector<std::string> split_cells(std::string_view text, char separator);

/// Every number in `text`: "60 , 32" gives 60 and 32, "1,048,576" one number, "8k" 8,192 (binary thousands).
std::vector<double> numbers_in(std::string_view text);

bool contains(std::string_view text, std::string_view part);

/// A cluster of NVIDIA DGX systems, named as in "NVIDIA DGX-1 (8x V100 16GB)", of which `gpus` train. Nothing
/// for hardware that is not named.
std::optional<models::InstanceGroup> dgx_group(std::string_view hardware, int gpus);

/// GPUs of one system of that hardware; 0 where it is not named.
int gpus_per_system(std::string_view hardware);

}  // namespace spotmix::accuracy
