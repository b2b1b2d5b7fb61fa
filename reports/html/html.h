// The HTML report: one page that opens offline and asks nothing of anywhere.
//
// The page's code and style are built from reports/web when the program is built. The data stand in the page
// as JSON with packed columns (column.h); names reach the page only as text, never as markup, and a
// Content-Security-Policy lets no other code run and nothing be fetched.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "reports/results/report.h"

namespace spotmix::reports {

/// Whether the page's code is part of this program: without npm it is built without.
bool html_is_available();

/// Where the code and style lie: in the page itself, or in a folder beside one or many pages.
struct HtmlAssets {
  std::string href;  ///< of that folder, relative to the page; empty: in the page itself
};

/// Needs html_is_available().
void write_html(const Report& report, const HtmlAssets& assets, std::ostream& out);

struct HtmlAssetFile {
  std::string name;
  std::string_view content;
};

/// What the folder of pages with an `href` must hold. Names tell the version of their content, so that
/// reports of several versions can share the folder.
std::vector<HtmlAssetFile> html_asset_files();

}  // namespace spotmix::reports
