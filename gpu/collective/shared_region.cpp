#include "gpu/collective/shared_region.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spotmix::gpu {
namespace {

[[noreturn]] void run_and_exit(const std::function<void(int)>& rank, int index) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int status = 0;
  try {
    rank(index);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rank %d: %s\n", index, error.what());
    status = 1;
  }
  _exit(status);
}

void end_all(std::vector<pid_t>& processes) {
  for (const pid_t process : processes)
    if (process > 0) kill(process, SIGKILL);
  for (const pid_t process : processes)
    if (process > 0) waitpid(process, nullptr, 0);
}

}  // namespace

SharedRegion::SharedRegion(std::size_t bytes) : bytes_(bytes) {
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "shared memory");
  data_ = static_cast<std::byte*>(mapped);
}

SharedRegion::~SharedRegion() {
  munmap(data_, bytes_);
}

void wait_for(const std::function<bool()>& done) {
  constexpr int kSpins = 1000;
  for (int spins = 0; !done(); ++spins)
    if (spins > kSpins) sched_yield();
}

void SharedBarrier::wait(int ranks) {
  const std::uint32_t current = round.load(std::memory_order_acquire);
  if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == static_cast<std::uint32_t>(ranks)) {
    arrived.store(0, std::memory_order_relaxed);
    round.fetch_add(1, std::memory_order_release);
    return;
  }
  wait_for([&] { return round.load(std::memory_order_acquire) != current; });
}

void run_ranks(int ranks, const std::function<void(int)>& rank) {
  std::vector<pid_t> processes;
  std::fflush(nullptr);
  for (int index = 0; index < ranks; ++index) {
    const pid_t process = fork();
    if (process == 0) run_and_exit(rank, index);
    if (process < 0) {
      const int error = errno;
      end_all(processes);
      throw std::system_error(error, std::generic_category(), "starting a rank");
    }
    processes.push_back(process);
  }
  for (int running = ranks; running > 0; --running) {
    int status = 0;
    const pid_t ended = waitpid(0, &status, 0);
    for (std::size_t i = 0; i < processes.size(); ++i) {
      if (processes[i] != ended) continue;
      processes[i] = 0;
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
      end_all(processes);
      throw std::runtime_error("rank " + std::to_string(i) + " of " + std::to_string(ranks) + " failed");
    }
  }
}

}  // namespace spotmix::gpu
