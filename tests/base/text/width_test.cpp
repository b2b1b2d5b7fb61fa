#include "base/text/width.h"

#include <catch2/catch.hpp>

#include "base/result/problem.h"
#include "base/text/nearest.h"
#include "base/text/utf8.h"

using namespace spotmix;

TEST_CASE("A character of UTF-8 is decoded and anything else is one byte without a code") {
  CHECK(first_character("a").code == U'a');
  CHECK(first_character("ß…").code == U'ß');
  CHECK(first_character("ß…").bytes == "ß");
  CHECK(first_character("\U0001F680").code == U'\U0001F680');
  // A lone continuation byte, a cut-off character, an overlong "/", a surrogate, and more than Unicode has.
  for (const char* text : {"\x80", "\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    CHECK_FALSE(first_character(text).code);
    CHECK(first_character(text).bytes.size() == 1);
  }
}

TEST_CASE("Widths are those of Unicode") {
  CHECK(display_width("⌚🚀") == 4);            // East Asian Width W
  CHECK(display_width("ｱ") == 1);             // halfwidth katakana
  CHECK(display_width("\u0639\u064E") == 1);  // an Arabic letter and its vowel
  CHECK(display_width("\u0915\u094D") == 1);  // a Devanagari letter and its virama
  CHECK(display_width("❤\uFE0F") == 1);       // a variation selector has no width
  CHECK(display_width("\xff") == 1);
}

TEST_CASE("Every control and every mark of direction is made harmless") {
  for (const char* text : {"\x1b", "\x7f", "\u0085", "\u2028", "\u200F", "\u202E", "\u2066", "\uFEFF"}) {
    CHECK(safe_text(text) == "\uFFFD");
  }
  CHECK(safe_text("नमस्ते\u200D") == "नमस्ते\u200D");
}

TEST_CASE("A problem is one line of UTF-8 whatever its names hold") {
  CHECK(to_line({"größe.json", "a\nb", "\xc0\xaf\x7f"}) == "größe.json: a?b: ???");
}

TEST_CASE("A long text in quotes is cut between characters") {
  const std::string long_text = std::string(59, 'x') + "ß" + std::string(10, 'y');
  CHECK(in_quotes(long_text) == "\"" + std::string(59, 'x') + "…\"");
  CHECK(in_quotes("short") == "\"short\"");
}
