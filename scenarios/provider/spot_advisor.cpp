#include "scenarios/provider/spot_advisor.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/files/read_file.h"
#include "base/json/json_text.h"
#include "base/text/nearest.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 2> kSystems{"linux", "windows"};

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Result<SpotAdvisor> read(const json& document) {
    const bool ours = document.contains("spotmix_spot_advisor");
    if (ours && document["spotmix_spot_advisor"] != 1) {
      add("spotmix_spot_advisor",
          fmt::format("found {}, expected the version 1", shown(document["spotmix_spot_advisor"])));
    }
    if (!ours) check_ranges(document);
    const char* key = ours ? "regions" : "spot_advisor";
    if (!document.contains(key) || !document[key].is_object() || document[key].empty()) {
      add(key, "found no regions, expected an object of them");
    } else {
      for (const auto& [region, systems] : document[key].items())
        read_region(key_path(key, region), region, systems, ours);
    }
    advisor_.source = text_or(document, "source", "the Spot Advisor");
    advisor_.licence = text_or(document, "licence", "");
    if (!problems_.empty()) return std::move(problems_);
    return std::move(advisor_);
  }

 private:
  void add(const std::string& where, std::string message) {
    problems_.push_back({file_, where, std::move(message)});
  }

  static std::string text_or(const json& document, const char* key, const char* otherwise) {
    const auto found = document.find(key);
    return found != document.end() && found->is_string() ? found->get<std::string>() : otherwise;
  }

  /// AWS numbers the bands: a number must still mean the band that we take it for.
  void check_ranges(const json& document) {
    const auto ranges = document.find("ranges");
    if (ranges == document.end() || !ranges->is_array()) {
      return add("ranges", "found no list, expected the bands that the numbers under \"r\" stand for");
    }
    for (std::size_t i = 0; i < ranges->size(); ++i) {
      const json& range = (*ranges)[i];
      const json index = range.is_object() ? range.value("index", json()) : json();
      const json label = range.is_object() ? range.value("label", json()) : json();
      const bool known = index.is_number_unsigned() && index.get<std::size_t>() < kCountOf<AdvisorBand>;
      if (known && label == name_of(static_cast<AdvisorBand>(index.get<int>()))) continue;
      add(item_path("ranges", i),
          fmt::format("found the band {} as number {}, expected one of \"<5%\" as 0 to \">20%\" as 4",
                      shown(label), shown(index)));
    }
  }

  void read_region(const std::string& path, const std::string& region, const json& systems, bool ours) {
    if (!systems.is_object()) return add(path, "expected an object by operating system");
    for (const auto& [name, entries] : systems.items()) {
      const std::string system = lower(name);
      const std::string system_path = key_path(path, name);
      if (std::find(std::begin(kSystems), std::end(kSystems), system) == std::end(kSystems)) {
        add(system_path, fmt::format("found {}, expected \"linux\" or \"windows\"", in_quotes(name)));
      } else if (!entries.is_object()) {
        add(system_path, "found no object, expected bands of instance types");
      } else if (ours) {
        read_lists(system_path, entries, advisor_.regions[region][system]);
      } else {
        read_numbers(system_path, entries, advisor_.regions[region][system]);
      }
    }
  }

  /// {"<5%": ["c5.large", …], …}
  void read_lists(const std::string& path, const json& entries, BandsByInstance& bands) {
    for (const auto& [name, instances] : entries.items()) {
      const auto band = parse_enum<AdvisorBand>(name);
      const std::string band_path = key_path(path, name);
      if (!band) {
        add(band_path,
            fmt::format("found {}, expected {}", in_quotes(name), one_of(names_of<AdvisorBand>())));
        continue;
      }
      if (!instances.is_array()) {
        add(band_path, "found no list, expected instance types");
        continue;
      }
      for (std::size_t i = 0; i < instances.size(); ++i) {
        const json& instance = instances[i];
        if (!instance.is_string()) {
          add(item_path(band_path, i), fmt::format("found {}, expected an instance type", shown(instance)));
        } else if (!bands.emplace(instance.get<std::string>(), *band).second) {
          add(item_path(band_path, i), fmt::format("found {} a second time, expected each type in one band",
                                                   in_quotes(instance.get<std::string>())));
        }
      }
    }
  }

  /// {"c5.large": {"s": 56, "r": 3}, …}: savings in percent, and the band's number.
  void read_numbers(const std::string& path, const json& entries, BandsByInstance& bands) {
    for (const auto& [instance, entry] : entries.items()) {
      const json number = entry.is_object() ? entry.value("r", json()) : json();
      if (number.is_number_unsigned() && number.get<std::size_t>() < kCountOf<AdvisorBand>) {
        bands[instance] = static_cast<AdvisorBand>(number.get<int>());
      } else {
        add(key_path(key_path(path, instance), "r"),
            fmt::format("found {}, expected the number of a band, 0 to 4", shown(number)));
      }
    }
  }

  const std::string& file_;
  SpotAdvisor advisor_;
  Problems problems_;
};

}  // namespace

bool is_spot_advisor(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || text[first] != '{') return false;
  if (text.substr(0, 200).find("\"spotmix_spot_advisor\"") != std::string::npos) return true;
  return text.find("\"spot_advisor\"") != std::string::npos && text.find("\"ranges\"") != std::string::npos;
}

Result<SpotAdvisor> parse_spot_advisor(const std::string& file, const std::string& text) {
  Result<json> document = parse_json(file, text);
  if (!document) return document.problems;
  if (!document.value->is_object() || !is_spot_advisor(text))
    return Problem{file, "", "found something else, expected the Spot Advisor's spot-advisor-data.json"};
  return Reader(file).read(*document.value);
}

Result<SpotAdvisor> read_spot_advisor(const std::filesystem::path& path) {
  Result<std::string> text = read_file(path, kDataBytesLimit);
  if (!text) return text.problems;
  return parse_spot_advisor(path.string(), *text.value);
}

std::string spot_advisor_to_text(const SpotAdvisor& advisor) {
  std::string text = "{\"spotmix_spot_advisor\": 1,\n";
  text += " \"source\": " + json(advisor.source).dump() + ",\n";
  if (!advisor.licence.empty()) text += " \"licence\": " + json(advisor.licence).dump() + ",\n";
  text += " \"regions\": {";
  const char* between_regions = "\n";
  for (const auto& [region, systems] : advisor.regions) {
    text += between_regions + ("  " + json(region).dump()) + ": {";
    between_regions = ",\n";
    const char* between_systems = "\n";
    for (const auto& [system, bands] : systems) {
      nlohmann::ordered_json lists = nlohmann::ordered_json::object();
      for (const AdvisorBand listed : values_of<AdvisorBand>()) {
        for (const auto& [instance, band] : bands) {
          if (band == listed) lists[std::string(name_of(band))].push_back(instance);
        }
      }
      text += between_systems + ("   " + json(system).dump()) + ": " + lists.dump();
      between_systems = ",\n";
    }
    text += "}";
  }
  return text + "\n }}\n";
}

}  // namespace spotmix::scenarios
