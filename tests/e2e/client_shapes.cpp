#include "tests/e2e/client_shapes.hpp"

#include <atomic>
#include <nlohmann/json.hpp>
#include <ostream>

#include "relay/platforms/aws_event_stream.hpp"
#include "tests/support/mock_signature.hpp"

namespace baton::e2e {
namespace {

using framing = client_shape::framing;
using nlohmann::json;

const std::string anthropic_body =
    R"({"model":"{m}","max_tokens":64{s},"messages":[{"role":"user","content":"{t}"}]})";
const std::string native_body =
    R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":64,"messages":[)"
    R"({"role":"user","content":"{t}"}]})";
const std::string chat_body = R"({"model":"{m}"{s},"messages":[{"role":"user","content":"{t}"}]})";
const std::string deployment_body = R"({"messages":[{"role":"user","content":"{t}"}]{s}})";
const std::string responses_body = R"({"model":"{m}","input":"{t}"{s}})";
const std::string gemini_body = R"({"contents":[{"role":"user","parts":[{"text":"{t}"}]}]})";
const std::string code_assist_body =
    R"({"model":"{m}","project":"p","user_prompt_id":"{t}","request":{"contents":[)"
    R"({"role":"user","parts":[{"text":"{t}"}]}]}})";
const std::string stream_true = R"(,"stream":true)";

void sign_with_aws_key(relay::account& account) {
  account.region = "us-east-1";
  account.access_key_id = account.credential.api_key;
  account.credential = {"", "", std::string(mock::mock_secret)};
}
void use_bearer_token(relay::account& account) {
  account.region = "eu-central-1";
}

void replace_all(std::string& text, std::string_view mark, std::string_view value) {
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
}

// A body of frames, one text for each.
class frame_texts final : public relay::aws_frame_reader::listener {
 public:
  static std::vector<std::string> of(const std::string& body) {
    frame_texts texts;
    relay::aws_frame_reader reader(texts);
    reader.feed(body);
    EXPECT_FALSE(reader.failed()) << reader.fault();
    EXPECT_TRUE(reader.at_frame_boundary());
    return texts.found_;
  }

