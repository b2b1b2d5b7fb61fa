#include "reports/results/warnings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text/quantities.h"
#include "base/text/width.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kMostNames = 3;
constexpr std::size_t kMostNameWidth = 40;
/// From this share of a mix's cost on, traffic is worth a line of its own.
constexpr double kMuchTraffic = 0.1;

std::string joined(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
    shown.push_back(shortened(safe_text(names[i]), kMostNameWidth));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (names.size() > kMostNames) text += fmt::format(" and {} more", names.size() - kMostNames);
  return text;
}

/// Warnings that differ only in the mix.
struct Kind {
  const Warning* first = nullptr;
  std::vector<std::string> mixes;
};

std::vector<Kind> kinds_of(const Report& report, Which which) {
  std::vector<Kind> kinds;
  for (const Warning& warning : report.warnings) {
    if (!which(warning)) continue;
    auto same = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) {
      return kind.first->text == warning.text && kind.first->mix.has_value() == warning.mix.has_value();
    });
    if (same == kinds.end()) same = kinds.insert(kinds.end(), Kind{&warning, {}});
    if (warning.mix) same->mixes.push_back(*warning.mix);
  }
  return kinds;
}

}  // namespace

bool any_warning(const Warning&) {
  return true;
}
bool of_scenario(const Warning& warning) {
  return !warning.mix;
}
bool of_mix(const Warning& warning) {
  return warning.mix.has_value();
}
bool is_footnote(const Warning& warning) {
  return of_mix(warning) && warning.code == "price_dated";
}
bool beside_verdict(const Warning& warning) {
  return of_mix(warning) && !is_footnote(warning);
}

std::vector<std::string> warning_lines(const Report& report, Which which) {
  std::vector<std::string> lines;
  for (const Kind& kind : kinds_of(report, which))
    lines.push_back(kind.mixes.empty() ? kind.first->text : joined(kind.mixes) + ": " + kind.first->text);
  return lines;
}

std::string warning_line(const Warning& warning) {
  return warning.mix ? joined({*warning.mix}) + ": " + warning.text : warning.text;
}

std::vector<Warning> warnings_missing(const std::vector<Warning>& from, const std::vector<Warning>& in) {
  std::vector<Warning> missing;
  std::copy_if(from.begin(), from.end(), std::back_inserter(missing),
               [&](const Warning& warning) { return std::find(in.begin(), in.end(), warning) == in.end(); });
  return missing;
}

std::string assumptions_text(const Report& report) {
  std::vector<std::string> figures;
  for (const auto& sources : report.sources) {
    for (const models::Source& source : sources) {
      const bool known = std::find(figures.begin(), figures.end(), source.figure) != figures.end();
      if (source.kind == models::SourceKind::assumed && !known) figures.push_back(source.figure);
    }
  }
  return figures.empty() ? "" : fmt::format("Assumed, not measured: {}.", fmt::join(figures, ", "));
}

std::string traffic_text(const Report& report) {
  std::vector<std::pair<double, std::string>> shares;
  for (const sim::MixResult& mix : report.batch.mixes) {
    if (!feasible(mix) || !mix.cost_usd || mix.cost_usd->mean <= 0) continue;
    const double usd = mix.cost_breakdown_usd.transfer;
    const double share = usd / mix.cost_usd->mean;
    if (share <= kMuchTraffic) continue;
    shares.emplace_back(share, fmt::format("{} ({}) of {}", money_text(usd), percent_text(share),
                                           shortened(safe_text(mix.name), kMostNameWidth)));
  }
  if (shares.empty()) return "";
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text = "Traffic between zones and regions costs ";
  for (std::size_t i = 0; i < std::min(shares.size(), kMostNames); ++i)
    text += (i == 0 ? "" : ", ") + shares[i].second;
  if (shares.size() > kMostNames)
    text += fmt::format(", and much of {} more mix{}", shares.size() - kMostNames,
                        shares.size() - kMostNames == 1 ? "" : "es");
  return text + ".";
}

}  // namespace spotmix::reports
