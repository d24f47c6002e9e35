#include "relay/platforms/anthropic_meter.hpp"

#include <gtest/gtest.h>

#include <string>

namespace baton::relay {
namespace {

constexpr std::string_view stream =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",)"
    R"("model":"claude-opus-5-5","content":[],"stop_reason":null,"usage":{"input_tokens":25,)"
    R"("cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"cache_creation":)"
    R"({"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":1,)"
    R"("service_tier":"standard"}}})"
    "\n\n"
    "event: ping\ndata: {\"type\":\"ping\"}\n\n"
    "event: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":)"
    R"("\"message_stop\" {\"usage\":{\"output_tokens\":999}}"}})"
    "\n\nevent: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "event: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
    R"("usage":{"output_tokens":15}})"
    "\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const token_usage stream_usage{25, 15, 4000, 100, 200};

std::string without_event_lines(std::string_view text) {
  std::string kept(text);
  for (std::size_t at; (at = kept.find("event: ")) != std::string::npos;) {
    kept.erase(at, kept.find('\n', at) + 1 - at);
  }
  return kept;
}

std::string start_with(std::string_view usage) {
  return R"(data: {"type":"message_start","message":{"model":"m","usage":{)" + std::string(usage) +
         "}}}\n\n";
}
std::string delta_with(std::string_view usage) {
  return R"(data: {"type":"message_delta","delta":{},"usage":{)" + std::string(usage) + "}}\n\n";
}

token_usage metered(std::string_view text) {
  anthropic_stream_meter meter;
  meter.feed(text);
  meter.finish();
  return meter.usage();
}

token_usage json_metered(std::string_view usage) {
  anthropic_json_meter meter;
  meter.feed(R"({"type":"message","usage":{)" + std::string(usage) + "}}");
  meter.finish();
  EXPECT_TRUE(meter.complete());
  return meter.usage();
}

TEST(anthropic_stream_meter, counts_a_stream) {
  anthropic_stream_meter meter;
  meter.feed(stream);
  EXPECT_EQ(meter.usage(), stream_usage);
  EXPECT_EQ(meter.model(), "claude-opus-5-5");
  EXPECT_TRUE(meter.complete());
  EXPECT_FALSE(meter.failed());
}

TEST(anthropic_stream_meter, counts_a_stream_cut_anywhere) {
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    anthropic_stream_meter meter;
    meter.feed(stream.substr(0, at));
    EXPECT_FALSE(meter.complete() && at < stream.size()) << at;
    meter.feed(stream.substr(at));
    ASSERT_EQ(meter.usage(), stream_usage) << at;
    ASSERT_TRUE(meter.complete());
  }
}

TEST(anthropic_stream_meter, has_a_running_count_when_a_stream_ends_early) {
  anthropic_stream_meter meter;
  meter.feed(stream.substr(0, stream.find("event: message_delta")));
  meter.finish();
  EXPECT_EQ(meter.usage(), (token_usage{25, 1, 4000, 100, 200}));
  EXPECT_FALSE(meter.complete());
}

TEST(anthropic_stream_meter, knows_how_much_text_has_passed_since_the_last_count) {
  anthropic_stream_meter meter;
  meter.feed(stream.substr(0, stream.find("event: message_delta")));
  const std::string_view text = R"(\"message_stop\" {\"usage\":{\"output_tokens\":999}})";
  EXPECT_EQ(meter.untold_bytes(), text.size());
  const auto estimated = with_untold(meter.usage(), meter.untold_bytes());
  EXPECT_EQ(estimated.output, 1 + (static_cast<std::int64_t>(text.size()) + 3) / 4);
  EXPECT_EQ(estimated.input, 25);
  meter.feed(stream.substr(stream.find("event: message_delta")));
  EXPECT_EQ(meter.untold_bytes(), 0u) << "the upstream has told";
}

