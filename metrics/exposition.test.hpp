// Reads the Prometheus text format 0.0.4 strictly, line by line, so that a test can ask for single
// values.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>
#include <string>

namespace baton::metrics {

struct exposition {
  std::map<std::string, std::string> types;  // of each family
  std::map<std::string, double> samples;     // by name and labels, as written

  double at(const std::string& series) const {
    const auto found = samples.find(series);
    return found == samples.end() ? -1 : found->second;
  }
  bool has(const std::string& part) const {
    for (const auto& [series, value] : samples) {
      if (series.find(part) != std::string::npos) return true;
    }
    return false;
  }
};

// The family a sample belongs to: a histogram's samples have names of their own.
inline std::string family_of(const std::string& sample, const exposition& text) {
  if (text.types.contains(sample)) return sample;
  for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
    if (!sample.ends_with(suffix)) continue;
    const auto name = sample.substr(0, sample.size() - suffix.size());
    const auto type = text.types.find(name);
    if (type != text.types.end() && type->second == "histogram") return name;
  }
  return "";
}

inline exposition read_exposition(const std::string& text) {
  static const std::regex help(R"(# HELP [a-z_]+ [^\n]+)");
  static const std::regex type(R"(# TYPE ([a-z_]+) (counter|gauge|histogram))");
  static const std::string label = R"([a-z_]+="(?:[^"\\\n]|\\["\\n])*")";
  static const std::regex sample(R"(([a-z_]+)(\{)" + label + "(?:," + label +
                                 R"()*\})? (-?[0-9.e+-]+|\+Inf|NaN))");
  exposition read;
  std::string family;
  std::istringstream lines(text);
  EXPECT_TRUE(text.ends_with('\n'));
  for (std::string line; std::getline(lines, line);) {
    std::smatch part;
    if (std::regex_match(line, help)) continue;
    if (std::regex_match(line, part, type)) {
      family = part[1];
      EXPECT_TRUE(read.types.emplace(family, part[2]).second) << "declared twice: " << line;
    } else if (std::regex_match(line, part, sample)) {
      EXPECT_EQ(family_of(part[1], read), family) << "not behind its declaration: " << line;
      const auto series = part[1].str() + part[2].str();
      EXPECT_TRUE(read.samples.emplace(series, std::stod(part[3])).second) << "twice: " << line;
    } else {
      ADD_FAILURE() << "not the text format: " << line;
    }
  }
  return read;
}

}  // namespace baton::metrics
