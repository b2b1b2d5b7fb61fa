// spotmix-measure: times this machine's matrix products and AllReduce and writes a kernel profile.
//
// Exit codes: 0 done, 1 failed while running (no driver, no device, a wrong result), 2 bad arguments.
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>

#include "base/files/whole_file.h"
#include "gpu/cpu/measure_cpu.h"
#include "gpu/cuda/loader.h"
#include "gpu/options.h"
#include "models/kernels/profile_io.h"

namespace {

using namespace spotmix;

std::string today() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm day{};
  gmtime_r(&now, &day);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &day);
  return text.data();
}

void measure(const gpu::Options& options) {
  const models::KernelProfile profile =
      options.device == "cuda" ? gpu::measure_cuda(options, std::cerr) : gpu::measure_cpu(options, std::cerr);
  const std::string text = models::to_json(profile);
  if (options.out.empty())
    std::cout << text;
  else
    write_file(options.out, text);
}

}  // namespace

int main(int argc, char** argv) {
  gpu::Options options;
  options.date = today();
  CLI::App app{"Times this machine's matrix products and AllReduce and writes a kernel profile.",
               "spotmix-measure"};
  app.add_option("--device", options.device, "What to measure: cpu or cuda")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--out", options.out, "Profile to write; standard output when not given");
  app.add_option("--threads", options.threads, "Processor: cores to use together (default: all)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--budget", options.budget_s, "Seconds to spend (default: 105 for cpu, 240 for cuda)")
      ->check(CLI::Range(1.0, 3600.0));
  app.add_flag("--quick", options.quick,
               "A few seconds: everything runs once and is checked, but no time means anything");
  app.add_option("--name", options.name, "Device name to write instead of the one found");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    measure(options);
  } catch (const std::exception& error) {
    std::cerr << "spotmix-measure: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