TEST(anthropic_stream_meter, takes_no_signature_for_text) {
  anthropic_stream_meter meter;
  meter.feed(R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta",)"
             R"("signature":")" +
             std::string(4000, 'x') + "\"}}\n\n");
  EXPECT_EQ(meter.untold_bytes(), 0u);
}

TEST(anthropic_stream_meter, counts_a_stream_without_event_lines) {
  anthropic_stream_meter meter;
  meter.feed(without_event_lines(stream));
  EXPECT_EQ(meter.usage(), stream_usage);
  EXPECT_TRUE(meter.complete());
}

TEST(anthropic_stream_meter, looks_inside_events_with_names_of_their_own) {
  std::string text(stream);
  for (std::size_t at = 0; (at = text.find("event: ", at)) != std::string::npos;) {
    text.replace(at, text.find('\n', at) - at, "event: data");
    at += 5;
  }
  EXPECT_EQ(metered(text), stream_usage);
}

TEST(anthropic_stream_meter, finds_a_type_that_does_not_come_first) {
  EXPECT_EQ(metered("data: {\"usage\":{\"output_tokens\":5},\"delta\":{\"type\":\"x\"},"
                    "\"type\" : \"message_delta\"}\n\n"),
            (token_usage{0, 5, 0, 0, 0}));
  EXPECT_EQ(
      metered("data: { \"message\":{\"type\":\"message\",\"content\":\"" + std::string(1000, 'x') +
              "\",\"usage\":{\"input_tokens\":7}},\"type\":\"message_start\"}\n\n"),
      (token_usage{7, 0, 0, 0, 0}));
  EXPECT_EQ(metered("data:{ \"type\" :\t\"message_delta\",\"usage\":{\"output_tokens\":5}}\n\n"),
            (token_usage{0, 5, 0, 0, 0}));
}

TEST(anthropic_stream_meter, takes_the_name_where_the_data_has_no_type) {
  anthropic_stream_meter meter;
  meter.feed("event: message_delta\ndata: {\"usage\":{\"output_tokens\":5}}\n\n");
  meter.feed("event: message_stop\ndata: [DONE]\n\n");
  EXPECT_EQ(meter.usage(), (token_usage{0, 5, 0, 0, 0}));
  EXPECT_TRUE(meter.complete());
}

TEST(anthropic_stream_meter, is_not_fooled_by_what_a_model_writes) {
  anthropic_stream_meter meter;
  meter.feed(R"(data: {"index":0,"delta":{"type":"text_delta","text":"\"type\":\"message_stop\""},)"
             R"("type":"content_block_delta","error":null,"x":"message_stop"})"
             "\n\n");
  EXPECT_FALSE(meter.complete());
  EXPECT_FALSE(meter.failed());
}

TEST(anthropic_stream_meter, sees_errors) {
  for (const std::string_view event :
       {"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
        "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
        "data: {\"error\":{\"message\":\"x\"}}\n\n",
        "event: error\ndata: {\"type\":\"overloaded_error\"}\n\n"}) {
    anthropic_stream_meter meter;
    meter.feed(event);
    EXPECT_TRUE(meter.failed()) << event;
    EXPECT_FALSE(meter.complete());
  }
}

TEST(anthropic_stream_meter, replaces_earlier_counts_with_later_ones) {
  EXPECT_EQ(metered(start_with(R"("input_tokens":10,"output_tokens":1)") +
                    delta_with(R"("input_tokens":12,"output_tokens":5)") +
                    delta_with(R"("output_tokens":9,"cache_read_input_tokens":3)")),
            (token_usage{12, 9, 3, 0, 0}));
}

TEST(anthropic_stream_meter, keeps_what_a_later_event_does_not_know) {
  EXPECT_EQ(metered(start_with(R"("input_tokens":10,"cache_read_input_tokens":4)") +
                    delta_with(R"("input_tokens":null,"cache_read_input_tokens":0,)"
                               R"("cache_creation_input_tokens":null,"output_tokens":5)")),
            (token_usage{10, 5, 4, 0, 0}));
}

