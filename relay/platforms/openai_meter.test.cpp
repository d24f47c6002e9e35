#include "relay/platforms/openai_meter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace baton::relay {
namespace {

constexpr std::string_view responses_stream =
    "event: response.created\n"
    R"(data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":)"
    R"("response","status":"in_progress","error":null,"model":"gpt-5.5","output":[],"usage":null}})"
    "\n\nevent: response.in_progress\n"
    R"(data: {"type":"response.in_progress","response":{"id":"resp_1","status":"in_progress"}})"
    "\n\nevent: response.output_item.added\n"
    R"(data: {"type":"response.output_item.added","item":{"type":"message","content":[]}})"
    "\n\nevent: response.content_part.added\n"
    R"(data: {"type":"response.content_part.added","part":{"type":"output_text","text":""}})"
    "\n\nevent: response.output_text.delta\n"
    R"(data: {"type":"response.output_text.delta","delta":"\"type\":\"response.completed\""})"
    "\n\nevent: response.completed\n"
    R"(data: {"type":"response.completed","response":{"id":"resp_1","status":"completed",)"
    R"("error":null,"model":"gpt-5.5-2026-05-01","output":[{"type":"message","usage":{)"
    R"("input_tokens":999}}],"usage":{"input_tokens":100,"input_tokens_details":{)"
    R"("cached_tokens":60,"cache_write_tokens":10},"output_tokens":50,)"
    R"("output_tokens_details":{"reasoning_tokens":20},"total_tokens":150}}})"
    "\n\n";
const token_usage responses_usage{30, 30, 60, 10, 0, 20};

template <class Meter = responses_stream_meter>
Meter fed(std::string_view text, Meter meter = Meter()) {
  meter.feed(text);
  meter.finish();
  return meter;
}

std::string completed_with(std::string_view usage) {
  return R"(data: {"type":"response.completed","response":{"usage":{)" + std::string(usage) +
         "}}}\n\n";
}

TEST(responses_stream_meter, counts_a_stream_cut_anywhere) {
  for (std::size_t at = 0; at <= responses_stream.size(); ++at) {
    responses_stream_meter meter;
    meter.feed(responses_stream.substr(0, at));
    ASSERT_FALSE(meter.complete() && at < responses_stream.size()) << at;
    meter.feed(responses_stream.substr(at));
    ASSERT_EQ(meter.usage(), responses_usage) << at;
    ASSERT_TRUE(meter.complete());
    ASSERT_FALSE(meter.failed());
    ASSERT_EQ(meter.model(), "gpt-5.5-2026-05-01");
    ASSERT_EQ(meter.answer_id(), "resp_1");
  }
}

TEST(responses_stream_meter, has_content_when_something_can_be_shown) {
  const auto opening =
      responses_stream.substr(0, responses_stream.find("event: response.output_t"));
  EXPECT_FALSE(fed(opening).has_content());
  EXPECT_TRUE(fed(opening).has_begun());
  EXPECT_EQ(fed(opening).answer_id(), "resp_1") << "known from the first event on";
  for (const std::string_view type :
       {"response.output_text.delta", "response.function_call_arguments.delta",
        "response.reasoning_summary_part.added", "response.output_item.done",
        "response.web_search_call.in_progress", "response.of_the_future", "response.completed",
        "response.incomplete"}) {
    EXPECT_TRUE(fed("data: {\"type\":\"" + std::string(type) + "\"}\n\n").has_content()) << type;
  }
  for (const std::string_view type : {"keepalive", "codex.rate_limits", "response.queued", "error",
                                      "response.failed", "", "response"}) {
    EXPECT_FALSE(fed("data: {\"type\":\"" + std::string(type) + "\"}\n\n").has_content()) << type;
  }
}

TEST(responses_stream_meter, takes_the_type_from_wherever_it_stands) {
  EXPECT_EQ(fed("event: response.completed\ndata: {\"response\":{\"usage\":{\"input_tokens\":5}}}"
                "\n\n")
                .usage()
                .input,
            5);
  EXPECT_EQ(fed("data: {\"response\":{\"usage\":{\"input_tokens\":5}},\"type\" : "
                "\"response.completed\"}\n\n")
                .usage()
                .input,
            5);
  EXPECT_TRUE(fed("event: message\ndata: {\"sequence_number\":1,\"type\":\"response.incomplete\"}"
                  "\n\n")
                  .complete());
}

