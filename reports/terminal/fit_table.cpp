#include <fmt/format.h>

#include "base/text/quantities.h"
#include "base/text/width.h"
#include "reports/fit_report.h"
#include "reports/terminal/paint.h"

namespace spotmix::reports {
namespace {

std::string line(const std::string& name, const std::vector<std::string>& cells) {
  std::string text = padded_right(name, 16);
  for (const std::string& cell : cells) text += padded_left(cell, 15);
  return text;
}

std::string seen_text(const FitReport& report) {
  const sim::LifetimeFits& fits = report.fits;
  std::string text = fmt::format("{} runs of {}: {} ended, {} still going on when the trace ended (censored)",
                                 count_text(fits.ended + fits.cut_off),
                                 report.pools == 1 ? "one pool" : fmt::format("{} pools", report.pools),
                                 count_text(fits.ended), count_text(fits.cut_off));
  if (report.left_out > 0)
    text += fmt::format("; {} left out that had begun before the trace", count_text(report.left_out));
  return text + "; " + safe_text(report.source);
}

}  // namespace

void write_fit_table(const FitReport& report, const TerminalStyle& style, std::ostream& out) {
  const sim::LifetimeFits& fits = report.fits;
  out << painted(wrapped(seen_text(report), style.width, 2), kDim, style) << "\n\n";
  out << painted(line("hazard", {"log-likelihood", "AIC", "KS distance", "mean life, h"}), kBold, style)
      << '\n';
  for (std::size_t i = 0; i < fits.forms.size(); ++i) {
    const sim::FittedLifetime& form = fits.forms[i];
    const std::string text =
        line(report.names[i],
             {fmt::format("{:.1f}", form.log_likelihood), fmt::format("{:.1f}", form.aic),
              fmt::format("{:.4f}", form.kolmogorov_smirnov), fmt::format("{:.3f}", form.mean_hours)});
    out << (i == report.chosen ? painted(text + " *", kGreen, style) : text) << '\n';
  }
  out << line("the trace", {"", "", "", fmt::format("{:.3f}", fits.observed.mean_hours)}) << "\n\n";
  out << wrapped(
             fmt::format("The trace's mean is Kaplan and Meier's, of lives of {:.1f} h at most, give or take "
                         "{:.3f} h (one standard error); an instance was lost every {:.3f} h of running.",
                         fits.observed.longest_hours, fits.observed.mean_error_hours,
                         fits.running_hours / static_cast<double>(fits.ended)),
             style.width, 0)
      << "\n\n* under market of a scenario:\n  \"interruptions\": {\"hazard\": " << report.hazard << "}\n";
}

}  // namespace spotmix::reports
