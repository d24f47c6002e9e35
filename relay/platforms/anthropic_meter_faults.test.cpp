// What a stream's meter tells beside the count: how far the stream has come, and whether it is one
// of the API's.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <tuple>

#include "relay/platforms/anthropic_meter.hpp"

namespace baton::relay {
namespace {

const std::string start =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":3}}})"
    "\n\n";
const std::string block_start =
    "event: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\n";
const std::string ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
const std::string delta =
    "event: content_block_delta\n"
    R"(data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"模"}})"
    "\n\n";
const std::string usage = R"(data: {"type":"message_delta","usage":{"output_tokens":5}})"
                          "\n\n";
const std::string stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const std::string failure =
    "event: error\n"
    R"(data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"
    "\n\n";

// Everything that a meter tells.
using reading = std::tuple<std::int64_t, std::string, bool, bool, bool, bool, std::string, bool,
                           std::uint64_t, std::uint64_t>;

reading read(const anthropic_stream_meter& meter) {
  return {meter.usage().total(), std::string(meter.model()), meter.complete(),
          meter.has_begun(),     meter.has_content(),        meter.failed(),
          meter.error_type(),    meter.malformed(),          meter.bytes_before_fault(),
          meter.whole_bytes()};
}

template <class Check>
void after(std::string_view stream, Check check) {
  anthropic_stream_meter meter;
  meter.feed(stream);
  SCOPED_TRACE(std::string(stream));
  check(meter);
}

std::string with_line_ends(std::string text, std::string_view line_end) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += line_end.size()) {
    text.replace(at, 1, line_end);
  }
  return text;
}

TEST(anthropic_stream_meter, knows_how_far_a_stream_has_come) {
  anthropic_stream_meter meter;
  const auto expect = [&meter](std::string_view piece, bool begun, bool content) {
    meter.feed(piece);
    EXPECT_EQ(meter.has_begun(), begun) << piece;
    EXPECT_EQ(meter.has_content(), content) << piece;
  };
  expect("", false, false);
  expect(": hello\n\n", false, false);
  expect(start.substr(0, start.size() - 1), false, false);
  expect("\n", true, false);
  expect(ping, true, false);
  expect(block_start, true, false);
  expect(delta.substr(0, delta.size() - 1), true, false);
  expect("\n", true, true);
  expect(usage + stop, true, true);
  EXPECT_TRUE(meter.complete());
  EXPECT_FALSE(meter.malformed());
}

TEST(anthropic_stream_meter, has_begun_with_a_ping) {
  after(ping, [](const auto& meter) {
    EXPECT_TRUE(meter.has_begun());
    EXPECT_FALSE(meter.has_content());
  });
}

TEST(anthropic_stream_meter, takes_every_event_that_does_not_merely_open_as_content) {
  for (const std::string& event : {delta, usage, stop, std::string("data: {\"type\":\"new\"}\n\n"),
                                   std::string("event: new\ndata: {}\n\n")}) {
    after(start + event, [](const auto& meter) { EXPECT_TRUE(meter.has_content()); });
  }
  for (const std::string event :
       {"event: ping\ndata: {}\n\n", "event: message_start\ndata: {\"message\":{}}\n\n",
        "data: {\"type\":\"content_block_start\"}\n\n", "event: content_block_delta\n\n"}) {
    after(event, [](const auto& meter) { EXPECT_FALSE(meter.has_content()); });
  }
}

TEST(anthropic_stream_meter, names_the_error_of_a_stream) {
  after(failure, [](const auto& meter) {
    EXPECT_TRUE(meter.failed());
    EXPECT_EQ(meter.error_type(), "overloaded_error");
    EXPECT_TRUE(meter.has_begun());
    EXPECT_FALSE(meter.has_content());
    EXPECT_FALSE(meter.complete());
    EXPECT_FALSE(meter.malformed());
  });
  after(start + delta + failure, [](const auto& meter) {
    EXPECT_TRUE(meter.failed());
    EXPECT_TRUE(meter.has_content());
  });
  after("event: error\ndata: {\"error\":{\"message\":\"x\",\"type\":\"api_error\"}}\n\n",
        [](const auto& meter) {
          EXPECT_EQ(meter.error_type(), "api_error");
          EXPECT_FALSE(meter.has_content());
        });
  after(start + stop, [](const auto& meter) {
    EXPECT_FALSE(meter.failed());
    EXPECT_EQ(meter.error_type(), "");
  });
}

