// make_profiles: writes the kernel profiles that ship from the published tables.
//
//   make_profiles --data ../shared/data/validation --out models/kernels/profiles
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "bench/accuracy/collective_rows.h"
#include "bench/accuracy/published_profiles.h"
#include "models/kernels/matmul.h"
#include "models/kernels/memory_ops.h"
#include "models/kernels/profile_io.h"
#include "models/kernels/profile_set.h"

int main(int argc, char** argv) {
  std::filesystem::path tables;
  std::filesystem::path out;
  CLI::App app{"Writes the kernel profiles that ship from the published tables"};
  app.add_option("--data", tables, "Folder with the published tables")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--out", out, "Folder for the profiles")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    std::filesystem::create_directories(out);
    const spotmix::accuracy::DataDirectory data(tables);
    auto profiles = spotmix::accuracy::profiles_from_tables(data, [](unsigned) { return true; });
    if (const auto* table = data.find("k_collectives"))
      spotmix::accuracy::add_collectives(profiles, spotmix::accuracy::collective_rows(*table),
                                         [](const auto&) { return true; });
    for (auto& profile : profiles) {
      spotmix::models::fit_matmul(profile);
      spotmix::models::fit_memory_ops(profile);
      const std::filesystem::path path = out / spotmix::models::profile_file_name(profile.device);
      std::ofstream(path, std::ios::binary) << spotmix::models::to_json(profile);
      std::cout << path.string() << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "make_profiles: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
