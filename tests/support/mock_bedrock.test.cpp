// The mock upstream as Bedrock, as a client meets it.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/support/mock_gzip.hpp"
#include "tests/support/mock_signature.hpp"
#include "tests/support/mock_upstream.hpp"
#include "tests/support/raw_client.hpp"

namespace baton::mock {

namespace {

using nlohmann::json;
using test::raw_answer;

constexpr std::string_view body = R"({"anthropic_version":"bedrock-2023-05-31","messages":[]})";
constexpr std::string_view model_path = "/p/model/us.anthropic.claude-x%3A0/";

struct frame {
  std::map<std::string, std::string> headers;
  std::string payload;
  bool intact = false;  // both checksums are right

  // The event of Anthropic's in it.
  std::string event() const {
    const std::string text = json::parse(payload)["bytes"];
    std::string plain(text.size() / 4 * 3, '\0');
    EVP_DecodeBlock(reinterpret_cast<unsigned char*>(plain.data()),
                    reinterpret_cast<const unsigned char*>(text.data()),
                    static_cast<int>(text.size()));
    while (!plain.empty() && plain.back() == '\0') plain.pop_back();
    return plain;
  }
};

std::size_t number(std::string_view data, std::size_t at, std::size_t bytes) {
  std::size_t value = 0;
  for (std::size_t n = 0; n < bytes; ++n) {
    value = value << 8 | static_cast<unsigned char>(data.at(at + n));
  }
  return value;
}

std::size_t checksum(std::string_view data) {
  return crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()));
}

frame read_frame(std::string_view data) {
  frame one;
  const std::size_t headers_end = 12 + number(data, 4, 4);
  for (std::size_t at = 12; at < headers_end;) {
    const std::size_t name_bytes = number(data, at, 1);
    const std::string_view name = data.substr(at + 1, name_bytes);
    at += 1 + name_bytes;
    EXPECT_EQ(data.at(at), 7) << "a string";
    const std::size_t value_bytes = number(data, at + 1, 2);
    one.headers.emplace(name, data.substr(at + 3, value_bytes));
    at += 3 + value_bytes;
  }
  one.payload = data.substr(headers_end, data.size() - 4 - headers_end);
  one.intact = number(data, 8, 4) == checksum(data.substr(0, 8)) &&
               number(data, data.size() - 4, 4) == checksum(data.substr(0, data.size() - 4));
  return one;
}

// The complete frames.
std::vector<frame> frames_of(std::string_view data) {
  std::vector<frame> all;
  while (data.size() >= 16 && number(data, 0, 4) <= data.size()) {
    const std::size_t bytes = number(data, 0, 4);
    all.push_back(read_frame(data.substr(0, bytes)));
    data.remove_prefix(bytes);
  }
  return all;
}

class mock_bedrock : public testing::Test {
 protected:
  raw_answer ask(std::string_view action, std::string_view key, std::string_view with = body) {
    return test::post_json(upstream.port(), std::string(model_path) + std::string(action),
                           {{"authorization", "Bearer " + std::string(key)}}, with);
  }
  raw_answer invoke(std::string_view key, std::string_view with = body) {
    return ask("invoke", key, with);
  }
  raw_answer stream(std::string_view key, std::string_view with = body) {
    return ask("invoke-with-response-stream", key, with);
  }
  std::vector<frame> frames(std::string_view key) { return frames_of(stream(key).body); }

  mock_upstream upstream;
};

