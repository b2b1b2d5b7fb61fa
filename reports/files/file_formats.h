// The files that `--out` writes, one row each: a new format is a new row of the table in file_formats.cpp.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "reports/focus/focus.h"
#include "reports/html/html.h"
#include "reports/results/report.h"

namespace spotmix::reports {

/// What may be chosen about the files; each setting is of one format.
struct FileSettings {
  FocusVersion focus = FocusVersion::v1_2;
  HtmlAssets html;
};

/// One kind of file.
struct FileFormat {
  std::string_view name;    ///< what --formats calls it
  std::string_view file;    ///< its name in the folder of --out
  bool needs_replications;  ///< of each mix, kept
  bool needs_replays;       ///< the story and the bill of one replication of each mix
  void (*write)(const Report&, const FileSettings&, std::ostream&);
};

/// All of them, in the order in which they are written; without html where the program was built without it.
const std::vector<FileFormat>& file_formats();

/// The format called `name`, by its own name or by that of its file; or nullptr.
const FileFormat* find_file_format(std::string_view name);

std::vector<std::string> file_format_names();

}  // namespace spotmix::reports
