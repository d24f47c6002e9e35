#include "relay/platforms/openai_request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "relay/padded_text.test.hpp"

namespace baton::relay {
namespace {

constexpr auto required = model_field::required;
constexpr auto optional = model_field::optional;

std::string responses_body(std::string_view fields) {
  return R"({"model":"gpt-5.5")" + std::string(fields) + "}";
}
std::string chat_body(std::string_view fields) {
  return R"({"model":"gpt-5.5","messages":[{"role":"user","content":"hi"}])" + std::string(fields) +
         "}";
}

template <class Inspect>
std::string refusal(std::string_view body, Inspect inspect) {
  std::string text;
  for (const char filler : {'\0', '}', ']', '"', ',', ':', '{', 'x', '\\', '\xff'}) {
    const padded_text padded(body, filler);
    const auto facts = inspect(padded.view());
    if (facts) return "none: " + std::string(body);
    EXPECT_EQ(facts.error().source, error_source::downstream);
    text = facts.error().text;
  }
  return text;
}
std::string responses_refusal(std::string_view body) {
  return refusal(body, inspect_responses_request);
}
std::string chat_refusal(std::string_view body) {
  return refusal(body,
                 [](std::string_view padded) { return inspect_chat_request(padded, required); });
}

// The body with the wish in it; empty: there is none.
std::string wished(std::string_view body) {
  const padded_text padded(body, '"');
  const auto facts = inspect_chat_request(padded.view(), required);
  EXPECT_TRUE(facts) << body << ": " << (facts ? "" : facts.error().text);
  if (!facts || !facts->usage_wish) return {};
  std::string edited(body);
  const auto& wish = *facts->usage_wish;
  return edited.replace(wish.offset, wish.removed_bytes, wish.text);
}

TEST(openai_request, tells_the_facts_of_a_responses_body) {
  const padded_text body(
      R"({"input":[{"role":"user","content":"\"model\""}],"instructions":"i","stream":true,)"
      R"("store":false,"include":["reasoning.encrypted_content"],"tools":[{"type":"namespace"}],)"
      R"("previous_response_id":"resp_1" ,"prompt_cache_key":"k","max_output_tokens":4096,)"
      R"("model":"gpt-5.5-codex","client_metadata":{"model":1}})");
  const auto facts = inspect_responses_request(body.view());
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->model, "gpt-5.5-codex");
  EXPECT_EQ(body.view().substr(*facts->model_offset, facts->model.size()), facts->model);
  EXPECT_TRUE(facts->stream);
  EXPECT_FALSE(facts->stored);
  EXPECT_EQ(facts->max_output_tokens, 4096u);
  EXPECT_EQ(facts->system, "\"i\"");
  EXPECT_EQ(facts->previous, "\"resp_1\"");
  EXPECT_EQ(facts->session_name, "\"k\"");
  EXPECT_EQ(facts->messages, R"([{"role":"user","content":"\"model\""}])");
  EXPECT_EQ(facts->estimated_input_tokens, body.view().size() / 4);
  EXPECT_FALSE(facts->usage_wish);
}

TEST(openai_request, takes_responses_without_an_input_and_stores_them_by_default) {
  for (const std::string_view fields :
       {"", R"(,"prompt":{"id":"pmpt_1"})", R"(,"store":null)", R"(,"store":true)"}) {
    const auto facts = inspect_responses_request(padded_text(responses_body(fields)).view());
    ASSERT_TRUE(facts) << fields;
    EXPECT_TRUE(facts->stored && facts->messages.empty() && !facts->stream);
  }
}

TEST(openai_request, refuses_responses_that_are_made_in_the_background) {
  for (const std::string_view fields : {R"(,"background":false)", R"(,"background":null)"}) {
    EXPECT_TRUE(inspect_responses_request(padded_text(responses_body(fields)).view())) << fields;
  }
  const padded_text body(responses_body(R"(,"background":true)"));
  const auto refused = inspect_responses_request(body.view());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::invalid_argument);
  EXPECT_EQ(refused.error().text,
            "background: Responses made in the background are not relayed, since what they use "
            "could not be counted");
  for (const std::string_view odd : {"1", "\"true\"", "[]", "{}", "truer"}) {
    EXPECT_EQ(responses_refusal(responses_body(",\"background\":" + std::string(odd))),
              "background: Must be true or false")
        << odd;
  }
  EXPECT_EQ(responses_refusal(responses_body(R"(,"background":false,"background":true)")),
            "background: The field is there twice");
  EXPECT_EQ(responses_refusal(responses_body(R"(,"Background":true)")),
            "background: The field's name must be written as here");
}

