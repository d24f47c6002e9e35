#include "relay/platforms/gemini_meter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace baton::relay {
namespace {

const std::string opening =
    R"({"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"index":0}],)"
    R"("usageMetadata":{"promptTokenCount":100,"totalTokenCount":100},)"
    R"("modelVersion":"gemini-2.5-pro","responseId":"r-1"})";
const std::string thought =
    R"({"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}],)"
    R"("usageMetadata":{"promptTokenCount":100,"thoughtsTokenCount":40,"totalTokenCount":140}})";
const std::string words =
    R"({"candidates":[{"content":{"parts":[{"text":"{\"usageMetadata\":{\"x\":[1]}} 模"}]}}]})";
const std::string ending =
    R"({"candidates":[{"content":{"parts":[{"text":"."}],"role":"model"},"finishReason":"STOP",)"
    R"("index":0}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":80,)"
    R"("toolUsePromptTokenCount":7,"candidatesTokenCount":12,"thoughtsTokenCount":50,)"
    R"("promptTokensDetails":[{"modality":"TEXT","tokenCount":100}],"totalTokenCount":249},)"
    R"("modelVersion":"gemini-2.5-pro-001"})";
const std::vector<std::string> answers = {opening, thought, words, ending};

token_usage usage(std::int64_t input, std::int64_t output, std::int64_t cache_read,
                  std::int64_t reasoning) {
  token_usage classes;
  classes.input = input;
  classes.output = output;
  classes.cache_read = cache_read;
  classes.reasoning = reasoning;
  return classes;
}
const token_usage counted = usage(27, 12, 80, 50);

std::string stream_of(answer_format format, const std::vector<std::string>& events) {
  std::string stream = format == answer_format::sse ? "" : "[";
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (format == answer_format::sse) {
      stream.append("data: ").append(events[i]).append("\r\n\r\n");
    } else {
      stream.append(i == 0 ? "" : "\n,\r\n").append(events[i]);
    }
  }
  return format == answer_format::sse ? stream : stream + "\n]\n";
}

template <class Check>
void after(answer_format format, std::string_view bytes, Check check) {
  const auto meter = make_gemini_meter(format);
  meter->feed(bytes);
  meter->finish();
  SCOPED_TRACE(std::string(bytes));
  check(*meter);
}

// What is told by the last of `events`, in whichever kind of stream.
template <class Check>
void after_events(const std::vector<std::string>& events, Check check) {
  for (const auto format : {answer_format::sse, answer_format::json_array}) {
    after(format, stream_of(format, events), check);
  }
}

token_usage metered(const std::string& usage_metadata) {
  const auto meter = make_gemini_meter(answer_format::document);
  meter->feed("{\"usageMetadata\":" + usage_metadata + "}");
  meter->finish();
  EXPECT_TRUE(meter->complete()) << usage_metadata;
  return meter->usage();
}

TEST(gemini_meter, counts_a_document) {
  after(answer_format::document, ending, [](const auto& meter) {
    EXPECT_EQ(meter.usage(), counted);
    EXPECT_EQ(meter.model(), "gemini-2.5-pro-001");
    EXPECT_TRUE(meter.complete());
    EXPECT_FALSE(meter.failed());
    EXPECT_EQ(meter.answer_id(), "");
  });
}

TEST(gemini_meter, counts_what_code_assist_wraps) {
  const std::string wrapped = R"({"response":)" + ending + R"(,"traceId":"t"})";
  after(answer_format::document, wrapped, [](const auto& meter) {
    EXPECT_EQ(meter.usage(), counted);
    EXPECT_EQ(meter.model(), "gemini-2.5-pro-001");
    EXPECT_TRUE(meter.complete());
  });
  after_events({wrapped}, [](const auto& meter) {
    EXPECT_EQ(meter.usage(), counted);
    EXPECT_TRUE(meter.has_content());
    EXPECT_TRUE(meter.complete());
  });
  after_events({R"({"response":null})", R"({"response":[{"error":{}}]})"}, [](const auto& meter) {
    EXPECT_FALSE(meter.failed());
    EXPECT_FALSE(meter.malformed());
  });
}

