#include "reports/text/source_text.h"

#include <fmt/format.h>

#include "base/text/quantities.h"

namespace spotmix::reports {

std::string kind_text(models::SourceKind kind) {
  if (kind == models::SourceKind::measured) return "measured here";
  return std::string(name_of(kind));
}

std::string error_text(const models::Source& source) {
  return source.error ? "median error " + percent_text(*source.error) : "";
}

std::string source_text(const models::Source& source) {
  std::string text = fmt::format("{}: {}, {}", source.figure, kind_text(source.kind), source.from);
  if (!source.citation.empty()) text += "; " + source.citation;
  if (source.error) text += "; " + error_text(source);
  return text;
}

}  // namespace spotmix::reports
