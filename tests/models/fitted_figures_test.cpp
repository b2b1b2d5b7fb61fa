// The data files that hold fitted constants.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json/schema.h"
#include "bench/nodes.h"
#include "models/collectives/fitted_costs.h"
#include "models/kernels/scaling_error.h"
#include "models/parallelism/operation_figures.h"
#include "models/provenance/figures.h"
#include "tests/models/fixtures.h"

using namespace spotmix;
using namespace spotmix::models;
using tests::document_of;

namespace {

const std::filesystem::path kSource = SPOTMIX_SOURCE_DIR;

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(kSource / path).rdbuf();
  return text.str();
}

struct DataFile {
  const char* file;
  const char* schema;
};
constexpr DataFile kFiles[]{
    {"models/kernels/fitted_figures.json", "models/provenance/figures.schema.json"},
    {"models/collectives/fitted_costs.json", "models/collectives/fitted_costs.schema.json"},
    {"models/collectives/collective_figures.json", "models/provenance/figures.schema.json"},
    {"models/parallelism/operation_figures.json", "models/provenance/figures.schema.json"},
    {"models/convergence/curves.json", "models/convergence/curves.schema.json"}};

}  // namespace

TEST_CASE("Every fitted constant names its source and its date", "[figures]") {
  for (const DataFile& data : kFiles) {
    INFO(data.file);
    nlohmann::json document = document_of(data.file);
    for (const Problem& problem : check_schema(data.file, document, document_of(data.schema)))
      FAIL_CHECK(to_line(problem));
  }
}

TEST_CASE("The schema of figures refuses a fitted figure without the table it was fitted on", "[figures]") {
  nlohmann::json figures = document_of("models/kernels/fitted_figures.json");
  figures["fitted"][0].erase("table");
  CHECK(check_schema("figures", figures, document_of("models/provenance/figures.schema.json")).size() == 1);
  nlohmann::json costs = document_of("models/collectives/fitted_costs.json");
  costs["inside_node"][0]["fitted"][0].erase("table");
  CHECK(check_schema("costs", costs, document_of("models/collectives/fitted_costs.schema.json")).size() == 1);
}

TEST_CASE("The page on fitted constants lists every file of them", "[figures]") {
  const std::string page = text_of("docs/fitted_constants.md");
  for (const DataFile& data : kFiles) CHECK(page.find(data.file) != std::string::npos);
}

TEST_CASE("The figures of all parts of a document are numbers or lists of them", "[figures]") {
  const Figures figures(R"({"figures_of": "x",
    "assumed": [{"source": "s", "date": "2026-01-01", "figures": {"one": 1, "list": [2.5, 3]}}],
    "fitted": [{"source": "s", "table": "t", "date": "2026-01-01", "fit": "f", "figures": {"two": 0.5}}]})");
  CHECK(figures.number("one") == 1);
  CHECK(figures.number("two") == 0.5);
  CHECK(figures.numbers("list") == std::vector<double>{2.5, 3});
}

TEST_CASE("Costs that are based on others state only what differs", "[figures]") {
  const auto costs = [](const char* node, Library library) {
    return shipped_costs(bench::node_named(node), library);
  };
  const CollectiveCosts now = costs("p4d.24xlarge", Library::nccl);
  const CollectiveCosts then = costs("p4d.24xlarge", Library::nccl_2020);
  CHECK(then.node.pair[0].base_s == now.node.pair[0].base_s);
  CHECK(then.node.ring[2].base_s == Approx(38.06e-6));
  CHECK(now.node.ring[2].base_s == Approx(24.65e-6));
  CHECK(then.node.ring[2].pass_bytes_per_rank == 3 * 1024 * 1024);
  const CollectiveCosts pascal = costs("dgx1-p100", Library::nccl);
  const CollectiveCosts volta = costs("dgx1-v100", Library::nccl);
  CHECK(pascal.node.ring[0].base_s == volta.node.ring[0].base_s);
  CHECK(pascal.node.ring[0].wire == 1.1);
  // EFA's third generation is the second's except for small messages.
  CHECK(costs("p5en.48xlarge", Library::nccl).network.base_s[1] ==
        costs("p5.48xlarge", Library::nccl).network.base_s[1]);
  CHECK(costs("p5en.48xlarge", Library::nccl).network.base_s[0] == Approx(26.7e-6));
}