TEST(anthropic_stream_meter, copes_with_errors_that_have_no_type) {
  for (const std::string error : {"{}", "{\"type\":7}", "{\"type\":null}", "[]", "null", "\"x\""}) {
    after(R"(data: {"type":"error","error":)" + error + "}\n\n", [](const auto& meter) {
      EXPECT_TRUE(meter.failed());
      EXPECT_EQ(meter.error_type(), "");
      EXPECT_FALSE(meter.malformed());
    });
  }
}

TEST(anthropic_stream_meter, knows_an_event_that_is_none_of_the_api_s) {
  for (const std::string data :
       {"garbage", "<html>502</html>", "{\"type\":\"content_block_delta\",\"delta\":{\"te",
        R"({"type":"ping"}})", R"({"type":"ping"} {"type":"ping"})", "{'type':'ping'}", "[]",
        R"([{"type":"ping"}])", "\"text\"", "7", "null", "{", "}", "[DONE", "[DONE]]", "[done]",
        "{\"type\":\"ping\",}", "{\"type\":\"\xff\"}", "{\"type\":\"a\tb\"}"}) {
    after(start + "data: " + data + "\n\n" + delta + usage + failure + stop, [](const auto& meter) {
      EXPECT_TRUE(meter.malformed());
      EXPECT_EQ(meter.bytes_before_fault(), start.size());
      EXPECT_EQ(meter.usage(), (token_usage{3, 0, 0, 0, 0})) << "nothing behind it counts";
      EXPECT_FALSE(meter.has_content());
      EXPECT_FALSE(meter.failed());
      EXPECT_FALSE(meter.complete());
    });
  }
}

TEST(anthropic_stream_meter, takes_a_first_event_that_is_none_as_no_beginning) {
  after("data: garbage\n\n", [](const auto& meter) {
    EXPECT_TRUE(meter.malformed());
    EXPECT_FALSE(meter.has_begun());
    EXPECT_EQ(meter.bytes_before_fault(), 0u);
  });
}

TEST(anthropic_stream_meter, does_not_mind_the_end_marker_of_another_api) {
  after(start + delta + usage + stop + "data: [DONE]\n\n", [](const auto& meter) {
    EXPECT_FALSE(meter.malformed());
    EXPECT_FALSE(meter.failed());
    EXPECT_TRUE(meter.complete());
    EXPECT_EQ(meter.usage().output, 5);
  });
  after(start + "data: [DONE]\n\n" + delta,
        [](const auto& meter) { EXPECT_FALSE(meter.malformed() || meter.complete()); });
}

TEST(anthropic_stream_meter, judges_whole_events_alone) {
  after(start + "data: garbage\n", [](const auto& meter) {
    EXPECT_FALSE(meter.malformed());
    EXPECT_EQ(meter.whole_bytes(), start.size());
  });
  after(start + "event: named\n\nid: 7\n\nretry: 5\n\n", [](const auto& meter) {
    EXPECT_FALSE(meter.malformed()) << "an event without data is none";
  });
}

