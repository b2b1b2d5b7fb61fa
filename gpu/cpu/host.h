// What the operating system says about this processor. Nothing here identifies the machine: no host name, no
// serial number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spotmix::gpu {

struct Host {
  std::string processor;                    ///< "AMD EPYC (family 26 model 2)".
  int cores = 1;                            ///< Physical cores that this process may use.
  std::int64_t l2_bytes_per_core = 0;       ///< 0 when the system does not say.
  std::int64_t last_level_cache_bytes = 0;  ///< Of the largest cache; 0 when the system does not say.
  std::string operating_system;             ///< "Linux 6.1.0".
};

/// Reads /proc/cpuinfo, sysconf, the affinity mask and uname.
Host describe_host();

/// The processor's name from the text of /proc/cpuinfo, with family and model where the name alone would not
/// tell two generations apart; "unknown processor" when the text has none.
std::string processor_name(std::string_view cpuinfo);

/// Threads per physical core from the text of /proc/cpuinfo ("siblings" ÷ "cpu cores"); 1 when not told.
int threads_per_core(std::string_view cpuinfo);

}  // namespace spotmix::gpu
