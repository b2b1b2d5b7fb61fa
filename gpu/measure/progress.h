// Lines of progress, each with the time since the start.
#pragma once

#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "gpu/measure/sampler.h"

namespace spotmix::gpu {

class Progress {
 public:
  explicit Progress(std::ostream& out) : out_(&out), start_s_(now_s()) {}

  template <typename... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) const {
    *out_ << fmt::format("[{:6.1f} s] ", now_s() - start_s_)
          << fmt::format(format, std::forward<Values>(values)...) << std::endl;
  }

 private:
  std::ostream* out_;
  double start_s_;
};

}  // namespace spotmix::gpu
