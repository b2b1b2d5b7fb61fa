#include "cli/inputs.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>

#include "base/files/read_file.h"
#include "scenarios/other_files.h"

namespace spotmix::cli {
namespace {

namespace fs = std::filesystem;

/// The JSON files of a folder by name; an error leaves the list empty.
std::vector<fs::path> json_files_in(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> found;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".json" && !entry->is_directory()) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Whether a file says near its beginning that it is a trace, a result or another file of spotmix's own. Data
/// are read, and checked, by the scenarios that name them.
bool is_data(const fs::path& path) {
  const Result<std::string> head = read_start(path, scenarios::kTellingBytes);
  return head && !scenarios::other_file(*head.value).empty();
}

struct Folder {
  std::vector<fs::path> scenarios;
  std::vector<fs::path>
      passed_over;  ///< All others, without those that only a scenario names, a model's say.
};

/// A file that cannot be read is taken for a scenario: reading it says why.
Folder sorted_out(const std::vector<fs::path>& files) {
  Folder folder;
  std::vector<fs::path> foreign;
  std::set<fs::path> named;
  for (const fs::path& file : files) {
    if (is_data(file)) {
      folder.passed_over.push_back(file);
      continue;
    }
    const Result<std::string> text = read_file(file, kScenarioBytesLimit);
    if (text && !scenarios::may_be_scenario(*text.value)) {
      foreign.push_back(file);
      continue;
    }
    folder.scenarios.push_back(file);
    if (!text) continue;
    for (const std::string& name : scenarios::texts_in(*text.value))
      named.insert((file.parent_path() / name).lexically_normal());
  }
  std::copy_if(foreign.begin(), foreign.end(), std::back_inserter(folder.passed_over),
               [&](const fs::path& file) { return !named.contains(file.lexically_normal()); });
  std::sort(folder.passed_over.begin(), folder.passed_over.end());
  return folder;
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
    const std::vector<fs::path> files = json_files_in(path, error);
    const Folder folder = sorted_out(files);
    inputs.passed_over.insert(inputs.passed_over.end(), folder.passed_over.begin(), folder.passed_over.end());
    if (error) {
      inputs.problems.push_back({path.string(), "", "cannot be read: " + error.message()});
    } else if (files.empty()) {
      inputs.problems.push_back(
          {path.string(), "", "found a folder without *.json files, expected scenarios"});
    } else if (folder.scenarios.empty()) {
      inputs.problems.push_back({path.string(), "",
                                 "found no scenario among its *.json files, expected one with \"workload\", "
                                 "\"market\" and \"mixes\""});
    }
    inputs.files.insert(inputs.files.end(), folder.scenarios.begin(), folder.scenarios.end());
  }
  inputs.many = inputs.many || inputs.files.size() > 1;
  return inputs;
}

}  // namespace spotmix::cli
