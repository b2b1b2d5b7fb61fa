// The bad inputs that tests feed to the loader and to the program: files below tests/scenarios/bad, and those
// that no repository can hold (a directory, a file nested 200,000 deep, …), which are made in a scratch
// folder.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace spotmix::tests {

struct BadInput {
  std::string name;
  std::filesystem::path path;
};

inline std::filesystem::path bad_input_folder() {
  return std::filesystem::path(SPOTMIX_SOURCE_DIR) / "tests" / "scenarios" / "bad";
}

inline std::filesystem::path made_input_folder() {
  return std::filesystem::path(SPOTMIX_BINARY_DIR) / "made-bad-input";
}

inline std::string nested_lists(std::size_t depth) {
  return "{\"name\": " + std::string(depth, '[') + std::string(depth, ']') + "}";
}

inline std::vector<BadInput> made_bad_inputs() {
  namespace fs = std::filesystem;
  const fs::path folder = made_input_folder();
  fs::create_directories(folder / "directory.json");
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder / name, std::ios::binary) << text;
  };
  write("nested-200000-deep.json", nested_lists(200'000));
  write("too-large.json", "{\"name\": \"" + std::string(5 << 20, 'x') + "\"}");
  write("broken-gzip.json", std::string("\x1f\x8b\x08\x00", 4) + std::string(40, 'x'));
  write("not-utf-8.json", "{\"name\": \"\xff\xfe\"}");
  // A link to itself cannot be opened by anybody, not even by root.
  if (!fs::is_symlink(folder / "unreadable.json"))
    fs::create_symlink("unreadable.json", folder / "unreadable.json");
  std::vector<BadInput> inputs;
  for (const char* name : {"directory", "nested-200000-deep", "too-large", "broken-gzip", "not-utf-8",
                           "unreadable", "no-such-file"}) {
    inputs.push_back({name, folder / (std::string(name) + ".json")});
  }
  return inputs;
}

/// Every bad scenario, in order of name.
inline std::vector<BadInput> bad_inputs() {
  std::vector<BadInput> inputs = made_bad_inputs();
  for (const auto& entry : std::filesystem::directory_iterator(bad_input_folder())) {
    if (entry.path().extension() == ".json") inputs.push_back({entry.path().stem().string(), entry.path()});
  }
  std::sort(inputs.begin(), inputs.end(),
            [](const BadInput& a, const BadInput& b) { return a.name < b.name; });
  return inputs;
}

/// The text without the folders of this machine.
inline std::string without_folders(std::string text) {
  for (const std::string& folder : {bad_input_folder().string() + "/", made_input_folder().string() + "/"}) {
    for (std::size_t at = 0; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
  }
  return text;
}

}  // namespace spotmix::tests