TEST(responses_stream_meter, ends_only_with_a_terminal_event) {
  EXPECT_FALSE(fed("data: [DONE]\n\n").complete());
  EXPECT_FALSE(fed("data: {\"type\":\"response.output_text.done\"}\n\n").complete());
  EXPECT_TRUE(fed("data: {\"type\":\"response.incomplete\"}\n\n").complete());
}

TEST(responses_stream_meter, counts_a_failed_response_and_names_its_error) {
  const auto meter =
      fed(R"(data: {"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{)"
          R"("code":"rate_limit_exceeded","message":"x"},"usage":{"input_tokens":7}}})"
          "\n\n");
  EXPECT_TRUE(meter.complete());
  EXPECT_TRUE(meter.failed());
  EXPECT_EQ(meter.error_type(), "rate_limit_exceeded");
  EXPECT_EQ(meter.usage().input, 7);
}

TEST(responses_stream_meter, sees_errors_in_every_shape) {
  const auto error_of = [](std::string_view text) {
    const auto meter = fed(text);
    EXPECT_TRUE(meter.failed()) << text;
    EXPECT_FALSE(meter.complete());
    EXPECT_FALSE(meter.has_content());
    return meter.error_type();
  };
  EXPECT_EQ(error_of("event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\"}\n\n"),
            "server_error");
  EXPECT_EQ(error_of("event: error\ndata: {\"code\":\"server_error\"}\n\n"), "server_error");
  EXPECT_EQ(error_of("event: error\ndata: {\"type\":\"rate_limit_error\"}\n\n"),
            "rate_limit_error");
  EXPECT_EQ(error_of("data: {\"type\":\"error\",\"code\":null,\"message\":\"x\"}\n\n"), "");
  EXPECT_EQ(error_of("data: {\"type\":\"error\",\"error\":{\"type\":\"insufficient_quota\","
                     "\"code\":\"insufficient_quota\"}}\n\n"),
            "insufficient_quota");
  EXPECT_EQ(error_of("data: {\"error\":{\"type\":\"invalid_request_error\",\"code\":\"new\"}}\n\n"),
            "invalid_request_error");
  EXPECT_EQ(error_of("data: {\"error\":\"broken\"}\n\n"), "");
}

TEST(responses_stream_meter, has_no_class_below_zero) {
  EXPECT_EQ(fed(completed_with(R"("input_tokens":5,"input_tokens_details":{"cached_tokens":9},)"
                               R"("output_tokens":3,"output_tokens_details":{)"
                               R"("reasoning_tokens":8})"))
                .usage(),
            (token_usage{0, 0, 9, 0, 0, 8}));
}

TEST(responses_stream_meter, counts_absurd_values_as_nothing) {
  for (const std::string_view absurd : {"-1", "1.5", "1e30", "9007199254740993", "\"5\"", "null",
                                        "true", "[1]", "{\"cached_tokens\":7}", "-0.0"}) {
    const std::string value(absurd);
    EXPECT_EQ(fed(completed_with("\"input_tokens\":" + value +
                                 ",\"output_tokens\":2,"
                                 "\"output_tokens_details\":" +
                                 value))
                  .usage(),
              (token_usage{0, 2, 0, 0, 0, 0}))
        << absurd;
  }
}

TEST(responses_stream_meter, goes_on_after_events_of_another_shape) {
  EXPECT_EQ(fed("data: {}\n\ndata: {\"type\":7}\n\n: ping\n\n"
                "data: {\"type\":\"response.created\",\"response\":[]}\n\n"
                "data: {\"type\":\"response.completed\",\"response\":null}\n\n" +
                completed_with(R"("output_tokens":5)"))
                .usage()
                .output,
            5);
}

