#include "reports/html/html.h"

#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "base/files/sha256.h"
#include "base/text/base64.h"
#include "base/text/width.h"
#include "reports/html/assets.h"
#include "reports/html/page_data.h"
#include "reports/json/result_json.h"
#include "reports/results/verdict.h"

namespace spotmix::reports {
namespace {

/// "report-0123456789abcdef.js": another content has another name.
std::string file_name(std::string_view content, const char* extension) {
  return fmt::format("report-{}.{}", sha256(content).substr(0, 16), extension);
}

/// Text as HTML shows it, also within a quoted attribute.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

/// JSON that cannot end the script element it stands in: within JSON, "<" appears in strings only.
std::string for_script(const std::string& json) {
  std::string result;
  result.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      result += "\\u003c";
    } else {
      result += c;
    }
  }
  return result;
}

std::string data_element(const char* id, const std::string& json) {
  return fmt::format("<script type=\"application/json\" id=\"{}\">{}</script>\n", id, for_script(json));
}

std::string result_text(const Report& report) {
  std::ostringstream text;
  write_result_json(report, false, text);
  return for_script(text.str());
}

std::string base64_digest(std::string_view text) {
  const auto digest = sha256_digest(text);
  return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

/// Only this code may run, nothing may be fetched; charts set styles and draw data as images.
std::string policy(const HtmlAssets& assets) {
  const std::string script =
      assets.href.empty() ? fmt::format("'sha256-{}'", base64_digest(report_script())) : "'self' file:";
  const std::string style = assets.href.empty() ? "'unsafe-inline'" : "'unsafe-inline' 'self' file:";
  return fmt::format(
      "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
      script, style);
}

std::string style_element(const HtmlAssets& assets) {
  if (assets.href.empty()) return fmt::format("<style>{}</style>", report_style());
  return fmt::format(R"(<link rel="stylesheet" href="{}/{}">)", escaped(assets.href),
                     file_name(report_style(), "css"));
}

std::string script_element(const HtmlAssets& assets) {
  if (assets.href.empty()) return fmt::format("<script>{}</script>", report_script());
  return fmt::format(R"(<script src="{}/{}"></script>)", escaped(assets.href),
                     file_name(report_script(), "js"));
}

}  // namespace

bool html_is_available() {
  return !report_script().empty();
}

void write_html(const Report& report, const HtmlAssets& assets, std::ostream& out) {
  const PageData data = page_data(report);
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      << "<meta http-equiv=\"Content-Security-Policy\" content=\"" << policy(assets) << "\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      << "<meta name=\"color-scheme\" content=\"light dark\">\n"
      << "<meta name=\"generator\" content=\"spotmix " << escaped(report.spotmix_version) << "\">\n"
      << "<title>" << escaped(safe_text(report.scenario)) << " – spotmix</title>\n"
      << style_element(assets) << "\n</head>\n<body>\n"
      << "<noscript><p class=\"verdict\">" << escaped(safe_text(verdict_text(report)))
      << "</p><p>The tables and charts of this report need JavaScript; result.json and summary.csv hold the "
         "same "
         "figures.</p></noscript>\n"
      << "<script type=\"application/json\" id=\"result\">" << result_text(report) << "</script>\n"
      << data_element("data", data.first) << script_element(assets)
      << "\n"
      // After the code, which draws the page before the browser has read the long part.
      << data_element("series", data.series) << "</body>\n</html>\n";
}

std::vector<HtmlAssetFile> html_asset_files() {
  return {{file_name(report_script(), "js"), report_script()},
          {file_name(report_style(), "css"), report_style()}};
}

}  // namespace spotmix::reports
