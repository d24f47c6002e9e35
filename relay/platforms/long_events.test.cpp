// What the meters make of events and documents that are too long to be read: an image in them is
// enough.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/bedrock_api.hpp"
#include "relay/platforms/bedrock_sample.test.hpp"
#include "relay/platforms/document_meter.hpp"
#include "relay/platforms/gemini_api.hpp"
#include "relay/platforms/openai_api.hpp"
#include "relay/sse_scanner.hpp"

namespace baton::relay {
namespace {

const std::string image(sse_scanner::event_bytes_max, 'A');
const std::string larger_image(document_meter::body_bytes_max, 'A');

std::unique_ptr<answer_meter> after(const api& protocol, answer_format format,
                                    std::string_view answer) {
  auto meter = protocol.make_meter(format, request_facts{});
  for (std::size_t at = 0; at < answer.size(); at += 100'000) {
    meter->feed(answer.substr(at, 100'000));
  }
  meter->finish();
  EXPECT_FALSE(meter->malformed());
  EXPECT_TRUE(meter->has_begun());
  if (format == answer_format::sse) {
    EXPECT_EQ(meter->whole_bytes(), answer.size());
  }
  return meter;
}

std::string named(std::string_view name, const std::string& data) {
  return "event: " + std::string(name) + "\n" + "data: " + data + "\n\n";
}

std::string response_event(const std::string& type, const std::string& behind_output) {
  return R"({"type":")" + type + R"(","response":{"id":"resp_1","output":[{"result":")" + image +
         R"("}],)" + behind_output + R"("metadata":{"usage":"x"}}})";
}
const std::string usage = R"("usage":{"input_tokens":5,"output_tokens":7},)";

TEST(responses_stream_meter, ends_with_an_event_too_long_to_be_read) {
  const auto meter = after(openai_responses, answer_format::sse,
                           "data: " + response_event("response.completed", usage) + "\n\n");
  EXPECT_TRUE(meter->complete() && meter->has_content() && meter->skipped());
  EXPECT_FALSE(meter->failed());
  EXPECT_EQ(meter->usage().input, 5);
  EXPECT_EQ(meter->usage().output, 7);
}

TEST(responses_stream_meter, knows_a_long_event_by_its_name_too) {
  const std::string data = R"({"response":{"x":")" + image + "\"," + usage + R"("y":1}})";
  const auto meter =
      after(openai_responses, answer_format::sse, named("response.incomplete", data));
  EXPECT_TRUE(meter->complete() && meter->skipped());
  EXPECT_EQ(meter->usage().output, 7);
  EXPECT_TRUE(
      after(openai_responses, answer_format::sse, named("response.failed", data))->failed());
  EXPECT_TRUE(after(openai_responses, answer_format::sse, named("error", data))->failed());
}

TEST(responses_stream_meter, has_skipped_nothing_where_a_long_event_cannot_be_the_last) {
  const std::string part = "response.image_generation_call.partial_image";
  const auto meter =
      after(openai_responses, answer_format::sse, "data: " + response_event(part, usage) + "\n\n");
  EXPECT_TRUE(meter->has_content());
  EXPECT_FALSE(meter->complete() || meter->skipped());
  EXPECT_EQ(meter->usage().total(), 0);
}

TEST(responses_stream_meter, does_not_know_how_a_stream_ended_after_a_long_event_without_a_type) {
  const auto meter =
      after(openai_responses, answer_format::sse,
            R"(data: {"x":")" + image + R"(","type":"response.completed"})" + "\n\n");
  EXPECT_TRUE(meter->skipped() && meter->has_content());
  EXPECT_FALSE(meter->complete() || meter->failed());
}

