// Performs a verb within the test, so that the test can replace what the program stands on.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "cli/perform.h"
#include "tests/cli/program.h"

namespace spotmix::tests {

/// While it lives, what this process prints on a stream goes into a file.
class Redirected {
 public:
  Redirected(std::FILE* stream, const std::filesystem::path& to) : stream_(stream) {
    std::fflush(stream_);
    kept_ = ::dup(::fileno(stream_));
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, ::fileno(stream_));
    ::close(file);
  }
  ~Redirected() {
    std::fflush(stream_);
    ::dup2(kept_, ::fileno(stream_));
    ::close(kept_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  std::FILE* stream_;
  int kept_ = -1;
};

using Words = std::vector<std::string>;

/// What the program does with these arguments, in this process.
inline Ran perform_here(Words words) {
  const Scratch scratch;
  words.insert(words.begin(), "spotmix");
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  Ran ran;
  {
    const Redirected out(stdout, scratch / "out");
    const Redirected err(stderr, scratch / "err");
    ran.exit_code = static_cast<int>(cli::perform(static_cast<int>(arguments.size()), arguments.data()));
  }
  ran.out = file_text(scratch / "out").value_or("");
  ran.err = file_text(scratch / "err").value_or("");
  return ran;
}

}  // namespace spotmix::tests
