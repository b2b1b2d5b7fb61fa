#include "cli/out_folders.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/files/whole_file.h"

namespace spotmix::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLength = 100;

/// The folders on the way to `folder` that are not there yet, the outer before the inner.
std::vector<fs::path> missing_folders(const fs::path& folder) {
  std::vector<fs::path> missing;
  std::error_code ignored;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, ignored); at = at.parent_path()) {
    missing.push_back(at);
    if (at == at.parent_path()) break;
  }
  std::reverse(missing.begin(), missing.end());
  return missing;
}

std::string folder_name(std::string name) {
  for (char& c : name) {
    const bool bad = c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (bad) c = '-';
  }
  if (name.size() > kMostLength) name.resize(kMostLength);
  return name.empty() || name.front() == '.' ? "_" + name : name;
}

}  // namespace

OutFolders::OutFolders(std::optional<fs::path> out, bool many) : out_(std::move(out)), many_(many) {}

OutFolders::~OutFolders() {
  std::error_code ignored;
  // NOLINTNEXTLINE(modernize-loop-convert): clang 14 does not compile std::views::reverse
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) {
    if (fs::is_empty(*folder, ignored)) fs::remove(*folder, ignored);
  }
}

std::optional<fs::path> OutFolders::prepare(const std::string& name) {
  if (!out_) return std::nullopt;
  const fs::path folder = many_ ? *out_ / unused_name(folder_name(name)) : *out_;
  const std::vector<fs::path> missing = missing_folders(folder);
  made_.insert(made_.end(), missing.begin(), missing.end());
  prepare_folder(folder);
  return folder;
}

std::string OutFolders::unused_name(const std::string& name) {
  std::string unused = name;
  for (int n = 2; !used_.insert(unused).second; ++n) unused = fmt::format("{}-{}", name, n);
  return unused;
}

}  // namespace spotmix::cli
