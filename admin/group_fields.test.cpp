#include "admin/group_fields.hpp"

#include <gtest/gtest.h>

namespace baton::admin {
namespace {

using nlohmann::json;

TEST(group_fields, are_name_and_description) {
  relay::account_group group;
  group.id = group_id("7");
  ASSERT_TRUE(read_group({{"name", " team "}, {"description", "all"}}, group, read_mode::create));
  EXPECT_EQ(group.name, "team");
  auto shown = json(show_fields(group_fields(), group));
  EXPECT_EQ(shown.at("id"), "7");
  shown["name"] = "crew";
  ASSERT_TRUE(read_group(shown, group, read_mode::update));
  EXPECT_EQ(group.name, "crew");
  EXPECT_EQ(group.description, "all");
}

TEST(group_fields, that_cannot_be_used_are_named) {
  relay::account_group group;
  group.name = "team";
  const auto field_refused = [&](const json& sent, read_mode mode = read_mode::update) {
    const auto done = read_group(sent, group, mode);
    return done ? "none" : std::string(field_of(done.error()));
  };
  EXPECT_EQ(field_refused(json::object(), read_mode::create), "name");
  for (const auto& name : {json(""), json("a,b"), json("none"), json("a\nb"), json(1)}) {
    EXPECT_EQ(field_refused({{"name", name}}), "name") << name;
  }
  EXPECT_EQ(field_refused({{"description", std::string(501, 'x')}}), "description");
  EXPECT_EQ(field_refused({{"accountIds", json::array()}}), "accountIds");
  EXPECT_EQ(group.name, "team");
}

}  // namespace
}  // namespace baton::admin