TEST(responses_stream_meter, reads_a_terminal_event_of_megabytes) {
  const std::string text = R"(data: {"type":"response.completed","response":{"output":[{"text":")" +
                           std::string(4'000'000, 'x') +
                           R"("}],"usage":{"input_tokens":5},"model":"m"}})" + "\n\n";
  EXPECT_EQ(fed(text).usage().input, 5);
  EXPECT_TRUE(fed(text).complete());
}

constexpr std::string_view chat_stream =
    R"(data: {"id":"c","choices":[],"prompt_filter_results":[]})"
    "\n\n"
    R"(data: {"id":"c","model":"gpt-5.5","choices":[{"index":0,"delta":{"role":"assistant",)"
    R"("content":"","refusal":null},"finish_reason":null}],"usage":null})"
    "\n\n"
    R"(data: {"id":"c","choices":[{"index":0,"delta":{"content":"\"usage\":{ \"error\""},)"
    R"("finish_reason":null}],"usage":null})"
    "\n\n"
    R"(data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason" : "stop"}],"usage":null})"
    "\n\n"
    R"(data: {"id":"c","choices":[],"usage": {"prompt_tokens":10,"completion_tokens":7,)"
    R"("prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{)"
    R"("reasoning_tokens":2}}})"
    "\n\ndata: [DONE]\n\n";
const token_usage chat_usage{6, 5, 4, 0, 0, 2};

chat_stream_meter chat_fed(std::string_view text, bool withhold = false) {
  return fed(text, chat_stream_meter(withhold));
}
bool has_content(std::string_view delta) {
  return chat_fed("data: {\"choices\":[{\"delta\":" + std::string(delta) + "}]}\n\n").has_content();
}

TEST(chat_stream_meter, counts_a_stream_cut_anywhere) {
  for (std::size_t at = 0; at <= chat_stream.size(); ++at) {
    chat_stream_meter meter(true);
    meter.feed(chat_stream.substr(0, at));
    meter.feed(chat_stream.substr(at));
    ASSERT_EQ(meter.usage(), chat_usage) << at;
    ASSERT_TRUE(meter.complete());
    ASSERT_FALSE(meter.failed());
    ASSERT_EQ(meter.model(), "gpt-5.5");
    ASSERT_TRUE(meter.answer_id().empty());
    const auto usage_chunk = chat_stream.rfind("data: {");
    ASSERT_EQ(meter.withheld(),
              (std::vector<byte_range>{{usage_chunk, chat_stream.rfind("data: [DONE]")}}));
  }
}

TEST(chat_stream_meter, withholds_nothing_behind_the_event) {
  const std::string chunk = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5}}";
  for (const std::string ends : {"\n\n", "\r\n\r\n", "\r\r"}) {
    for (const std::string behind : {": comment\n\n", "id: 7\n\n", ""}) {
      auto meter = chat_fed(": before\n" + chunk + ends + behind, true);
      ASSERT_EQ(meter.withheld().size(), 1u);
      const auto range = meter.withheld().front();
      EXPECT_EQ(range.begin, 9u);
      // The LF of a last CRLF is an empty line by itself.
      EXPECT_EQ(range.end, 9 + chunk.size() + (ends.size() == 4 ? 3 : 2));
    }
  }
}

TEST(chat_stream_meter, withholds_nothing_that_the_client_asked_for) {
  EXPECT_TRUE(chat_fed(chat_stream, false).withheld().empty());
  for (const std::string_view chunk :
       {R"({"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":1}})",
        R"({"choices":[],"usage":null})", R"({"choices":[]})",
        R"({"choices":[],"usage":{"prompt_tokens":1},"error":{"code":"server_error"}})"}) {
    EXPECT_TRUE(chat_fed("data: " + std::string(chunk) + "\n\n", true).withheld().empty()) << chunk;
  }
}