TEST(anthropic_stream_meter, counts_no_cache_write_twice) {
  // message_delta repeats the sum without the split that message_start gave.
  EXPECT_EQ(
      metered(start_with(R"("cache_creation_input_tokens":300,"cache_creation":{)"
                         R"("ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200})") +
              delta_with(R"("cache_creation_input_tokens":300,"output_tokens":1)")),
      (token_usage{0, 1, 0, 100, 200}));
  EXPECT_EQ(metered(start_with(R"("cache_creation":{"ephemeral_1h_input_tokens":200})") +
                    delta_with(R"("cache_creation_input_tokens":350)")),
            (token_usage{0, 0, 0, 150, 200}));
  EXPECT_EQ(metered(start_with(R"("cache_creation":{"ephemeral_1h_input_tokens":200})") +
                    delta_with(R"("cache_creation_input_tokens":50)")),
            (token_usage{0, 0, 0, 0, 200}));
}

TEST(anthropic_stream_meter, goes_on_after_events_of_another_shape) {
  EXPECT_EQ(metered("data: {\"type\":\"message_start\",\"message\":[{}]}\n\n"
                    "data: {\"type\":\"message_start\"}\n\n"
                    "data: {\"type\":\"message_delta\",\"usage\":5}\n\n"
                    "data: {}\n\ndata: {\"type\":7}\n\nevent: message_stop\n\n" +
                    delta_with(R"("output_tokens":5)")),
            (token_usage{0, 5, 0, 0, 0}));
}

TEST(anthropic_json_meter, counts_an_answer) {
  anthropic_json_meter meter;
  for (const char c : std::string_view(
           R"({"id":"msg_1","type":"message","model":"claude-haiku","content":[{"type":"text",)"
           R"("text":"usage\": {"}],"usage":{"input_tokens":1,"output_tokens":2,)"
           R"("cache_read_input_tokens":3,"cache_creation_input_tokens":4}})")) {
    meter.feed({&c, 1});
  }
  EXPECT_FALSE(meter.complete());
  meter.finish();
  EXPECT_EQ(meter.usage(), (token_usage{1, 2, 3, 4, 0}));
  EXPECT_EQ(meter.usage().total(), 10);
  EXPECT_EQ(meter.model(), "claude-haiku");
  EXPECT_TRUE(meter.complete());
  EXPECT_FALSE(meter.failed());
}

TEST(anthropic_json_meter, lets_the_split_of_cache_writes_decide) {
  EXPECT_EQ(json_metered(R"("cache_creation_input_tokens":999,"cache_creation":)"
                         R"({"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20})"),
            (token_usage{0, 0, 0, 10, 20}));
  EXPECT_EQ(json_metered(R"("cache_creation":{"ephemeral_1h_input_tokens":20},)"
                         R"("cache_creation_input_tokens":20)"),
            (token_usage{0, 0, 0, 0, 20}));
  EXPECT_EQ(json_metered(R"("cache_creation":null,"cache_creation_input_tokens":7)"),
            (token_usage{0, 0, 0, 7, 0}));
}

TEST(anthropic_json_meter, counts_absurd_values_as_nothing) {
  for (const std::string_view absurd :
       {"-1", "1.5", "1e30", "9007199254740993", "99999999999999999999", "\"5\"", "null", "true",
        "[1]", "{\"output_tokens\":7}", "-0.0", "nul", "1x"}) {
    EXPECT_EQ(json_metered("\"input_tokens\":" + std::string(absurd) +
                           ",\"output_tokens\":2,\"cache_creation\":" + std::string(absurd) +
                           ",\"cache_read_input_tokens\":3"),
              (token_usage{0, 2, 3, 0, 0}))
        << absurd;
  }
  EXPECT_EQ(json_metered(R"("input_tokens":9007199254740992)").input, std::int64_t{1} << 53);
}

