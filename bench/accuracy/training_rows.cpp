#include "bench/accuracy/training_rows.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace spotmix::accuracy {
namespace {

struct System {
  const char* name;    ///< As the hardware's text has it.
  const char* memory;  ///< Of the GPU, where that tells two systems apart.
  const char* device;
  int gpus;
  double network_bytes_per_s;
  int adapters;
};

constexpr double kGbit = 1e9 / 8;

// Network adapters: NVIDIA's data sheets of the systems.
constexpr std::array kSystems{
    System{"DGX A100", "40GB", "A100-SXM4-40GB", 8, 1600 * kGbit, 8},
    System{"DGX A100", "40G", "A100-SXM4-40GB", 8, 1600 * kGbit, 8},
    System{"DGX A100", "", "A100-SXM4-80GB", 8, 1600 * kGbit, 8},
    System{"DGX-2", "", "V100-SXM3-32GB", 16, 800 * kGbit, 8},
    System{"DGX-1", "32G", "V100-SXM2-32GB", 8, 400 * kGbit, 4},
    System{"DGX-1", "", "V100-SXM2-16GB", 8, 400 * kGbit, 4},
    System{"DGX V100", "", "V100-SXM2-32GB", 8, 400 * kGbit, 4},
    System{"A100", "", "A100-SXM4-80GB", 8, 1600 * kGbit, 8},
};

const System* find_system(std::string_view hardware) {
  for (const System& system : kSystems) {
    if (contains(hardware, system.name) && contains(hardware, system.memory)) return &system;
  }
  return nullptr;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A comma between digits belongs to the number where three digits follow it and no fourth.
bool groups_thousands(std::string_view text, std::size_t comma) {
  if (comma + 3 >= text.size()) return false;
  const bool three = is_digit(text[comma + 1]) && is_digit(text[comma + 2]) && is_digit(text[comma + 3]);
  return three && (comma + 4 == text.size() || !is_digit(text[comma + 4]));
}

}  // namespace

std::vector<std::string> split_cells(std::string_view text, char separator) {
  std::vector<std::string> cells;
  while (true) {
    const std::size_t end = text.find(separator);
    std::string_view cell = text.substr(0, end);
    while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
    while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
    cells.emplace_back(cell);
    if (end == std::string_view::npos) return cells;
    text.remove_prefix(end + 1);
  }
}

std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  std::string digits;
  const auto close = [&](char next) {
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc{}) numbers.push_back(next == 'k' ? value * 1024 : value);
    digits.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool inside = !digits.empty();
    if (is_digit(c) || (inside && c == '.')) {
      digits += c;
    } else if (inside && c == ',' && groups_thousands(text, i)) {
      continue;
    } else if (inside) {
      close(c);
    }
  }
  if (!digits.empty()) close(' ');
  return numbers;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::optional<models::InstanceGroup> dgx_group(std::string_view hardware, int gpus) {
  const System* system = find_system(hardware);
  if (system == nullptr) return std::nullopt;
  return models::InstanceGroup{.node = {.device = system->device,
                                        .devices = std::min(gpus, system->gpus),
                                        .network_bytes_per_s = system->network_bytes_per_s,
                                        .transport = models::Transport::infiniband,
                                        .network_adapters = system->adapters},
                               .instances = std::max(1, gpus / system->gpus)};
}

int gpus_per_system(std::string_view hardware) {
  const System* system = find_system(hardware);
  return system == nullptr ? 0 : system->gpus;
}

}  // namespace spotmix::accuracy