TEST(chat_stream_meter, counts_a_chunk_too_long_to_be_read) {
  const std::string chunk = R"({"choices":[{"delta":{"images":[")" + image +
                            R"("]},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,)"
                            R"("completion_tokens":7}})";
  const auto meter = after(openai_chat, answer_format::sse, "data: " + chunk + "\n\n");
  EXPECT_TRUE(meter->skipped() && meter->has_content());
  EXPECT_FALSE(meter->complete() || meter->failed());
  EXPECT_EQ(meter->usage().input, 5);
  EXPECT_EQ(meter->usage().output, 7);
  EXPECT_TRUE(after(openai_chat, answer_format::sse, "data: " + chunk + "\n\ndata: [DONE]\n\n")
                  ->complete());
  EXPECT_TRUE(after(openai_chat, answer_format::sse, named("error", chunk))->failed());
}

const std::string google_chunk = R"({"candidates":[{"content":{"parts":[{"inlineData":")" + image +
                                 R"("}]},"finishReason":"STOP"}],"usageMetadata":{)"
                                 R"("promptTokenCount":5,"candidatesTokenCount":7}})";

TEST(gemini_meter, counts_an_event_too_long_to_be_read) {
  for (const auto format : {answer_format::sse, answer_format::json_array}) {
    const bool events = format == answer_format::sse;
    const auto meter = after(gemini_generate, format,
                             events ? "data: " + google_chunk + "\n\n" : "[" + google_chunk + "]");
    EXPECT_TRUE(meter->skipped() && meter->has_content());
    EXPECT_FALSE(meter->failed());
    EXPECT_EQ(meter->usage().input, 5);
    EXPECT_EQ(meter->usage().output, 7);
  }
}

TEST(anthropic_stream_meter, counts_an_event_too_long_to_be_read) {
  const std::string data =
      R"({"type":"message_delta","x":")" + image + R"(","usage":{"output_tokens":7}})";
  const auto meter = after(anthropic_messages, answer_format::sse, "data: " + data + "\n\n");
  EXPECT_EQ(meter->usage().output, 7);
  EXPECT_TRUE(meter->skipped() && meter->has_content());
  EXPECT_TRUE(after(anthropic_messages, answer_format::sse,
                    named("message_stop", R"({"x":")" + image + "\"}"))
                  ->complete());
  const auto block = after(anthropic_messages, answer_format::sse,
                           R"(data: {"type":"content_block_delta","delta":")" + image + "\"}\n\n");
  EXPECT_TRUE(block->has_content());
  EXPECT_FALSE(block->skipped() || block->complete());
}

TEST(bedrock_stream_meter, counts_an_event_too_long_to_be_read) {
  const auto meter = after(bedrock_invoke, answer_format::aws_frames,
                           chunk_frame(R"({"type":"message_delta","x":")" + image +
                                       R"(","usage":{"output_tokens":7}})"));
  EXPECT_TRUE(meter->skipped());
  EXPECT_EQ(meter->usage().output, 7);
}

TEST(document_meter, counts_a_document_too_long_to_be_read) {
  const auto expect_counted = [](const api& protocol, const std::string& behind) {
    const auto meter =
        after(protocol, answer_format::document, R"({"x":")" + larger_image + "\"," + behind + "}");
    EXPECT_TRUE(meter->skipped());
    EXPECT_FALSE(meter->complete() || meter->failed());
    EXPECT_EQ(meter->usage().input, 5) << behind;
  };
  expect_counted(anthropic_messages, R"("usage":{"input_tokens":5})");
  expect_counted(openai_responses, R"("usage":{"input_tokens":5},"user":null)");
  expect_counted(openai_chat, R"("usage":{"prompt_tokens":5})");
  expect_counted(gemini_generate, R"("usageMetadata":{"promptTokenCount":5},"responseId":"x")");
}

TEST(document_meter, counts_nothing_where_the_usage_is_not_near_the_end) {
  const auto meter = after(openai_chat, answer_format::document,
                           R"({"usage":{"prompt_tokens":5},"x":")" + larger_image + "\"}");
  EXPECT_TRUE(meter->skipped());
  EXPECT_EQ(meter->usage().total(), 0);
}

}  // namespace
}  // namespace baton::relay
