#include "cli/inputs.h"

#include <algorithm>
#include <system_error>

#include "base/files/read_file.h"
#include "scenarios/other_files.h"

namespace spotmix::cli {
namespace {

namespace fs = std::filesystem;

/// The scenario files of a folder by name; an error leaves the list empty.
std::vector<fs::path> scenarios_in(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> found;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".json" && !entry->is_directory()) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Whether a file says near its beginning that it is a trace, a result or another file that is no scenario.
/// Data are read, and checked, by the scenarios that name them.
bool is_data(const fs::path& path) {
  const Result<std::string> head = read_start(path, scenarios::kTellingBytes);
  return head && !scenarios::other_file(*head.value).empty();
}

}  // namespace

Inputs expand_inputs(const std::vector<fs::path>& given) {
  Inputs inputs;
  for (const fs::path& path : given) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      inputs.files.push_back(path);
      continue;
    }
    inputs.many = true;
    std::vector<fs::path> found = scenarios_in(path, error);
    const auto data = std::stable_partition(found.begin(), found.end(),
                                            [](const fs::path& file) { return !is_data(file); });
    inputs.passed_over.insert(inputs.passed_over.end(), data, found.end());
    found.erase(data, found.end());
    if (error) {
      inputs.problems.push_back({path.string(), "", "cannot be read: " + error.message()});
    } else if (found.empty()) {
      inputs.problems.push_back(
          {path.string(), "", "found a folder without *.json files, expected scenarios"});
    }
    inputs.files.insert(inputs.files.end(), found.begin(), found.end());
  }
  inputs.many = inputs.many || inputs.files.size() > 1;
  return inputs;
}

}  // namespace spotmix::cli
