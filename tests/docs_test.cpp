// What the documents list must be what the program has: settings, metrics, errors; and their links
// must lead somewhere.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "actors/metric_labels.hpp"
#include "app/command_line.hpp"
#include "app/settings.hpp"
#include "base/error.hpp"
#include "metrics/relay_metrics.hpp"

namespace baton {
namespace {

namespace fs = std::filesystem;

const fs::path root = BATON_SOURCE_DIR;

std::string content(const fs::path& file) {
  std::ifstream stream(file);
  EXPECT_TRUE(stream) << "cannot read " << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) found.push_back(line);
  return found;
}

std::string reference() {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(app::run_command_line(std::vector<std::string>{"config", "reference"}, in, out, err),
            app::exit_done)
      << err.str();
  return out.str();
}

TEST(documents, configuration_has_the_table_of_settings_as_the_program_prints_it) {
  const auto document = content(root / "docs/configuration.md");
  for (const auto& row : lines(reference())) {
    EXPECT_NE(document.find(row + '\n'), std::string::npos)
        << "docs/configuration.md lacks this row of `baton config reference`:\n"
        << row;
  }
}

TEST(documents, configuration_has_no_setting_that_is_gone) {
  const auto current = reference();
  for (const auto& row : lines(content(root / "docs/configuration.md"))) {
    const bool of_setting =
        std::regex_search(row, std::regex("^\\| `[a-z]+\\.[a-z_]+` \\| `BATON_"));
    if (of_setting) {
      EXPECT_NE(current.find(row), std::string::npos) << row;
    }
  }
}

TEST(documents, configuration_names_the_short_variables) {
  const auto document = content(root / "docs/configuration.md");
  for (const auto& each : app::settings()) {
    if (each.short_name.empty()) continue;
    const auto variable = '`' + app::environment_name(each.short_name) + '`';
    EXPECT_NE(document.find(variable), std::string::npos) << variable;
  }
}

TEST(documents, the_example_configuration_is_accepted) {
  const auto outcome = app::load_config({(root / "deploy/baton.toml").string(), {}, {}});
  ASSERT_TRUE(outcome) << outcome.error().text;
  EXPECT_TRUE(outcome->warnings.empty()) << outcome->warnings.front();
}

TEST(documents, operating_lists_every_metric_and_no_other) {
  constexpr bool per_key = true;
  metrics::relay_metrics all(1, actors::relay_label_values(), per_key);
  // These have no series before the first account and the first tokens.
  all.add_tokens("platform", "model", "input", 1);
  all.add_cost("platform", "model", 1);
  all.add_unpriced("platform", 1);
  all.add_price_reload(true);
  all.add_certificate_reload("setting", true);
  all.certificate_expiry("setting", 1);
  all.add_key_usage("key", 1, 1);
  all.add_upstream_error("account", "timeout");
  all.account_inflight("account", 1);
  all.account_state("account", "active");
  std::set<std::string> exposed;
  for (const auto& line : lines(all.text())) {
    std::istringstream words(line);
    std::string hash, type, name;
    if (words >> hash >> type >> name && hash == "#" && type == "TYPE") exposed.insert(name);
  }
  std::set<std::string> documented;
  for (const auto& line : lines(content(root / "docs/operating.md"))) {
    std::smatch found;
    if (std::regex_search(line, found, std::regex("^\\| `((baton|process)_[a-z_]+)`"))) {
      documented.insert(found[1]);
    }
  }
  EXPECT_EQ(documented, exposed);
}

TEST(documents, errors_lists_every_error_code) {
  const auto document = content(root / "docs/errors.md");
  for (int code = 0; code <= static_cast<int>(error_code::internal); ++code) {
    const auto name = '`' + std::string(to_string(static_cast<error_code>(code))) + '`';
    EXPECT_NE(document.find(name), std::string::npos) << name;
  }
}

TEST(documents, every_link_to_a_file_leads_to_one) {
  std::vector<fs::path> documents = {root / "README.md", root / "ARCHITECTURE.md",
                                     root / "CONTRIBUTING.md", root / "CHANGELOG.md",
                                     root / "bench/README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  const std::regex link("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  for (const auto& document : documents) {
    const auto text = content(document);
    for (auto found = std::sregex_iterator(text.begin(), text.end(), link);
         found != std::sregex_iterator(); ++found) {
      const auto target = document.parent_path() / (*found)[1].str();
      EXPECT_TRUE(fs::exists(target)) << document << ": " << (*found)[0];
    }
  }
}

}  // namespace
}  // namespace baton