 private:
  void on_frame(const relay::aws_frame& frame) override {
    found_.push_back(frame.message_type == "exception"
                         ? json{{"exception", frame.exception_type}}.dump()
                         : std::string(frame.payload));
  }
  std::vector<std::string> found_;
};

std::vector<std::string> array_texts(const std::string& body) {
  const auto array = json::parse(body, nullptr, false);
  EXPECT_TRUE(array.is_array()) << body;
  std::vector<std::string> found;
  if (!array.is_array()) return found;
  for (const auto& element : array) found.push_back(element.dump());
  return found;
}

}  // namespace

std::string client_shape::target(bool stream, std::string_view asked) const {
  auto made = stream ? stream_path : path;
  replace_all(made, "{m}", asked.empty() ? model : asked);
  return made;
}

std::string client_shape::message(bool stream, std::string_view text,
                                  std::string_view asked) const {
  auto made = body;
  replace_all(made, "{s}", stream ? stream_field : "");
  replace_all(made, "{m}", asked.empty() ? model : asked);
  replace_all(made, "{t}", text);
  return made;
}

std::vector<std::string> client_shape::events_of(const std::string& text) const {
  if (events == framing::aws_frames) return frame_texts::of(text);
  if (events == framing::json_array) return array_texts(text);
  std::vector<std::string> found;
  for (const auto& event : test::parse_events(text)) {
    EXPECT_TRUE(event.data == "[DONE]" || json::accept(event.data)) << event.data;
    if (event.data != "[DONE]") found.push_back(event.data);
  }
  return found;
}

bool client_shape::is_error(const std::string& event) {
  const auto read = json::parse(event, nullptr, false);
  if (!read.is_object()) return true;
  const auto type = read.value("type", "");
  return read.contains("exception") || type == "error" || type == "response.failed" ||
         (read.contains("error") && read["error"].is_object());
}

const std::vector<client_shape>& client_shapes() {
  static const std::vector<client_shape> all{
      {"claude_console", "claude-console", "claude-sonnet-4-5", "/v1/messages", "/v1/messages",
       "messages", "messages", anthropic_body, stream_true},
      {"bedrock_signed", "bedrock", "claude-sonnet-4-5", "/v1/messages?beta=true",
       "/v1/messages?beta=true", "messages", "messages", anthropic_body, stream_true, framing::sse,
       sign_with_aws_key},
      {"bedrock_bearer", "bedrock", "claude-sonnet-4-5", "/claude/v1/messages",
       "/claude/v1/messages", "messages", "messages", anthropic_body, stream_true, framing::sse,
       use_bearer_token},
      {"bedrock_native", "bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
       "/bedrock/model/{m}/invoke", "/bedrock/model/{m}/invoke-with-response-stream",
       "bedrock_invoke", "bedrock_invoke", native_body, "", framing::aws_frames, sign_with_aws_key},
      {"openai_responses", "openai-responses", "gpt-5.1", "/v1/responses", "/openai/v1/responses",
       "responses", "responses", responses_body, stream_true},
      {"openai_chat", "openai-responses", "gpt-5.1", "/v1/chat/completions",
       "/api/v1/chat/completions", "chat_completions", "chat_completions", chat_body, stream_true},
      {"azure_chat", "azure-openai", "gpt-4o",
       "/azure/openai/deployments/{m}/chat/completions?api-version=2024-10-21",
       "/azure/openai/deployments/{m}/chat/completions?api-version=2024-10-21", "chat_completions",
       "chat_completions", deployment_body, stream_true},
      {"azure_responses", "azure-openai", "gpt-5.1", "/azure/openai/responses", "/azure/responses",
       "responses", "responses", responses_body, stream_true},
      {"gemini_sse", "gemini-api", "gemini-2.5-flash", "/v1beta/models/{m}:generateContent",
       "/v1beta/models/{m}:streamGenerateContent?alt=sse", "generate_content",
       "stream_generate_content", gemini_body, ""},
      {"gemini_array", "gemini-api", "gemini-2.5-flash", "/gemini/v1/models/{m}:generateContent",
       "/gemini/v1/models/{m}:streamGenerateContent", "generate_content", "stream_generate_content",
       gemini_body, "", framing::json_array},
      {"code_assist", "gemini", "gemini-2.5-pro", "/v1internal:generateContent",
       "/v1internal:streamGenerateContent?alt=sse", "generate_content", "stream_generate_content",
       code_assist_body, ""},
  };
  return all;
}

void PrintTo(const client_shape& shape, std::ostream* out) {
  *out << shape.name;
}

std::string client_shape_name(const testing::TestParamInfo<client_shape>& shape) {
  return shape.param.name;
}

relay::account shaped_fixture::add_shaped_account(
    const std::string& name, const mock::behaviour& script,
    const std::function<void(relay::account&)>& change) {
  auto named = script;
  named.header_lines += "x-answered-by: " + name + "\r\n";
  return add_account(name, named, [&](relay::account& account) {
    account.platform = shape().platform;
    if (shape().prepare) shape().prepare(account);
    if (change) change(account);
  });
}

void shaped_fixture::start_with(const mock::behaviour& first) {
  add_shaped_account("first", first, [](relay::account& account) { account.priority = 10; });
  add_shaped_account("second", {}, [](relay::account& account) { account.priority = 20; });
  start();
}

raw_answer shaped_fixture::send_text(bool stream, std::string_view text) const {
  return test::exchange(port(), "POST", shape().target(stream), headers(),
                        shape().message(stream, text));
}

raw_answer shaped_fixture::send(bool stream, std::string_view key_text) const {
  static std::atomic<int> number = 0;
  return test::exchange(port(), "POST", shape().target(stream), headers(key_text),
                        shape().message(stream, "No. " + std::to_string(++number)));
}

std::string shaped_fixture::request(bool stream) const {
  return test::request_text("POST", shape().target(stream), headers(),
                            shape().message(stream, "Hello"));
}

bool shaped_fixture::outcome_becomes(bool stream, std::string_view outcome, double requests) const {
  const auto& label = stream ? shape().stream_label : shape().label;
  return metric_becomes("baton_requests_total{platform=\"" + shape().platform + "\",route=\"" +
                            label + "\",outcome=\"" + std::string(outcome) + "\"}",
                        requests);
}

void shaped_fixture::expect_whole(bool stream, const raw_answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  ASSERT_TRUE(answer.complete) << answer.problem;
  if (!stream) {
    EXPECT_TRUE(json::accept(answer.body)) << answer.body;
    return;
  }
  const auto events = shape().events_of(answer.body);
  EXPECT_GE(events.size(), 12u) << answer.body;
  for (const auto& event : events) EXPECT_FALSE(client_shape::is_error(event)) << event;
}

void shaped_fixture::expect_second(bool stream) {
  const auto answer = send(stream);
  expect_whole(stream, answer);
  EXPECT_EQ(answer.header("x-answered-by"), "second");
  EXPECT_EQ(answer.header("x-baton-attempts"), "2");
  EXPECT_EQ(seen_by("second").requests, 1u);
}

}  // namespace baton::e2e
