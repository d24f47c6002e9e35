// What has passed in a stream of OpenAI's and was not counted by its upstream.
#include <gtest/gtest.h>

#include <string>

#include "relay/platforms/openai_meter.hpp"

namespace baton::relay {
namespace {

TEST(responses_stream_meter, takes_deltas_for_tokens_until_the_upstream_tells) {
  const std::string delta = R"(data: {"type":"response.output_text.delta","delta":"x"})"
                            "\n\n";
  responses_stream_meter meter;
  for (int n = 0; n < 3; ++n) meter.feed(delta);
  EXPECT_EQ(with_untold(meter.usage(), meter.untold_bytes()).output, 3);
  meter.feed(R"(data: {"type":"response.completed","response":{"usage":{"output_tokens":2}}})"
             "\n\n");
  EXPECT_EQ(meter.untold_bytes(), 0u);
  EXPECT_EQ(meter.usage().output, 2);
}

TEST(chat_stream_meter, takes_chunks_for_tokens_until_the_upstream_tells) {
  const std::string chunk = R"(data: {"choices":[{"index":0,"delta":{"content":"x"}}]})"
                            "\n\n";
  chat_stream_meter meter(false);
  for (int n = 0; n < 5; ++n) meter.feed(chunk);
  EXPECT_EQ(with_untold(meter.usage(), meter.untold_bytes()).output, 5);
  meter.feed(R"(data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":4}})"
             "\n\n");
  EXPECT_EQ(meter.untold_bytes(), 0u);
  EXPECT_EQ(meter.usage().output, 4);
}

}  // namespace
}  // namespace baton::relay
