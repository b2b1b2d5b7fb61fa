// Files that several tests of the program read.
#pragma once

#include <filesystem>
#include <string>

namespace spotmix::tests {

inline const std::string kSmall = SPOTMIX_SOURCE_DIR "/tests/cli/data/small.json";
inline const std::string kSmallTrace = SPOTMIX_SOURCE_DIR "/tests/cli/data/small.trace.json";
inline const std::filesystem::path kExamples =
    std::filesystem::path(SPOTMIX_SOURCE_DIR) / "scenarios" / "examples";
inline const std::string kNineZones = (kExamples / "nine-zone-p3.json").string();
inline const std::string kNineZoneTrace =
    SPOTMIX_SOURCE_DIR "/scenarios/data/nine-zone-p3.2xlarge-2023.json.gz";

}  // namespace spotmix::tests
