#include "models/kernels/profile.h"

namespace spotmix::models {

DeviceLimits limits_of(const DeviceSpec& device) {
  return {device.multiprocessors, device.peak_flop_per_s, device.memory_bytes_per_s, device.l2_bytes};
}

}  // namespace spotmix::models