std::string as_amazon_date(std::time_t when) {
  std::string text(16, '\0');
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  std::strftime(text.data(), text.size() + 1, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

// A request signed for `access_key`, but for what `secret` or `when` spoil.
raw_answer ask_signed(const mock_upstream& upstream, const std::string& access_key,
                      std::string_view secret, std::time_t when) {
  const std::string date = as_amazon_date(when);
  const std::string unsigned_value = "AWS4-HMAC-SHA256 Credential=" + access_key + '/' +
                                     date.substr(0, 8) +
                                     "/us-east-1/bedrock/aws4_request, "
                                     "SignedHeaders=host;x-amz-date, Signature=";
  const auto text = [&](std::string_view signature) {
    return test::request_text(
        "POST", std::string(model_path) + "invoke",
        {{"x-amz-date", date}, {"authorization", unsigned_value + std::string(signature)}}, body);
  };
  const std::string plain = text("");
  request_head head;
  EXPECT_EQ(parse_head(plain, head), parse_state::complete);
  test::raw_client client(upstream.port());
  client.send(text(expected_signature(head, body, secret)));
  return client.read_answer();
}

}  // namespace

TEST_F(mock_bedrock, answers_with_a_message_of_the_model_in_the_path) {
  const raw_answer answer = invoke("mock-input-tokens=7");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.header("x-amzn-requestid").has_value());
  const json message = json::parse(answer.body);
  EXPECT_EQ(message["model"], "us.anthropic.claude-x:0");
  EXPECT_EQ(message["usage"]["input_tokens"], 7);
}

TEST_F(mock_bedrock, streams_the_events_of_anthropic_in_frames) {
  const raw_answer answer = stream("mock-events=2;output-tokens=9;cache-write-tokens=3");
  EXPECT_EQ(answer.header("content-type"), "application/vnd.amazon.eventstream");
  std::vector<std::string> types;
  for (const frame& each : frames_of(answer.body)) {
    EXPECT_TRUE(each.intact);
    EXPECT_EQ(each.headers.at(":event-type"), "chunk");
    EXPECT_EQ(each.headers.at(":content-type"), "application/json");
    EXPECT_EQ(each.headers.at(":message-type"), "event");
    types.push_back(json::parse(each.event())["type"]);
  }
  EXPECT_EQ(types,
            (std::vector<std::string>{"message_start", "content_block_start", "ping",
                                      "content_block_delta", "content_block_delta",
                                      "content_block_stop", "message_delta", "message_stop"}));
  const auto all = frames_of(answer.body);
  const json start = json::parse(all[0].event())["message"];
  EXPECT_EQ(start["model"], "us.anthropic.claude-x:0");
  EXPECT_EQ(start["id"].get<std::string>().find('@'), std::string::npos) << "filled in";
  const json metrics = json::parse(all.back().event())["amazon-bedrock-invocationMetrics"];
  EXPECT_EQ(metrics["inputTokenCount"], 25);
  EXPECT_EQ(metrics["outputTokenCount"], 9);
  EXPECT_EQ(metrics["cacheWriteInputTokenCount"], 3);
}

TEST_F(mock_bedrock, takes_only_bodies_that_are_meant_for_it) {
  const auto expect_refused = [&](std::string_view with, std::string_view part) {
    const raw_answer answer = invoke("k", with);
    EXPECT_EQ(answer.status, 400) << with;
    EXPECT_EQ(answer.header("x-amzn-errortype"), "ValidationException");
    EXPECT_NE(answer.body.find(part), std::string::npos) << answer.body;
  };
  expect_refused(R"({"anthropic_version":"x","model":"m"})",
                 "Malformed input request: #: extraneous key [model] is not permitted, please "
                 "reformat your input and try again.");
  expect_refused(R"({"anthropic_version":"x","stream":true})", "extraneous key [stream]");
  expect_refused("{}", "required key [anthropic_version]");
  expect_refused("{", "not valid JSON");
}

TEST_F(mock_bedrock, takes_a_request_with_a_right_signature) {
  const std::time_t now = std::time(nullptr);
  EXPECT_EQ(ask_signed(upstream, "AKIDEXAMPLE", mock_secret, now).status, 200);
  EXPECT_EQ(ask_signed(upstream, "mock-status=429;retry-after=7", mock_secret, now).status, 429);
  const statistics seen = upstream.stats();
  EXPECT_EQ(seen.credentials.at("AKIDEXAMPLE").requests, 1u);
  EXPECT_EQ(seen.credentials.at("mock-status=429;retry-after=7").requests, 1u);
}

