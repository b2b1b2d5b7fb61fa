#include "reports/trace/step_trace.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace spotmix::reports {
namespace {

using Json = nlohmann::ordered_json;

double microseconds(StepDuration duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

Json metadata(const char* what, std::size_t process, std::size_t track, const std::string& text) {
  return {{"name", what}, {"ph", "M"}, {"pid", process}, {"tid", track}, {"args", {{"name", text}}}};
}

/// Rows in the order of their names' numbers: stage 2 before stage 10.
std::vector<std::string> rows_of(const std::vector<models::Span>& spans) {
  std::vector<std::string> rows;
  for (const models::Span& span : spans) {
    if (std::find(rows.begin(), rows.end(), span.row) == rows.end()) rows.push_back(span.row);
  }
  std::sort(rows.begin(), rows.end(), [](const std::string& a, const std::string& b) {
    const auto number = [](const std::string& row) {
      const std::size_t digit = row.find_first_of("0123456789");
      return digit == std::string::npos ? 0 : std::stol(row.substr(digit, 9));
    };
    const long left = number(a), right = number(b);
    return left != right ? left < right : a < b;
  });
  return rows;
}

void add_timeline(std::size_t process, const StepTimeline& timeline, Json& events) {
  const std::vector<std::string> rows = rows_of(timeline.spans);
  events.push_back(metadata("process_name", process, 0, timeline.mix));
  for (std::size_t track = 0; track < rows.size(); ++track) {
    events.push_back(metadata("thread_name", process, track + 1, rows[track]));
  }
  // A viewer nests what begins later or ends earlier: of spans that begin together the longer comes first.
  std::vector<const models::Span*> order;
  for (const models::Span& span : timeline.spans) order.push_back(&span);
  std::stable_sort(order.begin(), order.end(), [](const models::Span* a, const models::Span* b) {
    return a->start != b->start ? a->start < b->start : a->length > b->length;
  });
  for (const models::Span* span : order) {
    const auto row = std::find(rows.begin(), rows.end(), span->row);
    events.push_back({{"name", span->name},
                      {"ph", "X"},
                      {"pid", process},
                      {"tid", row - rows.begin() + 1},
                      {"ts", microseconds(span->start)},
                      {"dur", microseconds(span->length)}});
  }
}

}  // namespace

void write_step_trace(const std::string& scenario, const std::string& version,
                      const std::vector<StepTimeline>& timelines, std::ostream& out) {
  Json events = Json::array();
  for (std::size_t i = 0; i < timelines.size(); ++i) add_timeline(i + 1, timelines[i], events);
  const Json document = {{"traceEvents", events},
                         {"displayTimeUnit", "ms"},
                         {"otherData", {{"scenario", scenario}, {"version", version}}}};
  out << document.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace spotmix::reports
