#include "gpu/measure/statistics.h"

#include <algorithm>
#include <stdexcept>

#include "base/statistics/quantile.h"

namespace spotmix::gpu {

Times summarize(std::vector<double> seconds) {
  if (seconds.empty()) throw std::invalid_argument("no timed runs, expected at least one");
  std::sort(seconds.begin(), seconds.end());
  return {quantile(seconds, 0.5), quantile(seconds, 0.1), quantile(seconds, 0.9),
          static_cast<std::int64_t>(seconds.size())};
}

}  // namespace spotmix::gpu
