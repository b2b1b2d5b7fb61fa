#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "models/kernels/profile_io.h"
#include "models/kernels/profile_set.h"

using namespace spotmix::models;

namespace {

const std::filesystem::path kShipped = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "models/kernels/profiles";

std::string small_profile(const std::string& matmul_columns) {
  return R"({"format": "spotmix-kernel-profile", "version": 1, "device": "T4",
    "limits": {"multiprocessors": 40, "peak_flop_per_s": {"fp32": 8.1e12}, "memory_bytes_per_s": 3.2e11, "l2_bytes": 4194304},
    "matmul": [{"kind": "measured", "source": "here", "library": "test", "precision": "fp32", )" +
         matmul_columns + "}]}";
}

std::string error_of(const std::string& text) {
  try {
    parse_profile(text, "bad.json");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("A profile that is written and read again is the same byte for byte") {
  for (const KernelProfile& profile : load_profiles(kShipped)) {
    const std::string text = to_json(profile);
    CHECK(to_json(parse_profile(text, "again")) == text);
  }
}

TEST_CASE("A profile keeps every kind of sample") {
  KernelProfile profile;
  profile.device = "T4";
  profile.limits = limits_of(*find_device("T4"));
  profile.date = "2026-01-02";
  profile.compute_clock_hz = 1.59e9;
  MatmulSamples& matmul = profile.matmul.emplace_back();
  matmul.provenance = {SourceKind::measured, "spotmix-measure", "cublaslt", "", "rotating buffers"};
  matmul.shapes = {{64, 32, 16, 1, MatrixLayout::nt}, {65, 32, 16, 2, MatrixLayout::nn}};
  matmul.median_s = {1.25e-6, 2.5e-6};
  matmul.p10_s = {1e-6, 2e-6};
  matmul.count = {20, 30};
  MemoryOpSamples& attention = profile.memory_ops.emplace_back();
  attention.op = MemoryOp::attention_causal;
  attention.precision = Precision::bf16;
  attention.shapes = {{1, 512, 16, 4, 128}};
  attention.median_s = {3e-5};
  CollectiveSamples& reduce = profile.collectives.emplace_back();
  reduce.operation = "all_reduce";
  reduce.ranks = {2, 8};
  reduce.bytes = {1024, 1e9};
  reduce.median_s = {1e-5, 1e-2};
  reduce.fits = {{8, 2e-5, 1e-11, 0.02}};
  profile.memory_bandwidth = MemoryBandwidth{matmul.provenance, 2.5e11, std::nullopt, std::nullopt};
  profile.launch_latency = LaunchLatency{matmul.provenance, 4e-6};

  const KernelProfile read = parse_profile(to_json(profile), "again");
  CHECK(read.date == profile.date);
  CHECK(read.matmul.at(0).shapes == matmul.shapes);
  CHECK(read.matmul.at(0).median_s.at(1) == Approx(2.5e-6));
  CHECK(read.matmul.at(0).p90_s.empty());
  CHECK(read.memory_ops.at(0).shapes == attention.shapes);
  CHECK(read.collectives.at(0).fits.at(0).seconds_per_byte == Approx(1e-11));
  CHECK_FALSE(read.memory_bandwidth.value().read_bytes_per_s.has_value());
  CHECK(read.launch_latency.value().launch_s == Approx(4e-6));
}

TEST_CASE("A bad profile is refused with the place and what was found and expected") {
  CHECK(error_of("{").find("bad.json: line 1, column 2: found the end of the file, expected valid JSON") ==
        0);
  CHECK(error_of("{}") == "bad.json: found no \"format\", expected one");
  CHECK(error_of(small_profile(R"("m": [1], "n": [1, 2], "k": [1], "median_us": [1])")) ==
        "bad.json: matmul[0].n: found 2 values, expected 1 as in the group's other columns");
  CHECK(error_of(small_profile(R"("m": [0], "n": [1], "k": [1], "median_us": [1])")) ==
        "bad.json: matmul[0].m[0]: found 0, expected a positive whole number");
  CHECK(error_of(small_profile(R"("m": [1], "n": [1], "k": [1], "median_us": ["fast"])")) ==
        "bad.json: matmul[0].median_us[0]: found \"fast\", expected a number");
  CHECK(error_of(small_profile(R"("m": [1], "n": [1], "k": [1], "median_us": [1], "layout": "row")")) ==
        "bad.json: matmul[0].layout: found \"row\", expected one of \"nn\", \"nt\", \"tn\", \"tt\"");
  CHECK(error_of(small_profile(R"("m": [1], "n": [1], "k": [1], "median_us": [1], "mode": 1)"))
            .find("bad.json: matmul[0].mode: found an unknown key, expected one of \"") == 0);
  CHECK(error_of(small_profile(R"("m": [1], "n": [1], "k": [1], "median_us": [1])")) == "accepted");
}

TEST_CASE("A file or folder that is not there is named") {
  CHECK_THROWS_WITH(load_profile("nowhere/t4.json"),
                    "nowhere/t4.json: cannot be read, expected a kernel profile");
  CHECK_THROWS_WITH(load_profiles("nowhere"),
                    "nowhere: cannot be read, expected a folder of kernel profiles");
}

TEST_CASE("Every profile that ships is valid by the published schema and a misspelt key is not") {
  const auto read = [](const std::filesystem::path& path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file);
  };
  const nlohmann::json schema_document =
      read(std::filesystem::path(SPOTMIX_SOURCE_DIR) / "models/kernels/kernel_profile.schema.json");
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_document), schema);
  const auto valid = [&schema](const nlohmann::json& document) {
    valijson::Validator validator;
    return validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
  };
  for (const auto& entry : std::filesystem::directory_iterator(kShipped)) {
    INFO(entry.path());
    CHECK(valid(read(entry.path())));
  }
  nlohmann::json misspelt = read(kShipped / "t4.json");
  misspelt["matmul"][0]["medien_us"] = misspelt["matmul"][0]["median_us"];
  CHECK_FALSE(valid(misspelt));
}