TEST_F(mock_bedrock, refuses_a_wrong_or_old_signature) {
  const std::time_t now = std::time(nullptr);
  for (const raw_answer& answer : {ask_signed(upstream, "AKIDEXAMPLE", "another-secret", now),
                                   ask_signed(upstream, "AKIDEXAMPLE", mock_secret, now - 400)}) {
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.header("x-amzn-errortype"), "InvalidSignatureException");
    EXPECT_TRUE(json::parse(answer.body)["message"].get<std::string>().starts_with(
        "The request signature we calculated does not match"));
  }
}

TEST_F(mock_bedrock, refuses_in_its_own_shape) {
  const raw_answer limited = stream("mock-status=429");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("x-amzn-errortype"), "ThrottlingException");
  EXPECT_EQ(limited.header("content-type"), "application/json");
  EXPECT_TRUE(json::parse(limited.body).contains("message"));
  EXPECT_EQ(invoke("mock-status=424").header("x-amzn-errortype"), "ModelErrorException");
  EXPECT_EQ(invoke("mock-status=400;error-type=X").header("x-amzn-errortype"), "X");
  const raw_answer anonymous =
      test::post_json(upstream.port(), std::string(model_path) + "invoke", {}, body);
  EXPECT_EQ(anonymous.status, 401);
  EXPECT_TRUE(anonymous.header("x-amzn-errortype").has_value());
  EXPECT_EQ(ask("converse", "k").header("x-amzn-errortype"), "ResourceNotFoundException");
}

TEST_F(mock_bedrock, has_the_faults_of_a_stream) {
  EXPECT_EQ(frames("mock-cut-after-events=4").size(), 4u);
  const auto failed = frames("mock-error-after-events=2;error-type=modelStreamErrorException");
  ASSERT_EQ(failed.size(), 3u);
  EXPECT_EQ(failed[2].headers.at(":message-type"), "exception");
  EXPECT_EQ(failed[2].headers.at(":exception-type"), "modelStreamErrorException");
  EXPECT_TRUE(json::parse(failed[2].payload).contains("message"));
  EXPECT_EQ(frames("mock-error-after-events=0").at(0).headers.at(":exception-type"),
            "serviceUnavailableException");
  EXPECT_EQ(frames("mock-omit-end=1;events=2").size(), 7u);
  EXPECT_EQ(stream("mock-empty-stream=1").body, "");
  EXPECT_EQ(frames_of(gunzip(stream("mock-gzip=1;events=2").body)).size(), 8u);
  EXPECT_EQ(frames("mock-byte-by-byte=1;events=2").size(), 8u);
  const auto timed = frames("mock-timestamps=1;events=1");
  EXPECT_TRUE(timed[3].intact);
  EXPECT_GT(json::parse(timed[3].event())["sent_ns"], 0);
}

TEST_F(mock_bedrock, sends_malformed_events_of_three_kinds) {
  const frame cut = frames("mock-malformed-after-events=4")[4];
  EXPECT_TRUE(cut.intact);
  EXPECT_FALSE(json::accept(cut.event()));
  const frame garbage = frames("mock-malformed-after-events=4;malformed-with=garbage")[4];
  EXPECT_TRUE(garbage.intact);
  EXPECT_FALSE(json::accept(garbage.payload));
  const auto all = frames("mock-malformed-after-events=4;malformed-with=crc;events=2");
  ASSERT_EQ(all.size(), 9u);
  EXPECT_FALSE(all[4].intact);
  EXPECT_TRUE(all[5].intact);
}

TEST_F(mock_bedrock, calls_the_tool_of_the_request) {
  constexpr std::string_view with = R"({"anthropic_version":"x","tools":[{"name":"f"}]})";
  const json message = json::parse(invoke("mock-tool-call=1", with).body);
  EXPECT_EQ(message["content"][0]["name"], "f");
  EXPECT_EQ(message["content"][0]["input"], json({{"city", "Paris"}}));
  EXPECT_EQ(message["stop_reason"], "tool_use");
  const auto all = frames_of(stream("mock-tool-call=1", with).body);
  ASSERT_EQ(all.size(), 8u);
  EXPECT_EQ(json::parse(all[1].event())["content_block"]["name"], "f");
  EXPECT_EQ(json::parse(all[3].event())["delta"]["partial_json"], R"({"city":)");
}

}  // namespace baton::mock
