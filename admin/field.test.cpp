#include "admin/field.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::admin {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct thing {
  std::string id = "7";
  std::string name;
  int priority = 50;
  std::string password;
  bool special = false;
  std::string extra;
  std::vector<std::string> tags;
};

const field_table<thing>& fields() {
  static const auto all = [] {
    auto extra = writable<thing>("extra", "Of special things", &thing::extra, line(0, 9));
    extra.belongs = [](const thing& of) { return of.special; };
    return field_table<thing>{
        read_only<thing>("id", "Its id", &thing::id, line(1, 9)),
        required(writable<thing>("name", "Its name", &thing::name, line(1, 9))),
        writable<thing>("priority", "Smaller first", &thing::priority, whole_number(1, 100)),
        secret<thing>("password", "Its password", &thing::password),
        std::move(extra),
        writable<thing>("tags", "Words", &thing::tags, list_of(line(1, 9), 9)),
    };
  }();
  return all;
}

std::string refusal_of(const json& object, thing& target, read_mode mode = read_mode::update) {
  const auto done = read_fields(fields(), object, target, mode);
  if (done) return "accepted";
  EXPECT_EQ(done.error().code, error_code::invalid_argument);
  return done.error().text;
}

TEST(field, what_is_not_sent_stays) {
  thing one{.name = "old", .password = "hidden"};
  EXPECT_EQ(refusal_of({{"priority", 7}}, one), "accepted");
  EXPECT_EQ(one.name, "old");
  EXPECT_EQ(one.priority, 7);
  EXPECT_EQ(one.password, "hidden");
}

TEST(field, only_a_create_needs_the_required_ones) {
  thing one;
  EXPECT_EQ(refusal_of({{"priority", 7}}, one, read_mode::create), "name: is required");
  EXPECT_EQ(refusal_of({{"name", "x"}}, one, read_mode::create), "accepted");
  EXPECT_EQ(refusal_of(json::object(), one), "accepted");
}

TEST(field, a_name_that_is_not_known_is_refused_with_the_nearest) {
  thing one;
  EXPECT_EQ(refusal_of({{"prioritty", 7}}, one), "prioritty: is not known; did you mean priority?");
  EXPECT_EQ(refusal_of({{"Name", "x"}}, one), "Name: is not known; did you mean name?");
  EXPECT_EQ(refusal_of({{"colour", 7}}, one), "colour: is not known");
  const auto inner = read_fields(fields(), {{"nam", 1}}, one, read_mode::update, "proxy.");
  ASSERT_FALSE(inner);
  EXPECT_EQ(inner.error().text, "proxy.nam: is not known; did you mean proxy.name?");
  EXPECT_EQ(field_of(inner.error()), "proxy.nam");
}

TEST(field, what_a_get_gave_can_be_put_back) {
  thing one{.name = "old", .extra = "kept"};
  auto shown = json(show_fields(fields(), one));
  shown["name"] = "new";
  EXPECT_EQ(refusal_of(shown, one), "accepted");
  EXPECT_EQ(one.name, "new");
  EXPECT_EQ(one.extra, "kept");
}

TEST(field, that_cannot_be_written_is_refused_where_it_would_change) {
  thing one;
  EXPECT_EQ(refusal_of({{"id", "8"}}, one), "id: cannot be changed");
  EXPECT_EQ(refusal_of({{"id", "8"}, {"name", "x"}}, one, read_mode::create),
            "id: cannot be changed");
  EXPECT_EQ(refusal_of({{"extra", "x"}}, one), "extra: is not for this platform");
  one.special = true;
  EXPECT_EQ(refusal_of({{"extra", "x"}}, one), "accepted");
}

TEST(field, a_secret_is_never_shown_or_repeated) {
  thing one{.name = "x"};
  EXPECT_EQ(refusal_of({{"password", "hidden"}}, one), "accepted");
  EXPECT_EQ(one.password, "hidden");
  EXPECT_THAT(show_fields(fields(), one).dump(), Not(HasSubstr("hidden")));
  const auto refusal = refusal_of({{"password", {"hidden"}}}, one);
  EXPECT_THAT(refusal, HasSubstr("password: must be a text"));
  EXPECT_THAT(refusal, Not(HasSubstr("hidden")));
  for (const auto& nothing : {json(nullptr), json("")}) {
    one.password = "hidden";
    EXPECT_EQ(refusal_of({{"password", nothing}}, one), "accepted");
    EXPECT_EQ(one.password, "");
  }
}

TEST(field, changes_are_old_and_new_but_for_secrets) {
  thing before{.name = "old", .tags = {"a", "b"}};
  auto after = before;
  EXPECT_EQ(changes_between(fields(), before, after), json::object());
  after.name = "new";
  after.tags = {"c", "d"};
  after.password = "hidden";
  EXPECT_EQ(changes_between(fields(), before, after),
            json::parse(R"({"name": ["old", "new"], "password": ["****", "****"],
                            "tags": [["a", "b"], ["c", "d"]]})"));
}

TEST(field, a_check_finds_what_could_not_have_been_sent) {
  thing one{.name = "x"};
  EXPECT_TRUE(check_fields(fields(), one));
  one.priority = 0;
  const auto checked = check_fields(fields(), one);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().text, "priority: must be a whole number from 1 to 100");
}

TEST(field, a_table_describes_itself_as_json_schema) {
  const auto schema = schema_of(fields());
  EXPECT_EQ(schema.at("type"), "object");
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(schema.at("required"), json({"name"}));
  const auto& properties = schema.at("properties");
  EXPECT_EQ(properties.at("id").at("readOnly"), true);
  EXPECT_EQ(properties.at("password").at("writeOnly"), true);
  EXPECT_EQ(json(properties.at("priority")), json({{"type", "integer"},
                                                   {"minimum", 1},
                                                   {"maximum", 100},
                                                   {"description", "Smaller first"}}));
}

}  // namespace
}  // namespace baton::admin
