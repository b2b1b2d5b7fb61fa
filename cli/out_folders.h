// Where the files of each scenario go: the folder of --out itself for a single one, else a folder of its own
// in it.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace spotmix::cli {

/// Folders that it made and that are still empty when it ends are removed: an interrupted or failed run
/// leaves none behind.
class OutFolders {
 public:
  OutFolders(std::optional<std::filesystem::path> out, bool many);
  ~OutFolders();
  OutFolders(const OutFolders&) = delete;
  OutFolders& operator=(const OutFolders&) = delete;

  /// Makes the folder, so that an unwritable place shows before anything is simulated; nothing without --out.
  /// Characters of `name` that do not belong in the name of a folder are replaced. Throws FileError.
  std::optional<std::filesystem::path> prepare(const std::string& name);

 private:
  std::string unused_name(const std::string& name);

  std::optional<std::filesystem::path> out_;
  bool many_;
  std::set<std::string> used_;
  std::vector<std::filesystem::path> made_;  ///< the outer before the inner
};

}  // namespace spotmix::cli