TEST(chat_stream_meter, has_content_when_something_can_be_shown) {
  for (const std::string_view delta :
       {R"({"content":"x"})", R"({"tool_calls":[{}]})", R"({"function_call":{"name":"f"}})",
        R"({"refusal":"no"})", R"({"reasoning_content":"x"})", R"({"reasoning":"x"})",
        R"({"audio":{"id":"a"}})"}) {
    EXPECT_TRUE(has_content(delta)) << delta;
  }
  for (const std::string_view delta :
       {R"({})", R"({"role":"assistant","content":""})", R"({"content":null})",
        R"({"tool_calls":[]})", R"({"function_call":{}})", "null", "[]", "\"x\""}) {
    EXPECT_FALSE(has_content(delta)) << delta;
  }
  EXPECT_TRUE(chat_fed("data: {\"choices\":[{},{\"finish_reason\":\"stop\"}]}\n\n").has_content());
}

TEST(chat_stream_meter, is_complete_with_a_finish_reason_or_done) {
  EXPECT_TRUE(chat_fed("data: {\"choices\":[{\"finish_reason\":\"length\"}]}\n\n").complete());
  EXPECT_TRUE(chat_fed("data: [DONE]\n\n").complete());
  for (const std::string_view reason : {"null", "\"\"", "1", "[\"stop\"]"}) {
    EXPECT_FALSE(
        chat_fed("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":null}]}\n\n"
                 "data: {\"choices\":[{\"finish_reason\":" +
                 std::string(reason) + "}]}\n\n")
            .complete())
        << reason;
  }
  EXPECT_FALSE(chat_fed("event: x\n\n").complete());
}

TEST(chat_stream_meter, sees_errors_before_and_after_content) {
  const std::string error =
      "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"code\":"
      "null}}\n\n";
  EXPECT_TRUE(chat_fed(error).failed());
  EXPECT_EQ(chat_fed(error).error_type(), "server_error");
  EXPECT_FALSE(chat_fed(error).has_content());
  const auto cut = chat_stream.substr(
      0, chat_stream.find("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{}"));
  EXPECT_TRUE(chat_fed(std::string(cut) + error).failed());
  EXPECT_TRUE(chat_fed("event: error\ndata: {\"message\":\"x\"}\n\n").failed());
  EXPECT_TRUE(chat_fed("data: {\"error\" : {\"code\":429}}\n\n").failed());
  EXPECT_FALSE(chat_fed("data: {\"choices\":[],\"error\":null}\n\n").failed());
}

TEST(chat_stream_meter, takes_the_last_of_cumulative_counts_but_no_zeros) {
  const auto chunk = [](std::string_view usage) {
    return "data: {\"choices\":[],\"usage\":" + std::string(usage) + "}\n\n";
  };
  EXPECT_EQ(chat_fed(chunk(R"({"prompt_tokens":5,"completion_tokens":1})") +
                     chunk(R"({"prompt_tokens":5,"completion_tokens":3})") +
                     chunk(R"({"prompt_tokens":0,"completion_tokens":0})") + chunk("[]") +
                     chunk("7") + chunk(R"({"prompt_tokens":-5})"))
                .usage(),
            (token_usage{5, 3, 0, 0, 0, 0}));
}

TEST(chat_stream_meter, takes_chunks_of_another_shape_calmly) {
  const auto meter = chat_fed(
      "data: {}\n\ndata: {\"choices\":7}\n\ndata: {\"choices\":[1,null,[],\"x\"]}\n\n"
      "data: {\"choices\":{\"delta\":{\"content\":\"x\"}}}\n\ndata: {\"choices\":[{\"delta\":7}]}"
      "\n\n: comment\n\n",
      true);
  EXPECT_FALSE(meter.has_content() || meter.complete() || meter.failed() || meter.malformed());
  EXPECT_TRUE(meter.has_begun());
}

token_usage json_usage(std::string_view body) {
  const auto meter = fed(body, openai_json_meter(true));
  EXPECT_TRUE(meter.complete()) << body;
  return meter.usage();
}

