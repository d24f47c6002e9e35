#include "relay/platforms/bedrock_meter.hpp"

#include <gtest/gtest.h>

#include "relay/platforms/bedrock_sample.test.hpp"

namespace baton::relay {
namespace {

TEST(bedrock_stream_meter, counts_a_stream_wherever_it_is_cut) {
  const std::string stream = bedrock_sample::stream();
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    bedrock_stream_meter meter;
    meter.feed(std::string_view(stream).substr(0, at));
    meter.feed(std::string_view(stream).substr(at));
    meter.finish();
    EXPECT_EQ(meter.usage().input, 12);
    EXPECT_EQ(meter.usage().output, 7);
    EXPECT_EQ(meter.usage().cache_read, 3);
    EXPECT_EQ(meter.model(), "claude-sonnet-4-5-20250929");
    EXPECT_TRUE(meter.complete() && meter.has_begun() && meter.has_content());
    EXPECT_FALSE(meter.failed() || meter.malformed());
    EXPECT_EQ(meter.whole_bytes(), stream.size());
  }
}

TEST(bedrock_stream_meter, knows_when_content_comes_and_where_whole_frames_end) {
  bedrock_stream_meter meter;
  const std::string start = chunk_frame(bedrock_sample::start);
  const std::string content = chunk_frame(bedrock_sample::content);
  meter.feed(start + content.substr(0, 20));
  EXPECT_TRUE(meter.has_begun());
  EXPECT_FALSE(meter.has_content());
  EXPECT_EQ(meter.whole_bytes(), start.size());
  meter.feed(content.substr(20));
  EXPECT_TRUE(meter.has_content());
  EXPECT_FALSE(meter.complete());
  EXPECT_EQ(meter.whole_bytes(), start.size() + content.size());
}

TEST(bedrock_stream_meter, takes_exceptions_for_errors_of_their_name) {
  for (const auto& [frame, type] :
       {std::pair(exception_frame("throttlingException", R"({"message":"x"})"),
                  "throttlingException"),
        std::pair(error_frame("InternalFailure", "x"), "InternalFailure"),
        std::pair(chunk_frame(R"({"type":"error","error":{"type":"overloaded_error"}})"),
                  "overloaded_error")}) {
    bedrock_stream_meter meter;
    meter.feed(chunk_frame(bedrock_sample::start) + frame + chunk_frame(bedrock_sample::content));
    EXPECT_TRUE(meter.failed() && meter.has_begun());
    EXPECT_EQ(meter.error_type(), type);
    EXPECT_FALSE(meter.has_content()) << type;
    EXPECT_FALSE(meter.malformed());
    EXPECT_EQ(meter.usage().input, 12);
  }
}

TEST(bedrock_stream_meter, passes_over_frames_of_unknown_kinds) {
  bedrock_stream_meter meter;
  const std::string stream = event_frame("initial-response", "{}") + event_frame("chunk", "{}");
  meter.feed(stream);
  EXPECT_FALSE(meter.has_begun() || meter.failed() || meter.malformed());
  EXPECT_EQ(meter.whole_bytes(), stream.size());
}

TEST(bedrock_stream_meter, counts_nothing_behind_a_fault) {
  const std::string start = chunk_frame(bedrock_sample::start);
  std::string damaged = chunk_frame(bedrock_sample::content);
  damaged[damaged.size() - 1] ^= 1;
  for (const std::string& fault :
       {damaged, event_frame("chunk", "no JSON"), chunk_frame("no JSON")}) {
    for (const std::size_t piece_bytes : {std::size_t(1), std::size_t(10'000)}) {
      bedrock_stream_meter meter;
      const std::string stream = start + fault + chunk_frame(bedrock_sample::delta);
      for (std::size_t at = 0; at < stream.size(); at += piece_bytes) {
        meter.feed(std::string_view(stream).substr(at, piece_bytes));
      }
      EXPECT_TRUE(meter.malformed());
      EXPECT_EQ(meter.bytes_before_fault(), start.size());
      EXPECT_EQ(meter.usage().output, 1);
      EXPECT_FALSE(meter.has_content());
    }
  }
}

}  // namespace
}  // namespace baton::relay
