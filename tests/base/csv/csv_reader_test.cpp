#include "base/csv/csv_reader.h"

#include <random>
#include <sstream>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "base/csv/csv_table.h"
#include "base/csv/csv_writer.h"

using namespace spotmix;

namespace {

using Records = std::vector<std::vector<std::string>>;

Records records_of(std::string_view text) {
  Records records;
  CsvReader csv(text);
  while (csv.next()) records.push_back(csv.fields());
  return records;
}

/// RFC 4180 to the letter, a field at a time, and nothing that the standard does not know: every line ends
/// with CRLF, a quote stands only around a field or doubled in one.
class NaiveReader {
 public:
  explicit NaiveReader(std::string_view text) : text_(text) {}

  Records read() {
    Records records;
    while (at_ < text_.size()) records.push_back(record());
    return records;
  }

 private:
  std::vector<std::string> record() {
    std::vector<std::string> fields{field()};
    while (take(",")) fields.push_back(field());
    if (!take("\r\n")) throw std::runtime_error("expected CRLF");
    return fields;
  }

  std::string field() {
    if (take("\"")) return quoted_field();
    const std::size_t end = std::min(text_.find_first_of(",\"\r\n", at_), text_.size());
    const std::string value(text_.substr(at_, end - at_));
    at_ = end;
    return value;
  }

  std::string quoted_field() {
    std::string value;
    for (;;) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) throw std::runtime_error("expected a closing quote");
      value += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (!take("\"")) return value;
      value += '"';
    }
  }

  bool take(std::string_view wanted) {
    const bool there = text_.substr(at_).starts_with(wanted);
    if (there) at_ += wanted.size();
    return there;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Short fields of the characters that CSV gives a meaning, and of some that it does not.
Records random_records(std::mt19937& random) {
  const std::vector<std::string> pieces{"a", "\"", ",", "\r", "\n", "\r\n", " ", "=", "é", "\t", "'"};
  const auto below = [&](std::size_t limit) { return random() % limit; };
  Records records(1 + below(5));
  for (auto& record : records) {
    record.resize(1 + below(4));
    for (std::string& field : record) {
      for (std::size_t i = below(6); i > 0; --i) field += pieces[below(pieces.size())];
    }
  }
  return records;
}

std::string written(const Records& records) {
  std::ostringstream out;
  CsvWriter csv(out);
  for (const auto& record : records) {
    for (const std::string& field : record) csv.text(field);
    csv.end_row();
  }
  return out.str();
}

/// What the writer makes of a field that a spreadsheet would run.
std::string neutralized(const std::string& field) {
  const bool runs = !field.empty() && std::string_view("=+-@\t\r").find(field[0]) != std::string_view::npos;
  return runs ? "'" + field : field;
}

}  // namespace

TEST_CASE("Any fields that are written to CSV are read back as they were", "[csv]") {
  std::mt19937 random(13);
  for (int i = 0; i < 2000; ++i) {
    Records records = random_records(random);
    const std::string text = written(records);
    for (auto& record : records) {
      for (std::string& field : record) field = neutralized(field);
    }
    INFO(text);
    REQUIRE(records_of(text) == records);
    REQUIRE(NaiveReader(text).read() == records);
  }
}

TEST_CASE("A quoted field keeps its line ends and doubled quotes", "[csv]") {
  CHECK(records_of("a,\"two\nlines\",\"say \"\"hi\"\"\"\nb,\"\r\n\",\n") ==
        Records{{"a", "two\nlines", "say \"hi\""}, {"b", "\r\n", ""}});
}

TEST_CASE("Records end with CRLF or LF or with the text", "[csv]") {
  CHECK(records_of("a,b\r\nc,d\ne,f") == Records{{"a", "b"}, {"c", "d"}, {"e", "f"}});
  CHECK(records_of("").empty());
  CHECK(records_of("\n") == Records{{""}});
  CHECK(records_of("a\n\nb\n") == Records{{"a"}, {""}, {"b"}});
}

TEST_CASE("A quote within an unquoted field stands for itself", "[csv]") {
  CHECK(records_of("19\" rack,2\n3,4\n") == Records{{"19\" rack", "2"}, {"3", "4"}});
}

TEST_CASE("A record knows its first line and its text", "[csv]") {
  CsvReader csv("a,\"1\n2\"\r\nb,3\n");
  REQUIRE(csv.next());
  CHECK(csv.line() == 1);
  CHECK(csv.text() == "a,\"1\n2\"");
  REQUIRE(csv.next());
  CHECK(csv.line() == 3);
  CHECK(csv.text() == "b,3");
  CHECK_FALSE(csv.next());
}

TEST_CASE("A quote that is never closed is reported", "[csv]") {
  CsvReader csv("a,b\nc,\"d\ne,f\n");
  REQUIRE(csv.next());
  CHECK_FALSE(csv.unclosed());
  REQUIRE(csv.next());
  CHECK(csv.unclosed());
  CHECK(CsvTable("a,b\nc,\"d\ne,f\n").unclosed_line() == 2U);
  CHECK_FALSE(CsvTable("a,b\nc,\"d\"\n").unclosed_line());
}

TEST_CASE("A table finds fields by the name of their column", "[csv]") {
  const CsvTable table("name,time_us,note\nring,12.5,\"tree,\n1 GB\"\n\n\"a \"\"b\"\"\",fast\n");
  REQUIRE(table.size() == 2);
  CHECK(table.columns() == 3);
  CHECK(table.at(0, "note") == "tree,\n1 GB");
  CHECK(table.number(0, "time_us") == 12.5);
  CHECK(table.at(1, "name") == "a \"b\"");
  CHECK_FALSE(table.number(1, "time_us"));
  CHECK(table.at(1, "note").empty());
  CHECK(table.at(1, "price").empty());
  CHECK(table.width(1) == 2);
  CHECK(table.line(1) == 5);
  CHECK_FALSE(table.has("price"));
}
