// The description against the tables that it is made of.
#include "admin/openapi.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "admin/account_fields.hpp"
#include "admin/group_fields.hpp"
#include "admin/json_schema.test.hpp"
#include "admin/key_fields.hpp"
#include "admin/route.hpp"
#include "base/text.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

const json& description() {
  static const json all = json::parse(openapi_text());
  return all;
}

const json& named_schemas() {
  return description().at("components").at("schemas");
}

std::set<std::string> parameters(const json& operation, const std::string& where) {
  std::set<std::string> names;
  for (const auto& each : operation.at("parameters")) {
    if (each.at("in") == where) names.insert(each.at("name").get<std::string>());
  }
  return names;
}

void for_each_route(const std::function<void(const route&, const json& operation)>& see) {
  for (const auto routes : all_routes()) {
    for (const auto& each : routes) {
      SCOPED_TRACE(std::string(each.method) + " " + std::string(each.path));
      const auto method = text::to_lower(each.method);
      ASSERT_TRUE(description().at("paths").at(std::string(each.path)).contains(method));
      see(each, description().at("paths").at(std::string(each.path)).at(method));
    }
  }
}

TEST(openapi, describes_every_route_and_nothing_else) {
  std::size_t described = 0;
  for (const auto& methods : description().at("paths")) described += methods.size();
  std::set<std::string> operations;
  std::size_t served = 0;
  for_each_route([&](const route&, const json& operation) {
    ++served;
    operations.insert(operation.at("operationId").get<std::string>());
  });
  EXPECT_EQ(described, served);
  EXPECT_EQ(operations.size(), served) << "an operationId is there twice";
}

TEST(openapi, tells_of_each_route_what_it_takes_and_gives) {
  for_each_route([](const route& each, const json& operation) {
    const auto in_path = parameters(operation, "path");
    EXPECT_EQ(static_cast<std::ptrdiff_t>(in_path.size()),
              std::count(each.path.begin(), each.path.end(), '{'));
    for (const auto& name : in_path) {
      EXPECT_NE(each.path.find("{" + name + "}"), each.path.npos) << name;
    }
    EXPECT_EQ(parameters(operation, "query"),
              (std::set<std::string>{each.query.begin(), each.query.end()}));
    EXPECT_EQ(parameters(operation, "header").contains("if-match"), each.checks_if_match);
    EXPECT_EQ(operation.contains("requestBody"), !each.request_schema.empty());
    EXPECT_EQ(operation.contains("security"), each.open_to == access::anybody);
    EXPECT_FALSE(operation.at("summary").get<std::string>().empty());
    const auto& answers = operation.at("responses");
    EXPECT_EQ(answers.size(), 2u);
    EXPECT_FALSE(answers.at(std::to_string(each.success)).at("content").empty());
    EXPECT_TRUE(answers.contains("default"));
  });
}

TEST(openapi, refers_to_schemas_that_are_there_and_has_no_others) {
  constexpr std::string_view place = "#/components/schemas/";
  std::set<std::string> used;
  const std::function<void(const json&)> look = [&](const json& at) {
    if (at.is_object() && at.contains("$ref")) {
      const auto name = at.at("$ref").get<std::string>().substr(place.size());
      EXPECT_TRUE(named_schemas().contains(name)) << name;
      used.insert(name);
    }
    if (!at.is_structured()) return;
    for (const auto& each : at) look(each);
  };
  look(description());
  for (const auto& [name, schema] : named_schemas().items()) {
    EXPECT_TRUE(used.contains(name) || name == "V1Error") << name;
  }
}

// Otherwise it would pass over what it should have checked.
TEST(openapi, uses_no_keyword_that_the_checker_does_not_know) {
  const std::set<std::string> known = {"$ref",       "additionalProperties",
                                       "anyOf",      "description",
                                       "enum",       "format",
                                       "items",      "maxItems",
                                       "maxLength",  "maxProperties",
                                       "maximum",    "minLength",
                                       "minimum",    "oneOf",
                                       "pattern",    "propertyNames",
                                       "properties", "readOnly",
                                       "required",   "type",
                                       "writeOnly"};
  for (const auto& [name, schema] : named_schemas().items()) {
    schema_checker::for_each(schema, [&, of = name](const json& each) {
      for (const auto& [keyword, value] : each.items()) {
        EXPECT_TRUE(known.contains(keyword)) << of << ": " << keyword;
      }
    });
  }
}

template <class T>
void expect_fields(const field_table<T>& fields, const std::string& name) {
  std::set<std::string> shown, sent;
  for (const auto& each : fields) {
    sent.insert(each.name);
    if (each.show) shown.insert(each.name);
  }
  const auto described = [](const std::string& schema) {
    std::set<std::string> names;
    for (const auto& [each, of] : named_schemas().at(schema).at("properties").items()) {
      names.insert(each);
    }
    return names;
  };
  EXPECT_EQ(described(name), shown);
  EXPECT_EQ(described(name + "Change"), sent);
  EXPECT_EQ(named_schemas().at(name).at("required").size(), shown.size());
  EXPECT_FALSE(named_schemas().at(name + "Change").contains("required"));
}

TEST(openapi, has_every_field_of_keys_accounts_and_groups) {
  expect_fields(key_fields(), "Key");
  expect_fields(account_fields(), "Account");
  expect_fields(group_fields(), "Group");
}

TEST(openapi, tells_what_accounts_of_each_platform_have) {
  for (const auto* const each : relay::platforms()) {
    const auto& schema = named_schemas().at("NewAccount." + std::string(each->id()));
    EXPECT_EQ(schema.at("required"), json({"name"}));
    EXPECT_EQ(schema.at("properties").contains("region"), each->id() == "bedrock");
  }
}

}  // namespace
}  // namespace baton::admin
