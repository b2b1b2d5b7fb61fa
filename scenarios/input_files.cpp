#include "scenarios/input_files.h"

#include "base/files/read_file.h"
#include "base/files/sha256.h"
#include "models/kernels/shipped_profiles.h"
#include "scenarios/provider/provider.h"

namespace spotmix::scenarios {

Result<std::vector<InputFile>> input_files(const Scenario& scenario, const Provider& provider) {
  Result<std::vector<InputFile>> inputs;
  inputs.value.emplace();
  inputs.value->push_back({"scenario", scenario.file.filename().string(), sha256(scenario.text)});
  const auto add = [&](const char* role, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      Result<std::string> bytes = read_bytes(scenario.file.parent_path() / name, kDataBytesLimit);
      if (bytes) inputs.value->push_back({role, name, sha256(*bytes.value)});
      append(inputs.problems, std::move(bytes.problems));
    }
  };
  add("prices", scenario.market.prices);
  add("capacity", scenario.market.capacity);
  add("instance_types", scenario.market.instance_types);
  const auto& advisor = scenario.market.hazard.advisor_data;
  if (advisor == "published") {
    inputs.value->push_back({"spot_advisor", "the program's own", sha256(provider.spot_advisor_text)});
  } else if (advisor) {
    add("spot_advisor", {*advisor});
  }
  if (scenario.workload.huggingface) add("model", {*scenario.workload.huggingface});
  add("kernel_profile", scenario.workload.kernel_profiles);
  if (scenario.workload.kernel_profiles.empty()) {
    inputs.value->push_back({"kernel_profile", "the program's own", sha256(models::shipped_profiles_text())});
  }
  inputs.value->push_back({"catalog", "the program's own", sha256(provider.catalog_text)});
  if (!inputs.problems.empty()) inputs.value.reset();
  return inputs;
}

}  // namespace spotmix::scenarios
