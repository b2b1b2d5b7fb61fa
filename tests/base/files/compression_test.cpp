#include "base/files/compression.h"

#include <catch2/catch.hpp>

#include "base/files/sha256.h"
#include "base/text/base64.h"

using namespace spotmix;

TEST_CASE("Packing gives the same bytes every time and unpacking gives the text back") {
  const std::string text(100'000, 'x');
  CHECK(gzip(text) == gzip(text));
  CHECK(gzip(text).size() < 1000);
  CHECK(gunzip(gzip(text), 1 << 20) == text);
  CHECK(inflate(deflate(text), 1 << 20) == text);
  CHECK(inflate(deflate(""), 1 << 20) == "");
}

TEST_CASE("Unpacking stops at the most bytes that it may take") {
  CHECK(gunzip(gzip(std::string(100'000, 'x')), 10) == std::string(10, 'x'));
}

TEST_CASE("Bytes that were not packed cannot be unpacked") {
  CHECK_FALSE(gunzip("not packed at all", 1 << 20));
  CHECK_FALSE(inflate("not packed at all", 1 << 20));
}

TEST_CASE("SHA-256 has the digests of the examples of FIPS 180-4") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Base64 has the texts of the examples of RFC 4648") {
  const std::string word = "foobar";
  const std::vector<std::string> texts = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::size_t size = 0; size < texts.size(); ++size) {
    CHECK(base64(word.substr(0, size)) == texts[size]);
    CHECK(bytes_of_base64(texts[size]) == word.substr(0, size));
  }
}

TEST_CASE("A text with other signs or without its padding is not base64") {
  for (const char* text : {"Zg=", "Zg", "Z===", " Zm9", "Zm9v\n", "Zg==Zg==", "Zm-_"}) {
    CHECK_FALSE(bytes_of_base64(text));
  }
}
