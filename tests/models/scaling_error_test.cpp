#include "models/kernels/scaling_error.h"

#include <catch2/catch.hpp>

using spotmix::models::scaling_error;

TEST_CASE("Scaled times say how far such times were off if anybody compared") {
  CHECK(scaling_error("H100-SXM", "H200") == 0.11);
  CHECK(scaling_error("A100-SXM4-80GB", "H100-SXM") == 0.30);
  CHECK(scaling_error("A100-SXM4-80GB", "L40S") == 0.70);
  CHECK_FALSE(scaling_error("V100-SXM2-16GB", "H100-SXM"));
  CHECK_FALSE(scaling_error("H200", "H200"));
  CHECK_FALSE(scaling_error("AMD EPYC", "Xeon-8124M, 4 cores"));
}
