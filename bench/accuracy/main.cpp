// accuracy: scores the models against every published table found in a folder.
//
// Exit codes: 0 scored, 1 failed while scoring, 2 bad arguments or data.
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "bench/accuracy/registry.h"
#include "bench/accuracy/report.h"

namespace {

struct Options {
  std::filesystem::path data = "../shared/data/validation";
  std::string format = "table";
  bool cross_validate = false;
  int hold_out = 2;
  bool show_fit = false;
  bool rows = false;
  std::string only;
};

int run(const Options& options) {
  using namespace spotmix::accuracy;
  const DataDirectory data(options.data);
  if (options.show_fit) {
    std::cout << show_fits(data);
    return 0;
  }
  const Fit fit = !options.cross_validate ? Fit::shipped
                  : options.hold_out == 1 ? Fit::cross_validated_without_one_fifth
                                          : Fit::cross_validated;
  std::vector<Score> scores;
  for (const NamedScorer& scorer : scorers()) {
    if (!options.only.empty() && scorer.group != options.only) continue;
    std::vector<Score> more = scorer.score(data, fit);
    scores.insert(scores.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  if (options.rows) {
    std::cout << rows_to_text(scores);
  } else {
    std::cout << (options.format == "json" ? to_json(scores) : to_text(scores));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Scores the models against published measurements"};
  app.add_option("--data", options.data, "Folder with the tables (only scored, never fitted)")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  app.add_option("--format", options.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  app.add_flag(
      "--cross-validate", options.cross_validate,
      "Fit on part of the folder's rows and score the rest, whole sizes, shapes and rank counts left out");
  app.add_option("--hold-out", options.hold_out,
                 "Fifths of the shapes, sizes and configurations that cross-validation leaves out: 1 or 2")
      ->check(CLI::Range(1, 2))
      ->capture_default_str();
  std::vector<std::string> groups;
  for (const auto& scorer : spotmix::accuracy::scorers()) groups.emplace_back(scorer.group);
  app.add_option("--only", options.only, "One group of tables")->check(CLI::IsMember(groups));
  app.add_flag("--show-fit", options.show_fit,
               "Print the constants that a fit on all rows of the folder gives, next to the shipped ones");
  app.add_flag("--rows", options.rows,
               "List the rows of whole training steps and runs with what was measured and predicted, instead "
               "of the scores");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return run(options);
  } catch (const std::runtime_error& error) {
    std::cerr << "accuracy: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "accuracy: " << error.what() << '\n';
    return 1;
  }
}
