#include "relay/platforms/bedrock_decoder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "relay/platforms/anthropic_meter.hpp"
#include "relay/platforms/bedrock_sample.test.hpp"

namespace baton::relay {
namespace {

struct decoding {
  std::string events;
  bool whole = true;
};

// Each piece lies in a buffer of its size, so that the address sanitizer sees a byte read too far.
void feed(bedrock_decoder& decoder, std::string_view piece, decoding& into) {
  const auto copy = std::make_unique<char[]>(piece.size());
  piece.copy(copy.get(), piece.size());
  into.whole = decoder.decode({copy.get(), piece.size()}, into.events);
}

decoding decode(std::string_view stream, std::size_t piece_bytes = std::string_view::npos) {
  bedrock_decoder decoder;
  decoding result;
  while (!stream.empty()) {
    feed(decoder, stream.substr(0, piece_bytes), result);
    stream.remove_prefix(std::min(piece_bytes, stream.size()));
  }
  return result;
}

std::string event(std::string_view type, std::string_view json) {
  return "event: " + std::string(type) + "\ndata: " + std::string(json) + "\n\n";
}

std::string sample_events() {
  return event("message_start", bedrock_sample::start) +
         event("content_block_delta", bedrock_sample::content) +
         event("message_delta", bedrock_sample::delta) +
         event("message_stop", bedrock_sample::stop);
}

std::string message_of(const std::string& events) {
  constexpr std::string_view head = "event: error\ndata: ";
  EXPECT_TRUE(events.starts_with(head)) << events;
  return nlohmann::json::parse(events.substr(head.size())).at("error").at("message");
}

TEST(bedrock_decoder, passes_the_json_of_events_byte_for_byte) {
  const auto decoded = decode(bedrock_sample::stream());
  EXPECT_TRUE(decoded.whole);
  EXPECT_EQ(decoded.events, sample_events());
}

TEST(bedrock_decoder, does_not_care_where_a_stream_is_cut) {
  const std::string stream = bedrock_sample::stream();
  const std::string expected = sample_events();
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    bedrock_decoder decoder;
    decoding result;
    feed(decoder, std::string_view(stream).substr(0, at), result);
    EXPECT_TRUE(result.whole);
    feed(decoder, std::string_view(stream).substr(at), result);
    EXPECT_EQ(result.events, expected) << at;
  }
  EXPECT_EQ(decode(stream, 1).events, expected);
}

TEST(bedrock_decoder, writes_what_the_meter_of_anthropic_s_stream_reads) {
  anthropic_stream_meter meter;
  const auto events = decode(bedrock_sample::stream()).events;
  meter.feed(events);
  EXPECT_TRUE(meter.complete());
  EXPECT_FALSE(meter.malformed());
  EXPECT_EQ(meter.whole_bytes(), events.size());
  EXPECT_EQ(meter.usage().input, 12);
  EXPECT_EQ(meter.usage().output, 7);
  EXPECT_EQ(meter.usage().cache_read, 3);
}

TEST(bedrock_decoder, finds_the_bytes_wherever_they_stand_in_a_payload) {
  const std::string bytes = to_base64(R"({"type":"ping"})");
  for (const std::string& payload :
       {R"({"bytes":")" + bytes + R"("})", R"( { "bytes" : ")" + bytes + R"(" } )",
        R"({"p":"ab\"c","bytes":")" + bytes + R"("})",
        R"({"o":{"bytes":"no"},"a":["bytes"],"bytes":")" + bytes + R"(","p":""})"}) {
    EXPECT_EQ(decode(event_frame("chunk", payload)).events, event("ping", R"({"type":"ping"})"))
        << payload;
  }
}

TEST(bedrock_decoder, names_an_event_by_its_type_wherever_that_stands) {
  const std::string last = R"({"index":0,"type":"content_block_stop"})";
  EXPECT_EQ(decode(chunk_frame(last)).events, event("content_block_stop", last));
  const std::string escaped = R"({"type":"content\u005fblock_stop"})";
  EXPECT_EQ(decode(chunk_frame(escaped)).events, event("content_block_stop", escaped));
}

TEST(bedrock_decoder, keeps_line_ends_between_tokens_from_ending_the_event) {
  const auto decoded = decode(chunk_frame("\n{\r\n \"type\":\n\"ping\"\r}\n\n"));
  EXPECT_EQ(decoded.events,
            "event: ping\ndata: \ndata: {\ndata: \ndata:  \"type\":\ndata: \"ping\"\ndata: }\n"
            "data: \ndata: \n\n");
  anthropic_stream_meter meter;
  meter.feed(decoded.events);
  EXPECT_FALSE(meter.malformed());
  EXPECT_TRUE(meter.has_begun());
  EXPECT_EQ(meter.whole_bytes(), decoded.events.size());
}