TEST(openai_request, refuses_responses_that_can_be_read_in_two_ways) {
  EXPECT_EQ(responses_refusal("{}"), "model: Field required");
  EXPECT_EQ(responses_refusal(R"({"input":"x"})"), "model: Field required");
  EXPECT_EQ(responses_refusal(responses_body(R"(,"model":"x")")),
            "model: The field is there twice");
  EXPECT_EQ(responses_refusal(R"({"model":7})"), "model: Must be a string");
  EXPECT_EQ(responses_refusal(R"({"model":""})"), "model: Must not be empty");
  EXPECT_EQ(responses_refusal(R"({"model":"a\u0062"})"), "model: Must be written without escapes");
  EXPECT_EQ(responses_refusal(responses_body(R"(,"stream":1)")), "stream: Must be true or false");
  EXPECT_EQ(responses_refusal(responses_body(R"(,"store":"no")")), "store: Must be true or false");
  EXPECT_EQ(responses_refusal(responses_body(R"(,"STORE":true)")),
            "store: The field's name must be written as here");
  EXPECT_EQ(responses_refusal(responses_body(R"(,"max_output_tokens":-1)")),
            "max_output_tokens: Must be a number that is not negative");
  for (const std::string_view broken :
       {"", "x", "[]", "{", "{\"model\":\"m\"", "{\"model\":\"m\"}}",
        "{\"model\":\"m\",\"input\":}", "\"model\""}) {
    EXPECT_TRUE(responses_refusal(broken).starts_with("The request body ")) << broken;
  }
}

TEST(openai_request, tells_the_facts_of_a_chat_body) {
  const padded_text body(chat_body(
      R"(,"stream":true,"max_tokens":100,"max_completion_tokens":50,"n":3,"prompt_cache_key":"k")"));
  const auto facts = inspect_chat_request(body.view(), required);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->model, "gpt-5.5");
  EXPECT_TRUE(facts->stream);
  EXPECT_FALSE(facts->stored);
  EXPECT_EQ(facts->max_output_tokens, 300u) << "the larger limit, for each choice";
  EXPECT_EQ(facts->messages, R"([{"role":"user","content":"hi"}])");
  EXPECT_EQ(facts->session_name, "\"k\"");
}

TEST(openai_request, bounds_what_a_chat_may_ask_for) {
  const auto limit = [](std::string_view fields) {
    const padded_text body(chat_body(fields));
    return inspect_chat_request(body.view(), required).value().max_output_tokens;
  };
  EXPECT_EQ(limit(R"(,"n":0,"max_tokens":7)"), 7u);
  EXPECT_EQ(limit(R"(,"n":null,"max_tokens":null,"max_completion_tokens":7)"), 7u);
  EXPECT_EQ(limit(R"(,"n":1e300,"max_tokens":1e300)"), (std::uint64_t{1} << 40) * 128);
}

TEST(openai_request, names_models_as_upstreams_do) {
  for (const std::string model : {"ft:gpt-5.5:org:x", "openai/gpt-5.5", "模型", "a[1m]"}) {
    const padded_text body(R"({"messages":[1],"model":")" + model + "\"}");
    EXPECT_EQ(inspect_chat_request(body.view(), required).value().model, model);
  }
}

TEST(openai_request, refuses_chats_that_can_be_read_in_two_ways) {
  EXPECT_EQ(chat_refusal(R"({"messages":[1]})"), "model: Field required");
  EXPECT_EQ(chat_refusal(R"({"model":"m"})"), "messages: Field required");
  EXPECT_EQ(chat_refusal(R"({"model":"m","messages":[]})"),
            "messages: Must hold at least one message");
  EXPECT_EQ(chat_refusal(R"({"model":"m","messages":"hi"})"), "messages: Must be an array");
  EXPECT_EQ(chat_refusal(chat_body(R"(,"messages":[2])")), "messages: The field is there twice");
  EXPECT_EQ(chat_refusal(chat_body(R"(,"stream_options":{},"stream_options":{})")),
            "stream_options: The field is there twice");
  EXPECT_EQ(chat_refusal(chat_body(R"(,"stream\u005foptions":{})")),
            "stream_options: The field's name must be written without escapes");
  for (const std::string_view odd :
       {"[]", "\"x\"", "7", "true", "{1}", R"({"x":})", R"({"x")", R"({"x":"y":true})",
        R"({"include_usage":falsey})", R"({"include_usage":nul})", "nulls"}) {
    EXPECT_NE(chat_refusal(chat_body(",\"stream\":true,\"stream_options\":" + std::string(odd)))
                  .substr(0, 4),
              "none")
        << odd;
  }
}

