#include "models/parallelism/gradient_sync.h"

#include <catch2/catch.hpp>

using namespace spotmix::models;

TEST_CASE("A parameter server is as slow as the busier of worker and server") {
  const ServerSync few{.worker_instances = 16,
                       .servers = 2,
                       .bytes = 100e6,
                       .instance_bytes_per_s = 1e9,
                       .server_bytes_per_s = 1e9,
                       .on_workers = false};
  CHECK(parameter_server_s(few) == Approx(2 * 16 * 100e6 / (2 * 1e9)));
  ServerSync many = few;
  many.servers = 64;
  CHECK(parameter_server_s(many) == Approx(2 * 100e6 / 1e9));
}

TEST_CASE("Servers on the workers share their adapters") {
  ServerSync sync{.worker_instances = 8, .servers = 8, .bytes = 80e6, .instance_bytes_per_s = 1e9};
  CHECK(parameter_server_s(sync) == Approx(2 * (70e6 + 7 * 10e6) / 1e9));
  sync.worker_instances = sync.servers = 1;
  CHECK(parameter_server_s(sync) == 0);
}

TEST_CASE("Averaging every k steps costs a k-th of a step's exchange") {
  CHECK(periodic_average_s(8, 100e6, 1e9, 10) == Approx(2 * 8 * 100e6 / 1e9 / 10));
  CHECK(periodic_average_s(1, 100e6, 1e9, 10) == 0);
}
