// Runs the built program as its users do and keeps what it says.
#pragma once

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/approval.h"
#include "tests/cli/inputs.h"
#include "tests/scratch.h"

namespace spotmix::tests {

struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// The program with its output in files; one may wait for it or send it a signal.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments,
                   const std::filesystem::path& folder = std::filesystem::path(SPOTMIX_SOURCE_DIR))
      : child_(::fork()) {
    if (child_ == 0) become(arguments, folder);
  }
  void send(int signal) const { ::kill(child_, signal); }
  Ran wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, file_text(scratch_ / "out").value_or(""), file_text(scratch_ / "err").value_or("")};
  }

 private:
  [[noreturn]] void become(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
    std::vector<std::string> words = {SPOTMIX_BINARY_DIR "/spotmix"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const bool ready = std::freopen((scratch_ / "out").c_str(), "w", stdout) != nullptr &&
                       std::freopen((scratch_ / "err").c_str(), "w", stderr) != nullptr &&
                       ::chdir(folder.c_str()) == 0;
    if (ready) ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }

  Scratch scratch_;
  pid_t child_;
};

inline Ran run_spotmix(const std::vector<std::string>& arguments,
                       const std::filesystem::path& folder = std::filesystem::path(SPOTMIX_SOURCE_DIR)) {
  return Program(arguments, folder).wait();
}

/// How many lines a text has; text after the last line end counts as one.
inline std::size_t line_count(const std::string& text) {
  const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return ends + (text.empty() || text.back() == '\n' ? 0 : 1);
}

}  // namespace spotmix::tests