TEST(gemini_meter, counts_a_stream_cut_anywhere) {
  for (const auto format : {answer_format::sse, answer_format::json_array}) {
    const std::string stream = stream_of(format, answers);
    for (std::size_t at = 0; at <= stream.size(); ++at) {
      const auto meter = make_gemini_meter(format);
      meter->feed(std::string_view(stream).substr(0, at));
      ASSERT_FALSE(meter->malformed()) << at;
      ASSERT_FALSE(meter->complete() && at + 2 < stream.size()) << at;
      meter->feed(std::string_view(stream).substr(at));
      ASSERT_EQ(meter->usage(), counted) << at;
      ASSERT_TRUE(meter->complete()) << at;
    }
  }
}

TEST(gemini_meter, knows_how_far_a_stream_has_come) {
  after_events({opening}, [](const auto& meter) {
    EXPECT_TRUE(meter.has_begun());
    EXPECT_FALSE(meter.has_content());
    EXPECT_FALSE(meter.complete());
    EXPECT_EQ(meter.usage(), usage(100, 0, 0, 0));
    EXPECT_EQ(meter.model(), "gemini-2.5-pro");
  });
  after_events({opening, thought}, [](const auto& meter) {
    EXPECT_TRUE(meter.has_content());
    EXPECT_FALSE(meter.complete());
    EXPECT_EQ(meter.usage(), usage(100, 0, 0, 40));
  });
  for (const auto format : {answer_format::sse, answer_format::json_array}) {
    const auto meter = make_gemini_meter(format);
    EXPECT_FALSE(meter->has_begun());
    meter->feed(format == answer_format::sse ? "data: {" : "[{");
    EXPECT_FALSE(meter->has_begun());
    EXPECT_EQ(meter->whole_bytes(), 0u);
  }
}

TEST(gemini_meter, keeps_counts_that_later_events_lack) {
  after_events({ending, R"({"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":0}})",
                R"({"usageMetadata":null})", R"({"usageMetadata":{"candidatesTokenCount":-5}})"},
               [](const auto& meter) { EXPECT_EQ(meter.usage(), counted); });
}

TEST(gemini_meter, takes_what_a_client_would_show_or_act_on_as_content) {
  for (const std::string part :
       {R"({"text":"x"})", R"({"functionCall":{"name":"f","args":{}}})", R"({"inlineData":{}})",
        R"({"executableCode":{"code":"1"}})", R"({"codeExecutionResult":{}})", R"({"fileData":{}})",
        R"({"new":1})", R"({"text":"","functionCall":{}})"}) {
    after_events({R"({"candidates":[{"content":{"parts":[)" + part + "]}}]}"},
                 [](const auto& meter) {
                   EXPECT_TRUE(meter.has_content());
                   EXPECT_FALSE(meter.complete());
                 });
  }
  for (const std::string part :
       {"", "{}", R"({"text":""})", R"({"text" : "" , "thought":true})", R"({"text":null})",
        R"({"text":7})", R"({"thoughtSignature":"s","text":""})", R"({"functionCall":null})",
        "null", "1", "\"x\"", "[]"}) {
    after_events({R"({"candidates":[{"content":{"parts":[)" + part + "]}}]}"},
                 [](const auto& meter) { EXPECT_FALSE(meter.has_content()); });
  }
}

