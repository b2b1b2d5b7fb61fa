#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>
#include <sys/wait.h>

#include "gpu/cuda/loader.h"
#include "models/kernels/profile_io.h"
#include "tests/scratch.h"

using namespace spotmix;

namespace {

struct Ran {
  int exit_code = 0;
  std::string output;
};

Ran run_program(const std::filesystem::path& program, const std::string& arguments) {
  const std::string command = program.string() + " " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ran ran;
  std::array<char, 4096> buffer;
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe))
    ran.output.append(buffer.data(), count);
  ran.exit_code = WEXITSTATUS(pclose(pipe));
  return ran;
}

Ran run(const std::string& arguments) {
  return run_program(SPOTMIX_BINARY_DIR "/spotmix-measure", arguments);
}

/// The example on processors, with a kernel profile of its own.
void write_scenario_on(const std::string& profile, const std::filesystem::path& to) {
  std::ifstream example(SPOTMIX_SOURCE_DIR "/scenarios/examples/processors-c5-m5.json");
  std::string text((std::istreambuf_iterator<char>(example)), std::istreambuf_iterator<char>());
  const std::string key = "\"precision\": \"fp32\"";
  REQUIRE(text.find(key) != std::string::npos);
  text.insert(text.find(key), "\"kernel_profiles\": [\"" + profile + "\"], ");
  std::ofstream(to) << text;
}

}  // namespace

TEST_CASE("spotmix-measure without a GPU or without CUDA says so in one line and exits 1") {
  if (std::filesystem::exists("/dev/nvidiactl")) {
    WARN("there is an NVIDIA driver: nothing to say");
    return;
  }
  const Ran ran = run("--device cuda");
  CHECK(ran.exit_code == 1);
  CHECK(std::count(ran.output.begin(), ran.output.end(), '\n') == 1);
  CHECK(ran.output.find("CUDA") != std::string::npos);
}

TEST_CASE("spotmix-measure without its CUDA part says so in one line and exits 1") {
  const tests::Scratch scratch;
  std::filesystem::copy_file(SPOTMIX_BINARY_DIR "/spotmix-measure", scratch / "spotmix-measure");
  const Ran ran = run_program(scratch / "spotmix-measure", "--device cuda");
  CHECK(ran.exit_code == 1);
  CHECK(std::count(ran.output.begin(), ran.output.end(), '\n') == 1);
  CHECK(ran.output.find("was built without a CUDA toolkit") != std::string::npos);
}

TEST_CASE("The device check without a GPU fails with what spotmix-measure says") {
  if (std::filesystem::exists("/dev/nvidiactl")) {
    WARN("there is an NVIDIA driver: the check would run");
    return;
  }
  const tests::Scratch scratch;
  const Ran ran = run_program(SPOTMIX_SOURCE_DIR "/gpu/device-check", (scratch / "out").string());
  CHECK(ran.exit_code == 1);
  CHECK(ran.output.find("mark") == std::string::npos);
}

TEST_CASE("spotmix-measure refuses arguments that make no sense with exit code 2") {
  CHECK(run("--device quantum").exit_code == 2);
  CHECK(run("--budget -1").exit_code == 2);
  CHECK(run("--no-such-option").exit_code == 2);
}

TEST_CASE("A profile of this processor is measured and fitted and a scenario runs on it") {
  const tests::Scratch scratch;
  const std::filesystem::path& folder = scratch.path();
  const Ran ran = run("--threads 1 --quick --out " + (folder / "here.json").string());
  INFO(ran.output);
  REQUIRE(ran.exit_code == 0);
  const models::KernelProfile profile = models::load_profile(folder / "here.json");
  CHECK(profile.limits.multiprocessors == 1);
  CHECK(profile.limits.memory_bytes_per_s > 1e8);
  CHECK(profile.date.has_value());
  REQUIRE_FALSE(profile.matmul.empty());
  for (const models::MatmulSamples& samples : profile.matmul) {
    CHECK(samples.provenance.kind == models::SourceKind::measured);
    CHECK(samples.fit.has_value());
    CHECK(samples.shapes.front() == models::MatmulShape{1024, 1024, 1024});
  }
  CHECK(profile.collectives.size() == 4);
  for (const models::CollectiveSamples& samples : profile.collectives) CHECK_FALSE(samples.fits.empty());

  write_scenario_on("here.json", folder / "scenario.json");
  const std::filesystem::path spotmix = SPOTMIX_BINARY_DIR "/spotmix";
  const Ran simulated = run_program(spotmix, "run --quiet " + (folder / "scenario.json").string());
  INFO(simulated.output);
  CHECK(simulated.exit_code == 0);
  const Ran explained = run_program(spotmix, "explain --format json " + (folder / "scenario.json").string());
  CHECK(explained.output.find("\"kind\": \"scaled\"") != std::string::npos);
  CHECK(explained.output.find("scaled from " + profile.device) != std::string::npos);
}

TEST_CASE("What the CUDA part found becomes one group per library and precision") {
  gpu::CudaResult result;
  result.device = "NVIDIA H200";
  result.copy_bytes_per_s = 4.0e12;
  result.read_bytes_per_s = 4.2e12;
  result.write_bytes_per_s = 3.0e12;
  result.launch_s = 2e-6;
  result.largest_error[3] = 0.004;
  const gpu::CudaShape shape{128, 256, 512, 1, false, true};
  for (const gpu::CudaPrecision precision : {gpu::CudaPrecision::bf16, gpu::CudaPrecision::fp8})
    for (const char* library : {"cublasLt-13.0.2", "cublasLt-13.0.2-best"})
      result.matmuls.push_back({shape, precision, library, {1e-5, 0.9e-5, 1.1e-5, 100}});
  result.all_reduces.push_back(
      {"two_shot", "virtual_ranks", "spotmix-kernels", 8, 268435456, {2e-3, 2e-3, 2e-3, 10}});

  const models::KernelProfile profile = gpu::profile_of(result, {});
  CHECK(profile.device == "H200");
  CHECK(profile.matmul.front().provenance.note.find("largest error against fp64 0.004") != std::string::npos);
  REQUIRE(profile.matmul.size() == 4);
  CHECK(profile.matmul.front().shapes.front() ==
        models::MatmulShape{128, 256, 512, 1, models::MatrixLayout::nt});
  CHECK(profile.collectives.at(0).topology == "virtual_ranks");

  result.device = "A device of tomorrow";
  CHECK(gpu::profile_of(result, {}).limits.peak_flop_per_s[3] == Approx(2.0 * 128 * 256 * 512 / 1e-5));
}
