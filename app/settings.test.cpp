#include "app/settings.hpp"

#include <gtest/gtest.h>

#include <set>

#include "app/setting_rules.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

TEST(settings, every_default_is_a_value_the_setting_itself_takes) {
  const config defaults;
  for (const auto& each : settings()) {
    const auto spelled = each.spell(defaults);
    config changed;
    // A secret without a default is not given rather than empty.
    EXPECT_TRUE(each.assign(changed, spelled) || (each.secret && spelled.empty())) << each.name;
    EXPECT_EQ(each.spell(changed), spelled) << each.name;
  }
}

TEST(settings, every_row_is_complete_and_its_name_unique) {
  std::set<std::string_view> names;
  std::set<std::string> variables;
  for (const auto& each : settings()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_TRUE(variables.insert(environment_name(each.name)).second) << each.name;
    EXPECT_NE(each.name.find('.'), std::string_view::npos) << each.name;
    EXPECT_FALSE(each.help.empty()) << each.name;
    EXPECT_FALSE(each.allowed.empty()) << each.name;
    EXPECT_EQ(find_setting(each.name), &each);
  }
}

TEST(settings, nothing_changes_when_a_value_is_not_allowed) {
  for (const auto& each : settings()) {
    config values;
    const auto before = each.spell(values);
    EXPECT_FALSE(each.assign(values, "\x01 not allowed anywhere")) << each.name;
    EXPECT_EQ(each.spell(values), before);
  }
}

TEST(settings, a_secret_is_shown_as_stars) {
  config values;
  const auto& key = *find_setting("storage.encryption_key");
  EXPECT_EQ(shown_value(key, values), "");
  values.storage.encryption_key = "abc";
  EXPECT_EQ(shown_value(key, values), "****");
}

TEST(setting_rules, reads_bytes_with_and_without_a_unit) {
  EXPECT_EQ(parse_bytes("4096"), 4096u);
  EXPECT_EQ(parse_bytes("64KiB"), 65536u);
  EXPECT_EQ(parse_bytes(" 1 gib "), 1u << 30);
  EXPECT_FALSE(parse_bytes("99999999999999GiB"));
  EXPECT_FALSE(parse_bytes("1.5MiB"));
  EXPECT_FALSE(parse_bytes("MiB"));
  EXPECT_FALSE(parse_bytes("-1"));
  EXPECT_FALSE(parse_bytes("1 parsec"));
  EXPECT_EQ(spell_bytes(65536), "64KiB");
  EXPECT_EQ(spell_bytes(1000), "1000");
}

TEST(setting_rules, reads_durations_with_and_without_a_unit) {
  EXPECT_EQ(parse_duration("30"), 30s);
  EXPECT_EQ(parse_duration("0.25"), 250ms);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_FALSE(parse_duration("-1"));
  EXPECT_FALSE(parse_duration("inf"));
  EXPECT_FALSE(parse_duration("nan"));
  EXPECT_FALSE(parse_duration("1e300"));
  EXPECT_FALSE(parse_duration(""));
  EXPECT_EQ(spell_duration(1500ms), "1.5");
  EXPECT_EQ(spell_duration(60s), "60");
}

TEST(setting_rules, reads_rates_as_exact_decimals) {
  EXPECT_EQ(parse_millionths("1"), 1'000'000);
  EXPECT_EQ(parse_millionths(" 1.25 "), 1'250'000);
  EXPECT_EQ(parse_millionths("0.000001"), 1);
  EXPECT_EQ(parse_millionths("1000"), 1'000'000'000);
  EXPECT_EQ(parse_millionths("0"), 0);
  for (const auto* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "01", "1000.000001",
                           "0.0000001", "1.2.3", "nan", "99999999999999999999"}) {
    EXPECT_FALSE(parse_millionths(text)) << text;
  }
  EXPECT_EQ(spell_millionths(1'250'000), "1.25");
  EXPECT_EQ(spell_millionths(1), "0.000001");
  EXPECT_EQ(spell_millionths(1'000'000'000), "1000");
}

}  // namespace
}  // namespace baton::app