TEST(gemini_meter, is_complete_when_a_stream_has_told_why_it_ended) {
  for (const std::string event : {R"({"candidates":[{"finishReason":"MAX_TOKENS"}]})",
                                  R"({"candidates":[{},{"finishReason":"SAFETY"}]})",
                                  R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}})"}) {
    after_events({event}, [](const auto& meter) {
      EXPECT_TRUE(meter.complete());
      EXPECT_TRUE(meter.has_content());
    });
  }
  for (const std::string event :
       {R"({"candidates":[{"finishReason":""}]})", R"({"candidates":[{"finishReason":null}]})",
        R"({"candidates":[{"finishReason":"FINISH_REASON_UNSPECIFIED"}]})",
        R"({"candidates":{"finishReason":"STOP"}})", R"({"finishReason":"STOP"})",
        R"({"promptFeedback":{"blockReason":"BLOCK_REASON_UNSPECIFIED"}})",
        R"({"promptFeedback":{}})", R"({"promptFeedback":"SAFETY"})"}) {
    after_events({event}, [](const auto& meter) { EXPECT_FALSE(meter.complete()); });
  }
}

TEST(gemini_meter, names_the_error_of_an_answer) {
  const std::string failure =
      R"({"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}})";
  const auto is_failure = [](const auto& meter) {
    EXPECT_TRUE(meter.failed());
    EXPECT_EQ(meter.error_type(), "UNAVAILABLE");
    EXPECT_FALSE(meter.has_content());
    EXPECT_FALSE(meter.malformed());
  };
  after_events({failure}, is_failure);
  after_events({opening, failure, words}, is_failure);
  after(answer_format::document, failure, is_failure);
  after(answer_format::json_array, failure, is_failure);
  after_events({words, failure}, [](const auto& meter) {
    EXPECT_TRUE(meter.failed());
    EXPECT_TRUE(meter.has_content());
  });
}

TEST(gemini_meter, copes_with_errors_that_have_no_status) {
  for (const std::string error :
       {"{}", "7", "\"x\"", "[]", R"({"status":7})", R"({"status":{}})"}) {
    after_events({"{\"error\":" + error + "}"}, [](const auto& meter) {
      EXPECT_TRUE(meter.failed());
      EXPECT_EQ(meter.error_type(), "");
    });
  }
  after_events({R"({"error":null})"}, [](const auto& meter) { EXPECT_FALSE(meter.failed()); });
}

TEST(gemini_meter, takes_a_document_in_the_place_of_an_array) {
  after(answer_format::json_array, words, [](const auto& meter) {
    EXPECT_TRUE(meter.complete());
    EXPECT_TRUE(meter.has_content());
  });
  after(answer_format::json_array, ending.substr(0, ending.size() - 1), [](const auto& meter) {
    EXPECT_FALSE(meter.complete());
    EXPECT_FALSE(meter.has_begun());
  });
}

TEST(gemini_meter, needs_the_end_of_an_array) {
  after(answer_format::json_array, "[" + ending + "\n", [](const auto& meter) {
    EXPECT_FALSE(meter.complete());
    EXPECT_EQ(meter.usage(), counted);
    EXPECT_EQ(meter.whole_bytes(), 1 + ending.size());
  });
  after(answer_format::json_array, "[" + words + "]",
        [](const auto& meter) { EXPECT_FALSE(meter.complete()); });
  after(answer_format::json_array, "[]", [](const auto& meter) {
    EXPECT_FALSE(meter.complete());
    EXPECT_FALSE(meter.has_begun());
  });
}

TEST(gemini_meter, knows_a_stream_that_is_none_of_the_api_s) {
  after(answer_format::json_array, "[" + words + ",<html>", [](const auto& meter) {
    EXPECT_TRUE(meter.malformed());
    EXPECT_EQ(meter.bytes_before_fault(), 1 + words.size());
    EXPECT_EQ(meter.whole_bytes(), 1 + words.size());
    EXPECT_TRUE(meter.has_content());
  });
  after(answer_format::json_array, "data: " + words + "\n\n", [](const auto& meter) {
    EXPECT_TRUE(meter.malformed());
    EXPECT_EQ(meter.bytes_before_fault(), 0u);
  });
  after(answer_format::sse, "data: " + words + "\n\ndata: <html>\n\n" + "data: " + ending + "\n\n",
        [](const auto& meter) {
          EXPECT_TRUE(meter.malformed());
          EXPECT_EQ(meter.bytes_before_fault(), words.size() + 8);
          EXPECT_FALSE(meter.complete()) << "nothing behind a fault counts";
        });
}

