#include "actors/metric_labels.hpp"

#include <gtest/gtest.h>

#include <set>

#include "relay/request_record.hpp"
#include "relay/verdict.hpp"

namespace baton::actors {
namespace {

TEST(metric_labels, every_platform_and_route_has_its_place) {
  const auto labels = relay_label_values();
  for (const auto* platform : relay::platforms()) {
    EXPECT_EQ(labels.platforms.at(platform_label(platform)), platform->id());
  }
  EXPECT_EQ(labels.platforms.at(platform_label(nullptr)), "none");
  EXPECT_EQ(labels.routes.at(route_label(nullptr)), "other");
  for (const auto& [method, path] :
       {std::pair("POST", "/v1/messages"), std::pair("POST", "/v1/messages/count_tokens"),
        std::pair("GET", "/v1/models"), std::pair("GET", "/v1/usage"),
        std::pair("GET", "/api/v1/key-info"), std::pair("GET", "/health"),
        std::pair("GET", "/health/ready"), std::pair("GET", "/metrics")}) {
    const auto* route = relay::match_route(method, path).found;
    if (route == nullptr) continue;
    EXPECT_EQ(labels.routes.at(route_label(route)), route->label) << path;
  }
}

TEST(metric_labels, are_as_many_as_there_are_values_and_all_different) {
  const auto labels = relay_label_values();
  EXPECT_EQ(labels.outcomes.size(), relay::outcome_count);
  EXPECT_EQ(labels.failure_kinds.size(), relay::failure_kind_count);
  for (const auto* list :
       {&labels.platforms, &labels.routes, &labels.outcomes, &labels.failure_kinds}) {
    EXPECT_EQ(std::set<std::string>(list->begin(), list->end()).size(), list->size());
  }
}

}  // namespace
}  // namespace baton::actors
