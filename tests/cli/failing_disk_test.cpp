// What each verb leaves behind when the disk fails it, once at every call that changes a file.
#include <map>

#include <catch2/catch.hpp>

#include "tests/cli/in_process.h"
#include "tests/cli/inputs.h"
#include "tests/failing_file_system.h"

using namespace spotmix;
using namespace spotmix::tests;
namespace fs = std::filesystem;

namespace {

using Contents = std::map<std::string, std::string>;

Ran perform_with(FileSystem& files, const Words& words) {
  const ReplacedFileSystem replaced(files);
  return perform_here(words);
}

Contents contents(const fs::path& folder) {
  Contents files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    files[entry.path().filename().string()] = file_text(entry.path()).value_or("");
  }
  return files;
}

/// A folder that can be made again as it was.
class Place {
 public:
  Place() { fs::create_directories(folder()); }
  fs::path folder() const { return scratch_ / "place"; }
  std::string operator/(const std::string& name) const { return (folder() / name).string(); }

  /// What the folder holds once the words are performed.
  Contents after(const Words& words) const {
    REQUIRE(perform_here(words).exit_code == 0);
    return contents(folder());
  }
  void make(const Contents& files) const {
    fs::remove_all(folder());
    fs::create_directories(folder());
    for (const auto& [name, text] : files) scratch_.write("place/" + name, text);
  }

 private:
  Scratch scratch_;
};

/// Each file is the old one or the new one, whole, and there is no other.
void check_whole(const Contents& found, const Contents& before, const Contents& after) {
  for (const auto& [name, text] : found) {
    INFO(name);
    const auto is_in = [&](const Contents& files) { return files.contains(name) && files.at(name) == text; };
    CHECK((is_in(before) || is_in(after)));
  }
  for (const auto& [name, text] : before) CHECK(found.contains(name));
}

void check_message(const Ran& ran, const Place& place) {
  CHECK(ran.exit_code == 1);
  CHECK(line_count(ran.err) == 1);
  CHECK(ran.err.find(place.folder().string()) != std::string::npos);
  const bool has_reason =
      ran.err.ends_with(": No space left on device\n") || ran.err.ends_with(": Input/output error\n");
  CHECK(has_reason);
}

/// Performs `now` over what `earlier` wrote, with a fault at every call in turn.
void check_every_fault(const Place& place, const Words& earlier, const Words& now) {
  const Contents before = place.after(earlier);
  const Contents after = place.after(now);
  REQUIRE(before != after);
  for (const Fault fault : {Fault::error, Fault::full_disk, Fault::short_write}) {
    for (int at = 1;; ++at) {
      place.make(before);
      FailingFileSystem failing(fault, at);
      const Ran ran = perform_with(failing, now);
      if (!failing.reached()) {
        CHECK(at > 1);
        break;
      }
      INFO("fault " << static_cast<int>(fault) << " at call " << at << ": " << ran.err);
      if (fault == Fault::short_write) {
        CHECK(ran.exit_code == 0);
        CHECK(contents(place.folder()) == after);
        continue;
      }
      check_message(ran, place);
      check_whole(contents(place.folder()), before, after);
    }
  }
}

}  // namespace

TEST_CASE("A failing disk leaves every file of run whole") {
  const Place place;
  const auto run = [&](const char* seed) {
    return Words{"run", kSmall, "--seed", seed, "--quiet", "--out", place.folder().string()};
  };
  check_every_fault(place, run("1"), run("2"));
}

TEST_CASE("A failing disk leaves the baseline of check whole") {
  const Place place;
  const auto check = [&](const char* seed) {
    return Words{"check", kSmall, "--seed", seed, "--quiet", "--update", "--baseline", place / "base.json"};
  };
  check_every_fault(place, check("1"), check("2"));
}

TEST_CASE("A failing disk leaves the file that import writes whole") {
  const Place place;
  const Words import = {"import", kSmallTrace, "--quiet", "--out", place / "trace.json.gz"};
  const Words explain = {"explain", kSmall, "--quiet", "--trace", place / "trace.json.gz"};
  check_every_fault(place, explain, import);
  check_every_fault(place, import, explain);
}

TEST_CASE("A failing disk leaves every file of report whole") {
  const Place place;
  const Scratch kept;
  const auto report = [&](const char* seed) {
    const std::string folder = (kept / seed).string();
    REQUIRE(perform_here({"run", kSmall, "--seed", seed, "--out", folder}).exit_code == 0);
    return Words{"report", folder + "/result.json", "--out", place.folder().string()};
  };
  check_every_fault(place, report("1"), report("2"));
}
