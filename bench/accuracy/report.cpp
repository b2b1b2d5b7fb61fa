#include "bench/accuracy/report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace spotmix::accuracy {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string percent(const std::optional<double>& fraction) {
  return fraction ? fmt::format("{:.2f}", *fraction * 100.0) : "-";
}

}  // namespace

std::string to_json(std::span<const Score> scores) {
  Json tables = Json::array();
  for (const Score& score : scores) {
    tables.push_back({{"table", score.table},
                      {"subset", score.subset},
                      {"rows", score.rows},
                      {"scored", score.scored},
                      {"skipped", Json(score.skipped)},
                      {"mape", or_null(score.mape)},
                      {"median", or_null(score.median)},
                      {"p90", or_null(score.p90)},
                      {"worst", or_null(score.worst)},
                      {"bias", or_null(score.bias)},
                      {"regret", or_null(score.regret)},
                      {"order_correct", or_null(score.order_correct)}});
  }
  return Json{{"tables", tables}}.dump(2) + "\n";
}

std::string to_text(std::span<const Score> scores) {
  std::string text =
      fmt::format("{:<30} {:<28} {:>6} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>6}\n", "table", "subset",
                  "rows", "scored", "MAPE %", "median", "p90", "worst", "bias", "regret", "order");
  for (const Score& score : scores) {
    const std::string order = score.order_correct ? (*score.order_correct ? "right" : "wrong") : "-";
    text += fmt::format("{:<30} {:<28} {:>6} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>6}\n", score.table,
                        score.subset, score.rows, score.scored, percent(score.mape), percent(score.median),
                        percent(score.p90), percent(score.worst), percent(score.bias), percent(score.regret),
                        order);
    for (const auto& [reason, count] : score.skipped)
      text += fmt::format("    skipped {:>5}: {}\n", count, reason);
  }
  return text;
}

std::string rows_to_text(std::span<const Score> scores) {
  std::string text = "table\tsubset\trow\tmeasured\tpredicted\terror %\n";
  for (const Score& score : scores) {
    for (const ScoredRow& row : score.details) {
      text += fmt::format("{}\t{}\t{}\t{:.6g}\t{:.6g}\t{:+.1f}\n", score.table, score.subset, row.label,
                          row.measured, row.predicted, 100 * (row.predicted / row.measured - 1));
    }
  }
  return text;
}

}  // namespace spotmix::accuracy