TEST(gemini_meter, ignores_fillers_of_other_apis) {
  after(answer_format::sse, ": hello\n\ndata: " + ending + "\n\ndata: [DONE]\n\n",
        [](const auto& meter) {
          EXPECT_TRUE(meter.complete());
          EXPECT_FALSE(meter.malformed());
          EXPECT_EQ(meter.usage(), counted);
        });
}

TEST(gemini_meter, puts_tokens_into_classes) {
  EXPECT_EQ(metered(R"({"promptTokenCount":10})"), usage(10, 0, 0, 0));
  EXPECT_EQ(metered(R"({"promptTokenCount":10,"cachedContentTokenCount":10})"), usage(0, 0, 10, 0));
  EXPECT_EQ(metered(R"({"promptTokenCount":10,"toolUsePromptTokenCount":5})"), usage(15, 0, 0, 0));
  EXPECT_EQ(metered(R"({"candidatesTokenCount":3,"thoughtsTokenCount":4})"), usage(0, 3, 0, 4));
  EXPECT_EQ(metered(R"({"promptTokenCount":10,"cachedContentTokenCount":99})"), usage(0, 0, 10, 0))
      << "no more was cached than there was";
  EXPECT_EQ(metered(R"({"cachedContentTokenCount":99})"), usage(0, 0, 99, 0));
}

TEST(gemini_meter, takes_what_is_no_count_for_none) {
  for (const std::string none :
       {"-1", "1.5", "\"5\"", "null", "true", "[]", "{}", "9007199254740993", "9223372036854775808",
        "18446744073709551616", "1e3", "-0.0"}) {
    EXPECT_EQ(metered(R"({"promptTokenCount":)" + none + R"(,"candidatesTokenCount":2,)" +
                      R"("cachedContentTokenCount":)" + none + "}"),
              usage(0, 2, 0, 0))
        << none;
  }
  const std::string most = "9007199254740992";
  EXPECT_EQ(metered(R"({"promptTokenCount":)" + most + R"(,"toolUsePromptTokenCount":)" + most +
                    R"(,"thoughtsTokenCount":)" + most + "}"),
            usage(std::int64_t{1} << 53, 0, 0, std::int64_t{1} << 53));
  for (const std::string other : {"null", "[]", "7", "\"x\""}) {
    EXPECT_EQ(metered(other), token_usage{}) << other;
  }
}

TEST(gemini_meter, counts_nothing_in_what_other_methods_answer) {
  for (const std::string document :
       {R"({"totalTokens":31,"promptTokensDetails":[{"modality":"TEXT","tokenCount":31}]})",
        R"({"embedding":{"values":[0.1,-0.2]}})", R"({"embeddings":[{"values":[1e-3]}]})",
        R"({"currentTier":{"id":"free-tier"},"cloudaicompanionProject":"p"})", "{}"}) {
    after(answer_format::document, document, [](const auto& meter) {
      EXPECT_EQ(meter.usage(), token_usage{});
      EXPECT_TRUE(meter.complete());
      EXPECT_FALSE(meter.failed());
    });
  }
}

TEST(gemini_meter, is_not_complete_when_a_document_is_broken) {
  for (std::size_t at = 0; at < ending.size(); ++at) {
    after(answer_format::document, std::string_view(ending).substr(0, at),
          [](const auto& meter) { EXPECT_FALSE(meter.complete()); });
  }
  for (const std::string document : {"[]", "7", "x", "{}}", "{} {}", "<html>"}) {
    after(answer_format::document, document,
          [](const auto& meter) { EXPECT_FALSE(meter.complete()); });
  }
}

}  // namespace
}  // namespace baton::relay
