#include "base/text/encoding.h"

#include <boost/locale/encoding_utf.hpp>

namespace spotmix {

std::optional<std::string> without_mark(std::string text) {
  if (text.starts_with("\xef\xbb\xbf")) return text.substr(3);
  const bool little = text.starts_with("\xff\xfe"), big = text.starts_with("\xfe\xff");
  if (!little && !big) return text;
  if (text.size() % 2 != 0) return std::nullopt;
  std::u16string units;
  units.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const auto first = static_cast<unsigned char>(text[i]), second = static_cast<unsigned char>(text[i + 1]);
    units += static_cast<char16_t>(little ? first | second << 8 : second | first << 8);
  }
  try {
    return boost::locale::conv::utf_to_utf<char>(units, boost::locale::conv::stop);
  } catch (const boost::locale::conv::conversion_error&) {
    return std::nullopt;
  }
}

}  // namespace spotmix
