#include <sstream>

#include <catch2/catch.hpp>

#include "reports/results/shared_sources.h"
#include "reports/terminal/explanation_table.h"
#include "reports/text/source_text.h"

using namespace spotmix;
using namespace spotmix::reports;
using models::Source;
using models::SourceKind;

namespace {

const Source kProducts{"matrix products", SourceKind::measured, "H200 in bf16", "cublasLt (spotmix-measure)",
                       0.061};
const Source kPrices{"spot price", SourceKind::published, "prices.json", "a trace (MIT)", {}};
const Source kBoot{"boot time", SourceKind::assumed, "360 s", "", {}};

ExplainedMix explained(const std::string& name, const std::vector<models::Source>& sources) {
  ExplainedMix mix;
  mix.name = name;
  mix.sources = sources;
  return mix;
}

}  // namespace

TEST_CASE("A source in words says its kind and author and error") {
  CHECK(source_text(kProducts) ==
        "matrix products: measured here, H200 in bf16; cublasLt (spotmix-measure); median error 6.1 %");
  CHECK(source_text(kBoot) == "boot time: assumed, 360 s");
}

TEST_CASE("A source that several mixes have is listed once with them") {
  const auto shared = shared_sources({{kProducts, kBoot}, {kProducts, kPrices, kBoot}});
  REQUIRE(shared.size() == 3);
  CHECK(shared[0].source == kProducts);
  CHECK(mixes_text(shared[0], {"a", "b"}) == "all");
  CHECK(shared[2].source == kPrices);
  CHECK(mixes_text(shared[2], {"a", "b"}) == "b");
}

TEST_CASE("explain ends with where its numbers come from for mixes that can train") {
  Explanation explanation{"0.1.0", "two mixes and one that cannot", {}, {}};
  explanation.mixes = {explained("a", {kProducts}), explained("b", {kProducts, kPrices}),
                       explained("c", {kBoot})};
  explanation.mixes[2].infeasible_reason = "too small";
  std::ostringstream out;
  write_explanation_table(explanation, {200, false}, out);
  const std::string text = out.str();
  const std::size_t section = text.find("Where these numbers come from\n");
  REQUIRE(section != std::string::npos);
  CHECK(text.find("matrix products: measured here", section) != std::string::npos);
  CHECK(text.find("spot price: published, prices.json; a trace (MIT) [b]", section) != std::string::npos);
  CHECK(text.find("boot time") == std::string::npos);
}
