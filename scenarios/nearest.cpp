#include "scenarios/nearest.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace spotmix::scenarios {
namespace {

constexpr std::size_t kLongestCompared = 100;
constexpr std::size_t kLongestShown = 60;
constexpr std::size_t kMostListed = 14;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongestCompared);
  b = b.substr(0, kLongestCompared);
  const std::size_t columns = b.size() + 1;
  std::vector<int> cost((a.size() + 1) * columns);
  const auto at = [&](std::size_t i, std::size_t j) -> int& { return cost[i * columns + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replace = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + replace});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

std::string_view nearest_name(std::string_view name, const std::vector<std::string>& names) {
  std::string_view best;
  int best_distance = std::max(2, static_cast<int>(name.size()) / 2) + 1;
  for (const std::string& candidate : names) {
    const int distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const std::string_view nearest = nearest_name(name, names);
  return nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest);
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostListed; ++i) {
    text += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  }
  if (names.size() > kMostListed) text += fmt::format(", … ({} in all)", names.size());
  return text;
}

std::string one_of(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  return (names.size() == 1 ? "" : "one of ") + list_of(names);
}

std::string in_quotes(std::string_view text) {
  if (text.size() <= kLongestShown) return fmt::format("\"{}\"", text);
  std::size_t cut = kLongestShown;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;  // keep UTF-8 whole
  return fmt::format("\"{}…\"", text.substr(0, cut));
}

}  // namespace spotmix::scenarios