TEST(bedrock_decoder, passes_over_what_no_client_would_understand) {
  const std::string stream =
      event_frame("initial-response", "{}") + event_frame("chunk", "{}") +
      event_frame("chunk", R"({"p":"bytes"})") + event_frame("metadata", "no JSON") +
      chunk_frame("{}") + chunk_frame(R"({"type":5})") + chunk_frame(R"({"type":""})") +
      chunk_frame(R"({"type":"a b"})") + chunk_frame(R"({"type":"a\nevent: error"})") +
      chunk_frame(R"({"type":")" + std::string(65, 't') + R"("})") +
      chunk_frame(R"({"type":"ping"})");
  const auto decoded = decode(stream);
  EXPECT_TRUE(decoded.whole);
  EXPECT_EQ(decoded.events, event("ping", R"({"type":"ping"})"));
}

TEST(bedrock_decoder, makes_error_events_of_exceptions) {
  const std::pair<std::string_view, std::string_view> types[] = {
      {"throttlingException", "rate_limit_error"},
      {"serviceUnavailableException", "overloaded_error"},
      {"modelNotReadyException", "overloaded_error"},
      {"internalServerException", "api_error"},
      {"modelStreamErrorException", "api_error"},
      {"modelTimeoutException", "timeout_error"},
      {"validationException", "invalid_request_error"},
      {"accessDeniedException", "permission_error"},
      {"somethingNewException", "api_error"},
  };
  for (const auto& [name, type] : types) {
    EXPECT_EQ(decode(exception_frame(name, R"({"message":"Too \"many\""})")).events,
              event("error", R"({"type":"error","error":{"type":")" + std::string(type) +
                                 R"(","message":"Too \"many\""}})"));
  }
}

TEST(bedrock_decoder, finds_something_to_say_for_every_exception) {
  EXPECT_EQ(message_of(decode(error_frame("InternalFailure", "It broke.")).events), "It broke.");
  EXPECT_EQ(message_of(decode(error_frame("InternalFailure", "")).events), "InternalFailure");
  for (const std::string& payload : {std::string(), std::string("no JSON"), std::string("{}"),
                                     std::string(R"({"message":5})"), std::string("[1]")}) {
    EXPECT_EQ(message_of(decode(exception_frame("throttlingException", payload)).events),
              "throttlingException");
  }
  EXPECT_EQ(message_of(decode(exception_frame("x", R"({"Message":"a\n\nb"})")).events), "a\n\nb");
  EXPECT_FALSE(message_of(decode(exception_frame("\xff", "\xff")).events).empty());
}

TEST(bedrock_decoder, stops_at_a_frame_that_is_damaged) {
  const std::string good = chunk_frame(bedrock_sample::start);
  std::string damaged = chunk_frame(bedrock_sample::content);
  damaged[damaged.size() - 30] ^= 1;
  for (const std::size_t piece_bytes : {std::size_t(1), std::size_t(50), std::size_t(10'000)}) {
    const auto decoded = decode(good + damaged + good, piece_bytes);
    EXPECT_FALSE(decoded.whole);
    EXPECT_EQ(decoded.events, event("message_start", bedrock_sample::start));
  }
}

TEST(bedrock_decoder, stops_at_a_payload_that_is_none) {
  const std::string good = chunk_frame(bedrock_sample::start);
  for (const std::string& bad :
       {event_frame("chunk", ""), event_frame("chunk", "[]"), event_frame("chunk", "bytes"),
        event_frame("chunk", R"({"bytes":"e30"})"), event_frame("chunk", R"({"bytes":"!!!!"})"),
        event_frame("chunk", R"({"bytes":"e30=)"), chunk_frame("[]"), chunk_frame("x"),
        chunk_frame(R"({"type":"ping")"), chunk_frame("{\"type\":\"a\nb\"}"),
        chunk_frame(R"({"type":"ping"}{})"), chunk_frame(" ")}) {
    const auto decoded = decode(good + bad + good);
    EXPECT_FALSE(decoded.whole) << bad;
    EXPECT_EQ(decoded.events, event("message_start", bedrock_sample::start));
  }
}

TEST(bedrock_decoder, appends_nothing_more_once_it_failed) {
  bedrock_decoder decoder;
  std::string events;
  EXPECT_FALSE(decoder.decode(event_frame("chunk", ""), events));
  EXPECT_FALSE(decoder.decode(chunk_frame(bedrock_sample::start), events));
  EXPECT_EQ(events, "");
}

TEST(bedrock_decoder, takes_events_of_megabytes) {
  const std::string json =
      R"({"type":"content_block_delta","delta":{"text":")" + std::string(5'000'000, 'x') + R"("}})";
  const auto decoded = decode(chunk_frame(json) + chunk_frame(bedrock_sample::stop), 65'521);
  EXPECT_TRUE(decoded.whole);
  EXPECT_TRUE(decoded.events ==
              event("content_block_delta", json) + event("message_stop", bedrock_sample::stop));
}

}  // namespace
}  // namespace baton::relay