TEST(openai_json_meter, counts_documents_of_every_api) {
  EXPECT_EQ(json_usage(R"({"id":"resp_1","usage":{"input_tokens":9,"output_tokens":5}})"),
            (token_usage{9, 5, 0, 0, 0, 0}));
  EXPECT_EQ(json_usage(R"({"id":"c","choices":[{"message":{"content":"\"usage\""}}],"usage":)"
                       R"({"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":)"
                       R"({"cached_tokens":2},"completion_tokens_details":null}})"),
            (token_usage{7, 5, 2, 0, 0, 0}));
  EXPECT_EQ(json_usage(R"({"data":[{"embedding":[0.1]}],"usage":{"prompt_tokens":8,)"
                       R"("total_tokens":8}})"),
            (token_usage{8, 0, 0, 0, 0, 0}));
  EXPECT_EQ(json_usage(R"({"usage":{"prompt_tokens":99999999999999999999,"completion_tokens":5}})"),
            (token_usage{0, 5, 0, 0, 0, 0}));
  EXPECT_EQ(json_usage(R"({"object":"response.input_tokens","input_tokens":11})"), token_usage{});
}

TEST(openai_json_meter, names_answers_that_are_kept) {
  const std::string_view body = R"({"id":"resp_1","model":"m","error":null,"status":"completed"})";
  EXPECT_EQ(fed(body, openai_json_meter(true)).answer_id(), "resp_1");
  EXPECT_EQ(fed(body, openai_json_meter(true)).model(), "m");
  EXPECT_EQ(fed(body, openai_json_meter(false)).answer_id(), "");
  EXPECT_FALSE(fed(body, openai_json_meter(true)).failed());
}

TEST(openai_json_meter, sees_failures) {
  const auto error_of = [](std::string_view body) {
    const auto meter = fed(body, openai_json_meter(true));
    EXPECT_TRUE(meter.failed()) << body;
    return meter.error_type();
  };
  EXPECT_EQ(error_of(R"({"error":{"type":"server_error","code":null}})"), "server_error");
  EXPECT_EQ(error_of(R"({"id":"resp_1","status":"failed","error":{"code":"server_error"}})"),
            "server_error");
  EXPECT_EQ(error_of(R"({"status":"failed","error":null})"), "");
  EXPECT_EQ(error_of(R"({"error":"x"})"), "");
}

TEST(openai_json_meter, takes_what_is_not_an_answer_calmly) {
  for (const std::string_view body : {"", "x", "[]", "{", "<html>502</html>", "{\"usage\":", "null",
                                      "\xff", "{}x", "{\"usage\":{\"input_tokens\":5}"}) {
    const auto meter = fed(body, openai_json_meter(true));
    EXPECT_FALSE(meter.complete()) << body;
    EXPECT_FALSE(meter.failed());
    EXPECT_LE(meter.usage().total(), 5);
  }
}

TEST(responses_stream_meter, knows_the_tier_that_served_it) {
  const std::string created =
      R"(data: {"type":"response.created","response":{"id":"r","service_tier":"auto"}})"
      "\n\n";
  const std::string completed =
      R"(data: {"type":"response.completed","response":{"id":"r","service_tier":"priority"}})"
      "\n\n";
  EXPECT_EQ(fed(created).tier(), service_tier::standard);
  EXPECT_EQ(fed(created + completed).tier(), service_tier::priority);
  EXPECT_EQ(fed(responses_stream).tier(), service_tier::standard);
}

TEST(chat_stream_meter, knows_the_tier_that_served_it) {
  const auto chunk = [](std::string_view field) {
    return R"(data: {"model":"m","choices":[{"delta":{"content":"x"}}])" + std::string(field) +
           "}\n\n";
  };
  const auto tier = [](std::string_view text) {
    return fed(text, chat_stream_meter(false)).tier();
  };
  EXPECT_EQ(tier(chunk(R"(,"service_tier":"flex")")), service_tier::flex);
  EXPECT_EQ(tier(chunk(R"(,"service_tier":"flex")") + chunk("")), service_tier::flex);
  EXPECT_EQ(tier(chunk(R"(,"service_tier":"default")")), service_tier::standard);
  EXPECT_EQ(tier(chunk(R"(,"service_tier":{"a":1})")), service_tier::standard);
}

TEST(openai_json_meter, knows_the_tier_that_served_it) {
  const auto meter = fed(R"({"id":"c","service_tier":"flex","usage":{"prompt_tokens":1}})",
                         openai_json_meter(false));
  EXPECT_EQ(meter.tier(), service_tier::flex);
}

}  // namespace
}  // namespace baton::relay