TEST(openai_request, wishes_for_usage_where_the_client_did_not) {
  EXPECT_EQ(
      wished(R"( {"model":"m","stream":true,"messages":[1]})"),
      R"( {"stream_options":{"include_usage":true},"model":"m","stream":true,"messages":[1]})");
  const auto with = [](std::string_view options) {
    return R"({"model":"m","stream":true,"messages":[1],"stream_options":)" + std::string(options) +
           "}";
  };
  EXPECT_EQ(wished(with("null")), with(R"({"include_usage":true})"));
  EXPECT_EQ(wished(with("{}")), with(R"({"include_usage":true})"));
  EXPECT_EQ(wished(with("{ }")), with(R"({"include_usage":true })"));
  EXPECT_EQ(wished(with(R"({"x":[{"include_usage":true}]})")),
            with(R"({"include_usage":true,"x":[{"include_usage":true}]})"));
  EXPECT_EQ(wished(with(R"({"include_usage" : false ,"x":1})")),
            with(R"({"include_usage" : true ,"x":1})"));
  EXPECT_EQ(wished(with(R"({"include_usage":null})")), with(R"({"include_usage":true})"));
  EXPECT_EQ(wished(with(R"({"include\u005fusage":false})")),
            with(R"({"include\u005fusage":true})"));
  EXPECT_EQ(wished(with(R"({"include_usage":true,"include_usage":false})")),
            with(R"({"include_usage":true,"include_usage":true})"));
}

TEST(openai_request, wishes_for_nothing_where_there_is_nothing_to_wish_for) {
  for (const std::string_view fields :
       {R"(,"stream":true,"stream_options":{"include_usage":true})",
        R"(,"stream":true,"stream_options":{"x":"{","include_usage":true})",
        R"(,"stream":false,"stream_options":null)", R"(,"stream":null)", ""}) {
    EXPECT_EQ(wished(chat_body(fields)), "") << fields;
  }
}

TEST(openai_request, refuses_a_wish_that_upstreams_read_in_several_ways) {
  for (const std::string_view odd :
       {R"("yes")", R"("true")", R"("")", "1", "0", "0.5", "[]", "[true]", "{}"}) {
    for (const std::string_view more : {"", R"(,"include_usage":true)", R"(,"x":"{")"}) {
      const std::string options =
          R"({"include_usage":)" + std::string(odd) + std::string(more) + "}";
      EXPECT_EQ(chat_refusal(chat_body(R"(,"stream":true,"stream_options":)" + options)),
                "stream_options.include_usage: Must be true or false")
          << options;
    }
  }
}

TEST(openai_request, tells_the_facts_of_embeddings) {
  const padded_text body(R"({"input":["a"],"model":"text-embedding-3"})");
  const auto facts = inspect_embeddings_request(body.view(), required);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->model, "text-embedding-3");
  EXPECT_FALSE(facts->stream);
  const auto inspect = [](std::string_view padded) {
    return inspect_embeddings_request(padded, required);
  };
  EXPECT_EQ(refusal(R"({"model":"m"})", inspect), "input: Field required");
  EXPECT_EQ(refusal(R"({"input":"x"})", inspect), "model: Field required");
}

TEST(openai_request, may_leave_the_model_to_the_account) {
  const padded_text chat(R"({"messages":[1],"stream":true})"), texts(R"({"input":"x"})");
  const auto of_chat = inspect_chat_request(chat.view(), optional);
  ASSERT_TRUE(of_chat);
  EXPECT_TRUE(of_chat->model.empty() && !of_chat->model_offset && of_chat->usage_wish);
  EXPECT_TRUE(inspect_embeddings_request(texts.view(), optional));
}

TEST(openai_request, refuses_a_body_cut_at_any_byte) {
  const std::string whole = chat_body(
      R"(,"stream":true,"stream_options":{"include_usage":false,"x":[1,{"y":"z\\"}]},"n":2)");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    EXPECT_NE(chat_refusal(whole.substr(0, at)).substr(0, 4), "none") << at;
  }
  EXPECT_TRUE(nlohmann::json::accept(wished(whole)));
}

}  // namespace
}  // namespace baton::relay
