// Rows of a spot price history as text, from the forms in which people keep one: CSV and TSV with a header or
// without, `aws … --output text`, and lists that `--query` made of the columns.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/problem.h"
#include "base/units/time.h"
#include "scenarios/importers/formats.h"

namespace spotmix::scenarios {

enum class PriceColumn : std::uint8_t { zone, instance, product, price, time };
inline constexpr std::size_t kPriceColumns = 5;

/// One row; a field is empty where the input has none.
struct PriceRow {
  std::array<std::string, kPriceColumns> fields;
  std::string where;  ///< "line 7" or "SpotPriceHistory[3]".

  std::string& operator[](PriceColumn column) { return fields[static_cast<std::size_t>(column)]; }
  const std::string& operator[](PriceColumn column) const { return fields[static_cast<std::size_t>(column)]; }
};

/// Which column a field belongs to by what it looks like: "us-east-1a" or "use1-az6", "p3.2xlarge", "0.918",
/// a time; any other text is a product. nullopt if it is empty.
std::optional<PriceColumn> column_of(std::string_view field);

/// Which column a header means: "AvailabilityZone", "instance_type", "Price", …; nullopt for any other.
std::optional<PriceColumn> column_named(std::string_view header);

/// As parse_time, or seconds or milliseconds since 1970 (a number from 10^11 on counts milliseconds).
std::optional<Time> parse_price_time(std::string_view text);

/// Whether the text is a table whose header, --columns or first row shows a time and a price.
bool is_price_table(const std::string& text, const ImportOptions& options);

/// The rows of such a table. Problems: --columns that cannot be read, rows of another width than the first.
Result<std::vector<PriceRow>> read_price_table(const ImportedFile& file, const ImportOptions& options);

}  // namespace spotmix::scenarios
