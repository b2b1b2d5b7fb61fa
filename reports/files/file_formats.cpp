#include "reports/files/file_formats.h"

#include <algorithm>

#include "reports/csv/tables.h"
#include "reports/json/result_json.h"
#include "reports/markdown/summary.h"
#include "reports/trace/chrome_trace.h"

namespace spotmix::reports {
namespace {

/// A writer that takes no settings as one that does.
template <void (*kWrite)(const Report&, std::ostream&)>
void plain(const Report& report, const FileSettings&, std::ostream& out) {
  kWrite(report, out);
}

/// A writer of several reports as one of a single report.
template <void (*kWrite)(const std::vector<const Report*>&, std::ostream&)>
void single(const Report& report, const FileSettings&, std::ostream& out) {
  kWrite({&report}, out);
}

void write_page(const Report& report, const FileSettings& settings, std::ostream& out) {
  write_html(report, settings.html, out);
}

void write_focus(const Report& report, const FileSettings& settings, std::ostream& out) {
  write_focus_csv(report, settings.focus, out);
}

std::vector<FileFormat> all_formats() {
  // Name, file, needs replications, needs replays, writer.
  std::vector<FileFormat> formats = {
      {"html", "report.html", true, true, write_page},
      {"json", "result.json", true, true, plain<write_whole_result_json>},
      {"csv", "summary.csv", false, false, single<write_summary_csv>},
      {"markdown", "summary.md", false, false, plain<write_markdown>},
      {"replications", "replications.csv", true, false, single<write_replications_csv>},
      {"bill", "bill.csv", false, true, plain<write_bill_csv>},
      {"timeline", "timeline.csv", false, true, plain<write_timeline_csv>},
      {"focus", "focus.csv", false, true, write_focus},
      {"trace", "trace.json", false, true, plain<write_chrome_trace>},
  };
  if (!html_is_available()) formats.erase(formats.begin());
  return formats;
}

}  // namespace

const std::vector<FileFormat>& file_formats() {
  static const std::vector<FileFormat> kFormats = all_formats();
  return kFormats;
}

const FileFormat* find_file_format(std::string_view name) {
  const auto& all = file_formats();
  const auto found = std::find_if(all.begin(), all.end(), [&](const FileFormat& format) {
    return format.name == name || format.file == name;
  });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> file_format_names() {
  std::vector<std::string> names;
  for (const FileFormat& format : file_formats()) names.emplace_back(format.name);
  return names;
}

}  // namespace spotmix::reports
