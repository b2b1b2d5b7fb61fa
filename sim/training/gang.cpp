#include "sim/training/gang.h"

#include <stdexcept>

namespace spotmix::sim {

std::unique_ptr<Gang> make_gang(const GangSpec& spec, int units) {
  switch (spec.kind) {
    case GangKind::rigid:
      return gangs::rigid();
    case GangKind::elastic:
      return gangs::elastic(spec, units);
    case GangKind::redundant_pipelines:
      return gangs::redundant_pipelines(spec);
    case GangKind::templates:
      return gangs::templates(spec, units);
  }
  throw std::logic_error("unknown gang kind");
}

}  // namespace spotmix::sim
