// Outputs pinned by approved files: what a program printed is compared, to the byte, with
// tests/approved/NAME.
//
// A difference fails the test and leaves what was received in the build folder; `tests/approve` makes the
// received files the approved ones, so that a change of output is looked at as a change of files.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

namespace spotmix::tests {

inline std::optional<std::string> file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// `name` is a path below tests/approved, such as "reports/table.txt".
inline void require_approved(const std::string& name, const std::string& received) {
  namespace fs = std::filesystem;
  const fs::path approved_path = fs::path(SPOTMIX_SOURCE_DIR) / "tests" / "approved" / name;
  const fs::path received_path = fs::path(SPOTMIX_BINARY_DIR) / "received" / name;
  const std::optional<std::string> approved = file_text(approved_path);
  if (approved == received) {
    fs::remove(received_path);
    SUCCEED();
    return;
  }
  fs::create_directories(received_path.parent_path());
  std::ofstream(received_path, std::ios::binary) << received;
  INFO("received: " << received_path.string() << "; `tests/approve` makes it the approved file");
  INFO("approved: " << approved_path.string() << (approved ? "" : " (not there)"));
  CHECK(approved.value_or("") == received);
}

}  // namespace spotmix::tests
