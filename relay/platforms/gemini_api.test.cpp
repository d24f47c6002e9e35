#include "relay/platforms/gemini_api.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace baton::relay {
namespace {

const std::array<const api*, 2> both = {&gemini_generate, &code_assist};

nlohmann::json error_of(error_code code) {
  return nlohmann::json::parse(gemini_generate.error_body(internal_error(code, "text"), "id"))
      .at("error");
}

TEST(gemini_api, words_errors_as_google_does) {
  for (const api* one : both) {
    EXPECT_EQ(one->service(), "gemini");
    EXPECT_EQ(one->error_body(downstream_error(error_code::no_account, "none"), "req_1"),
              R"({"error":{"code":503,"message":"none","status":"UNAVAILABLE"}})");
    EXPECT_EQ(one->error_lines(error_code::no_account), "");
  }
}

TEST(gemini_api, names_the_statuses_that_clients_know) {
  const auto expect = [](error_code code, int status, std::string_view name) {
    EXPECT_EQ(error_of(code).at("code"), status);
    EXPECT_EQ(error_of(code).at("status"), name);
  };
  expect(error_code::malformed_request, 400, "INVALID_ARGUMENT");
  expect(error_code::invalid_argument, 400, "INVALID_ARGUMENT");
  expect(error_code::unauthenticated, 401, "UNAUTHENTICATED");
  expect(error_code::permission_denied, 403, "PERMISSION_DENIED");
  expect(error_code::not_found, 404, "NOT_FOUND");
  expect(error_code::method_not_allowed, 405, "INVALID_ARGUMENT");
  expect(error_code::request_timeout, 408, "DEADLINE_EXCEEDED");
  expect(error_code::conflict, 409, "ABORTED");
  expect(error_code::body_too_large, 413, "INVALID_ARGUMENT");
  expect(error_code::rate_limited, 429, "RESOURCE_EXHAUSTED");
  expect(error_code::internal, 500, "INTERNAL");
  expect(error_code::upstream_broken, 502, "UNAVAILABLE");
  expect(error_code::overloaded, 503, "UNAVAILABLE");
  expect(error_code::upstream_timeout, 504, "DEADLINE_EXCEEDED");
}

TEST(gemini_api, knows_what_an_error_in_an_answer_means) {
  const auto kind = [](std::string_view type) { return gemini_generate.error_kind(type); };
  EXPECT_EQ(kind("RESOURCE_EXHAUSTED"), failure_kind::rate_limited);
  EXPECT_EQ(kind("UNAVAILABLE"), failure_kind::overloaded);
  EXPECT_EQ(kind("INTERNAL"), failure_kind::server_error);
  EXPECT_EQ(kind("UNKNOWN"), failure_kind::server_error);
  EXPECT_EQ(kind("DEADLINE_EXCEEDED"), failure_kind::server_error);
  EXPECT_EQ(kind("UNAUTHENTICATED"), failure_kind::unauthorized);
  EXPECT_EQ(kind("PERMISSION_DENIED"), failure_kind::forbidden);
  for (const std::string_view type : {"", "NEW", "unavailable", "CANCELLED", "ABORTED"}) {
    EXPECT_EQ(kind(type), failure_kind::error_event) << type;
  }
  for (const std::string_view type :
       {"INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE", "NOT_FOUND"}) {
    EXPECT_EQ(kind(type), std::nullopt) << "the client's own mistake: " << type;
  }
}

TEST(gemini_api, escapes_whatever_an_error_says) {
  const std::string text = "quote \" backslash \\ line\r\n nul" + std::string(1, '\0') + " \xff";
  for (const auto format : {answer_format::sse, answer_format::json_array}) {
    const auto event =
        gemini_generate.error_event(internal_error(error_code::internal, text), "id", format);
    EXPECT_EQ(event.find('\r'), event.npos);
    EXPECT_EQ(event.find('\0'), event.npos);
  }
}

TEST(gemini_api, ends_a_stream_with_one_complete_event) {
  const auto cut = upstream_error(error_code::upstream_broken, "cut\n\ndata: x");
  const std::string body =
      R"({"error":{"code":502,"message":"cut\n\ndata: x","status":"UNAVAILABLE"}})";
  for (const api* one : both) {
    EXPECT_EQ(one->error_event(cut, "id", answer_format::sse), "data: " + body + "\n\n");
    EXPECT_EQ(one->error_event(cut, "id", answer_format::json_array), "," + body + "]");
    EXPECT_EQ(one->error_event(cut, "id", answer_format::document), "");
  }
}

TEST(gemini_api, ends_an_array_behind_any_whole_element) {
  const std::string stream = R"([{"a":1}
,
{"b":[2]}
])";
  const auto meter = gemini_generate.make_meter(answer_format::json_array, {});
  for (std::size_t at = 0; at < stream.size(); ++at) {
    meter->feed(stream.substr(at, 1));
    if (meter->whole_bytes() == 0) continue;
    const auto ended = stream.substr(0, meter->whole_bytes()) +
                       gemini_generate.error_event(internal_error(error_code::internal, "x"), "id",
                                                   answer_format::json_array);
    EXPECT_EQ(nlohmann::json::parse(ended).back().at("error").at("code"), 500) << at;
  }
}

}  // namespace
}  // namespace baton::relay