TEST(anthropic_json_meter, takes_what_is_not_an_answer_calmly) {
  for (const std::string_view body : {"", "x", "[]", "{", "<html>502</html>", "{\"usage\":", "null",
                                      "\xff", "{}x", "{\"usage\":{\"input_tokens\":5}"}) {
    anthropic_json_meter meter;
    meter.feed(body);
    meter.finish();
    EXPECT_FALSE(meter.complete()) << body;
    EXPECT_FALSE(meter.failed());
    EXPECT_LE(meter.usage().total(), 5);
  }
}

TEST(anthropic_json_meter, sees_an_error_and_other_documents) {
  anthropic_json_meter failed;
  failed.feed(R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})");
  failed.finish();
  EXPECT_TRUE(failed.failed());
  EXPECT_EQ(failed.error_type(), "overloaded_error");
  EXPECT_TRUE(failed.complete());

  anthropic_json_meter counted;
  counted.feed(R"({"input_tokens":2095})");
  counted.finish();
  EXPECT_EQ(counted.usage(), token_usage{}) << "count_tokens uses no tokens";
  EXPECT_TRUE(counted.complete());
}

TEST(anthropic_json_meter, has_begun_with_its_first_byte_and_has_no_whole_parts) {
  anthropic_json_meter meter;
  meter.feed("");
  EXPECT_FALSE(meter.has_begun());
  meter.feed("{");
  EXPECT_TRUE(meter.has_begun());
  meter.feed("}");
  EXPECT_EQ(meter.whole_bytes(), 0u);
  EXPECT_FALSE(meter.has_content());
  EXPECT_FALSE(meter.malformed());
}

TEST(anthropic_json_meter, ignores_a_model_that_is_none) {
  anthropic_json_meter meter;
  meter.feed(R"({"model":")" + std::string(1000, 'x') + R"(","usage":{"input_tokens":1}})");
  meter.finish();
  EXPECT_EQ(meter.model(), "");
  EXPECT_EQ(meter.usage().input, 1);
}

TEST(anthropic_json_meter, stops_collecting_a_body_that_is_too_large) {
  const auto run = [](std::size_t text_bytes) {
    anthropic_json_meter meter;
    meter.feed(R"({"usage":{"input_tokens":1},"x":")");
    meter.feed(std::string(text_bytes, 'x'));
    meter.feed("\"}");
    meter.finish();
    return meter.complete();
  };
  EXPECT_TRUE(run(5 * 1024 * 1024));
  EXPECT_FALSE(run(anthropic_json_meter::body_bytes_max));
}

TEST(anthropic_stream_meter, knows_the_tier_that_served_it) {
  const auto tier = [](std::string_view text) {
    anthropic_stream_meter meter;
    meter.feed(text);
    return meter.tier();
  };
  EXPECT_EQ(tier(stream), service_tier::standard);
  const auto priority = start_with(R"("service_tier":"priority")");
  EXPECT_EQ(tier(priority), service_tier::priority);
  EXPECT_EQ(tier(priority + delta_with(R"("output_tokens":3)")), service_tier::priority);
  EXPECT_EQ(tier(start_with(R"("service_tier":"standard","speed":"fast")")), service_tier::fast);
  EXPECT_EQ(tier(start_with(R"("service_tier":7,"speed":null)")), service_tier::standard);
  EXPECT_EQ(tier(start_with(R"("service_tier":"batch")")), service_tier::standard);
}

TEST(anthropic_json_meter, knows_the_tier_that_served_it) {
  anthropic_json_meter meter;
  meter.feed(R"({"type":"message","usage":{"input_tokens":1,"speed":"fast"}})");
  meter.finish();
  EXPECT_EQ(meter.tier(), service_tier::fast);
}

}  // namespace
}  // namespace baton::relay
