// What several tests of models begin with.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "models/workload/library.h"

namespace spotmix::tests {

/// A model of the library, which must have it.
inline models::Workload named(const std::string& name, const models::WorkloadInputs& inputs = {}) {
  return models::find_workload(name, inputs).value();
}

/// A JSON file of this repository.
inline nlohmann::json document_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(std::filesystem::path(SPOTMIX_SOURCE_DIR) / path).rdbuf();
  auto document = parse_json(path.string(), text.str());
  REQUIRE(document);
  return *document.value;
}

}  // namespace spotmix::tests
