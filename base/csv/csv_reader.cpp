#include "base/csv/csv_reader.h"

#include <algorithm>

namespace spotmix {

bool CsvReader::next() {
  if (rest_.empty()) return false;
  line_ = lines_ended_ + 1;
  read_fields();
  lines_ended_ = line_ + static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
  rest_.remove_prefix(text_.size());
  if (rest_.starts_with('\r')) rest_.remove_prefix(1);
  if (rest_.starts_with('\n')) rest_.remove_prefix(1);
  return true;
}

void CsvReader::read_fields() {
  fields_.assign(1, "");
  quoted_ = false;
  std::size_t i = 0;
  for (; i < rest_.size(); ++i) {
    const char c = rest_[i];
    const std::string_view after = rest_.substr(i + 1);
    if (quoted_ && c == '"') {
      quoted_ = after.starts_with('"');
      if (!quoted_) continue;
      fields_.back() += c;
      ++i;
    } else if (quoted_) {
      fields_.back() += c;
    } else if (c == '"' && fields_.back().empty()) {
      quoted_ = true;
    } else if (c == separator_) {
      fields_.emplace_back();
    } else if (c == '\n' || (c == '\r' && (after.empty() || after.front() == '\n'))) {
      break;
    } else {
      fields_.back() += c;
    }
  }
  text_ = rest_.substr(0, i);
}

}  // namespace spotmix