TEST(anthropic_stream_meter, looks_at_the_ends_alone_of_an_event_that_is_very_long) {
  const auto event = [](std::string_view end) {
    return "data: {\"type\":\"content_block_delta\",\"x\":\"" + std::string(100'000, 'x') +
           std::string(end) + "\n\n";
  };
  after(event("\"}"), [](const auto& meter) { EXPECT_FALSE(meter.malformed()); });
  after(event(""), [](const auto& meter) { EXPECT_TRUE(meter.malformed()); });
}

TEST(anthropic_stream_meter, passes_over_an_event_that_is_too_long_to_be_collected) {
  const std::string longest(sse_scanner::event_bytes_max + 1, 'x');
  after(start + "data: " + longest + "\n\n" + usage, [](const auto& meter) {
    EXPECT_FALSE(meter.malformed());
    EXPECT_EQ(meter.usage().output, 5);
  });
}

TEST(anthropic_stream_meter, tells_how_much_of_a_stream_is_whole_events) {
  for (const std::string_view line_end : {"\n", "\r\n", "\r"}) {
    const std::string first = with_line_ends(start, line_end);
    const std::string comment = ": ping" + std::string(line_end);
    const std::string second = with_line_ends(delta, line_end);
    // Of a CRLF at an event's end the CR has ended it, wherever the LF may be.
    const std::size_t late = line_end.size() - 1;
    anthropic_stream_meter meter;
    const auto expect = [&meter](std::string_view piece, std::size_t whole) {
      meter.feed(piece);
      EXPECT_EQ(meter.whole_bytes(), whole) << piece;
    };
    expect(first.substr(0, 30), 0);
    expect(first.substr(30), first.size() - late);
    expect(comment.substr(0, 3), first.size() - late);
    expect(comment.substr(3), first.size() + comment.size() - late);
    expect(second, first.size() + comment.size() + second.size() - late);
    EXPECT_FALSE(meter.malformed());
  }
}

TEST(anthropic_stream_meter, tells_the_same_however_a_stream_is_cut) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string bad = "event: x\ndata: {\"type\":\"content_bl\n\n";
  const std::vector<std::string> streams = {
      start + ping + delta + usage + stop,
      "\xEF\xBB\xBF: hello\n\n" + start + ": ping\n" + delta + bad + usage + stop,
      start + delta + failure + "data: [DONE]\n\n",
      bad + start,
      start + bad + bad,
      start +
          "data: {\ndata: \"type\":\"message_delta\",\"usage\":{\"output_tokens\":9}\ndata: }\n\n" +
          "data: [1]\n\n"};
  for (const auto& plain : streams) {
    for (const std::string_view line_end : {"\n", "\r\n", "\r"}) {
      const std::string stream = with_line_ends(plain, line_end);
      anthropic_stream_meter whole;
      whole.feed(stream);
      const auto expected = read(whole);
      for (std::size_t at = 0; at <= stream.size(); ++at) {
        anthropic_stream_meter meter;
        meter.feed(std::string_view(stream).substr(0, at));
        meter.feed(std::string_view(stream).substr(at));
        ASSERT_EQ(read(meter), expected) << "cut at " << at;
      }
      for (int round = 0; round < 50; ++round) {
        anthropic_stream_meter meter;
        for (std::size_t at = 0; at < stream.size();) {
          const std::size_t bytes = random() % 9;
          meter.feed(std::string_view(stream).substr(at, bytes));
          at += bytes;
        }
        ASSERT_EQ(read(meter), expected);
      }
    }
  }
}

TEST(anthropic_stream_meter, passes_nothing_of_a_fault) {
  for (const std::string_view line_end : {"\n", "\r\n", "\r"}) {
    const std::string good = with_line_ends(start + ": ping\n" + delta, line_end);
    const std::string stream = good + with_line_ends("event: x\ndata: garbage\n\n", line_end);
    after(stream, [&](const auto& meter) {
      ASSERT_TRUE(meter.malformed());
      EXPECT_EQ(meter.bytes_before_fault(), good.size() - (line_end.size() - 1));
      EXPECT_GE(meter.whole_bytes(), meter.bytes_before_fault());
      anthropic_stream_meter passed;
      passed.feed(std::string_view(stream).substr(0, meter.bytes_before_fault()));
      EXPECT_FALSE(passed.malformed());
      EXPECT_TRUE(passed.has_content()) << "all before it is passed on";
      EXPECT_EQ(passed.whole_bytes(), meter.bytes_before_fault());
    });
  }
}

// What opens no answer is not taken for content, however it is written.
TEST(anthropic_stream_meter, takes_no_error_and_no_filler_for_content) {
  for (const std::string opening :
       {"event: error\ndata: {\"type\":\"overloaded_error\"}\n\n",
        "data: {\"error\":{\"type\":\"overloaded_error\"}}\n\n",
        "data: {\"error\":{\"type\":\"overloaded_error\"},\"type\":\"error\"}\n\n",
        "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\ndata: "
        "[DONE]\n\n"}) {
    anthropic_stream_meter meter;
    meter.feed(opening);
    EXPECT_TRUE(meter.failed()) << opening;
    EXPECT_EQ(meter.error_type(), "overloaded_error") << opening;
    EXPECT_FALSE(meter.has_content()) << opening;
  }
  for (const std::string opening :
       {"data: [DONE]\n\n", "data: [DONE] \n\n", "data:\n\n",
        "data: {\"message\":{\"usage\":{\"input_tokens\":3}},\"type\":\"message_start\"}\n\n"}) {
    anthropic_stream_meter meter;
    meter.feed(opening);
    EXPECT_FALSE(meter.failed() || meter.malformed() || meter.has_content()) << opening;
  }
}

}  // namespace
}  // namespace baton::relay
