#include "gpu/cpu/host.h"

#include <algorithm>
#include <charconv>

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/files/read_file.h"

namespace spotmix::gpu {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The first "key : value" line's value; empty without one.
std::string_view value_of(std::string_view cpuinfo, std::string_view key) {
  while (!cpuinfo.empty()) {
    const std::string_view line = cpuinfo.substr(0, cpuinfo.find('\n'));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && trimmed(line.substr(0, colon)) == key)
      return trimmed(line.substr(colon + 1));
    cpuinfo.remove_prefix(std::min(cpuinfo.size(), line.size() + 1));
  }
  return {};
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)));
}

}  // namespace

std::string processor_name(std::string_view cpuinfo) {
  const std::string_view name = value_of(cpuinfo, "model name");
  if (name.empty()) return "unknown processor";
  const std::string_view family = value_of(cpuinfo, "cpu family");
  const std::string_view model = value_of(cpuinfo, "model");
  std::string result(name);
  if (!family.empty() && !model.empty())
    result += " (family " + std::string(family) + " model " + std::string(model) + ")";
  return result;
}

int threads_per_core(std::string_view cpuinfo) {
  const int siblings = number(value_of(cpuinfo, "siblings"));
  const int cores = number(value_of(cpuinfo, "cpu cores"));
  return cores > 0 ? std::max(1, siblings / cores) : 1;
}

Host describe_host() {
  const std::string cpuinfo = read_bytes("/proc/cpuinfo").value.value_or("");
  Host host;
  host.processor = processor_name(cpuinfo);
  host.cores = std::max(1, usable_processors() / threads_per_core(cpuinfo));
  host.l2_bytes_per_core = std::max(0L, sysconf(_SC_LEVEL2_CACHE_SIZE));
  host.last_level_cache_bytes =
      std::max<std::int64_t>(host.l2_bytes_per_core, sysconf(_SC_LEVEL3_CACHE_SIZE));
  utsname system{};
  if (uname(&system) == 0) {
    const std::string_view release(system.release);  // "6.1.0-18-amd64": the version, not who built it
    host.operating_system =
        std::string(system.sysname) + ' ' + std::string(release.substr(0, release.find('-')));
  }
  return host;
}

}  // namespace spotmix::gpu
