#include "relay/platforms/bedrock_platform.hpp"

#include <gtest/gtest.h>

#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/aws_canonical.hpp"
#include "relay/platforms/aws_signature.hpp"
#include "relay/platforms/bedrock_api.hpp"
#include "relay/platforms/bedrock_sample.test.hpp"
#include "relay/request_sample.test.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view body = R"({"model":"claude-sonnet-4-5","messages":[1]})";
constexpr std::string_view streamed =
    R"({"model":"claude-sonnet-4-5","messages":[1],"stream":true})";
constexpr std::string_view native_body =
    R"({"anthropic_version":"bedrock-2023-05-31","messages":[1],"max_tokens":1})";

account with_key() {
  account config;
  config.platform = "bedrock";
  config.name = "main";
  config.region = "us-east-1";
  config.credential.api_key = "bedrock-key";
  return config;
}

account with_signature() {
  account config = with_key();
  config.credential = {"", "", "the-secret"};
  config.access_key_id = "AKIDEXAMPLE";
  return config;
}

template <class Change>
void expect_refused(std::string_view field, Change change) {
  account config = with_signature();
  change(config);
  const auto refused = prepare_account(std::move(config));
  ASSERT_FALSE(refused) << field;
  EXPECT_EQ(refused.error().code, error_code::invalid_argument);
  EXPECT_EQ(refused.error().text.substr(0, field.size() + 1), std::string(field) + " ")
      << refused.error().text;
  EXPECT_EQ(refused.error().text.find("the-secret"), std::string::npos) << refused.error().text;
}

std::string target_of(const account& config, const std::string& target, std::string_view text) {
  return request_sample("POST", target, text).target(*prepare_account(config));
}

error_reading read(const request_sample& sample, int status, const std::string& type,
                   std::string_view text) {
  const std::string lines = type.empty() ? "" : "x-amzn-ErrorType: " + type + "\r\n";
  return find_platform("bedrock")->read_error(sample.route(), {status, header_lines(lines), text});
}
error_reading read(int status, const std::string& type, std::string_view text = "{}") {
  return read(request_sample("POST", "/v1/messages", body), status, type, text);
}

TEST(bedrock_platform, answers_messages_and_its_own_api_but_counts_no_tokens) {
  const auto* const bedrock = find_platform("bedrock");
  ASSERT_NE(bedrock, nullptr);
  EXPECT_TRUE(bedrock->answers(anthropic_messages));
  EXPECT_TRUE(bedrock->answers(bedrock_invoke));
  EXPECT_FALSE(bedrock->answers(anthropic_counting));
  EXPECT_FALSE(find_platform("claude-console")->answers(bedrock_invoke));
}

TEST(bedrock_platform, makes_an_account_ready_at_the_address_of_its_region) {
  const auto ready = prepare_account(with_signature());
  ASSERT_TRUE(ready);
  EXPECT_TRUE(ready->target.tls);
  EXPECT_EQ(ready->target.authority, "bedrock-runtime.us-east-1.amazonaws.com");
  EXPECT_NE(ready->signer, nullptr);
  EXPECT_EQ(ready->credential_lines, "");

  account elsewhere = with_key();
  elsewhere.api_url = "http://127.0.0.1:4000/aws";
  EXPECT_EQ(prepare_account(elsewhere)->target.authority, "127.0.0.1:4000");
  EXPECT_EQ(prepare_account(elsewhere)->signer, nullptr);
}

TEST(bedrock_platform, refuses_accounts_by_the_field_that_is_wrong) {
  expect_refused("region", [](account& config) { config.region.clear(); });
  expect_refused("region", [](account& config) { config.region = "us east"; });
  expect_refused("apiUrl", [](account& config) { config.api_url = "aws.test"; });
  expect_refused("priority", [](account& config) { config.priority = 0; });
  expect_refused("accessKeyId", [](account& config) { config.access_key_id.clear(); });
  expect_refused("secretAccessKey",
                 [](account& config) { config.credential.secret_access_key.clear(); });
  expect_refused("secretAccessKey",
                 [](account& config) { config.credential.secret_access_key = "the-secret\n"; });
  expect_refused("sessionToken",
                 [](account& config) { config.credential.session_token = "the-secret\r\nx: y"; });
  expect_refused("apiKey", [](account& config) { config.credential.api_key = "the-secret-too"; });
  expect_refused("apiKey", [](account& config) { config.credential.api_key = "the-secret x"; });
  expect_refused("apiKey,", [](account& config) {
    config.access_key_id.clear();
    config.credential = {};
  });
  expect_refused("accessKeyId", [](account& config) {
    config.access_key_id.clear();
    config.credential = {"", "token", ""};
  });
}

TEST(bedrock_platform, invokes_the_model_of_a_messages_request) {
  const std::string model = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
  EXPECT_EQ(target_of(with_key(), "/v1/messages?beta=true", body), model + "/invoke");
  EXPECT_EQ(target_of(with_key(), "/claude/v1/messages", streamed),
            model + "/invoke-with-response-stream");
}

TEST(bedrock_platform, invokes_what_the_operator_maps_a_model_to) {
  account config = with_key();
  config.models = {{"claude-sonnet-4-5", "arn:aws:bedrock:us-east-1:1:inference-profile/x"}};
  EXPECT_EQ(target_of(config, "/v1/messages", body),
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/invoke");
  config.models = {{"claude-sonnet-4-5", "claude-sonnet-4-5"}};  // a list
  config.region = "eu-west-1";
  EXPECT_EQ(target_of(config, "/v1/messages", body),
            "/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke");
  config.models = {{"m:1", "anthropic.other-v1:0"}};
  EXPECT_EQ(target_of(config, "/bedrock/model/m:1/invoke", native_body),
            "/model/anthropic.other-v1%3A0/invoke");
}

TEST(bedrock_platform, sends_a_native_request_s_path_in_one_way) {
  for (const std::string model :
       {"us.anthropic.x-v1:0", "us.anthropic.x-v1%3A0", "us%2Eanthropic.x-v1%3a0"}) {
    EXPECT_EQ(target_of(with_key(), "/bedrock/model/" + model + "/invoke?a=b", native_body),
              "/model/us.anthropic.x-v1%3A0/invoke?a=b");
  }
  account config = with_key();
  config.api_url = "https://proxy.test/aws";
  EXPECT_EQ(target_of(config, "/bedrock/model/m/invoke-with-response-stream", native_body),
            "/aws/model/m/invoke-with-response-stream");
}

TEST(bedrock_platform, does_not_change_a_native_body) {
  account config = with_key();
  config.models = {{"m", "other"}};
  EXPECT_EQ(request_sample("POST", "/bedrock/model/m/invoke", native_body,
                           "anthropic-beta: context-1m-2025-08-07\r\n")
                .edited_body(*prepare_account(config)),
            native_body);
}

TEST(bedrock_platform, sends_an_api_key_as_a_bearer_token) {
  EXPECT_EQ(request_sample("POST", "/v1/messages", body).credential(*prepare_account(with_key())),
            "Authorization: Bearer bedrock-key\r\n");
}

// Whether the head's lines are the signature of a request with this path, query and body.
void expect_signed(const std::string& lines, std::string_view path, std::string_view query,
                   std::string_view text, std::string_view token = {}) {
  const std::string stamp = "20240102T030405Z";
  std::vector<aws_signed_header> headers{{"host", "bedrock-runtime.us-east-1.amazonaws.com"},
                                         {"x-amz-date", stamp}};
  if (!token.empty()) headers.push_back({"x-amz-security-token", token});
  const std::string_view piece[] = {text};
  const auto canonical = aws_canonical_request("POST", path, query, headers, crypto::sha256(piece));
  const aws_scope scope{"20240102", "us-east-1", "bedrock"};
  const auto signature = aws_signature(aws_signing_key("the-secret", scope),
                                       aws_string_to_sign(stamp, scope, canonical));
  EXPECT_NE(lines.find("x-amz-date: " + stamp + "\r\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find("Credential=AKIDEXAMPLE/20240102/us-east-1/bedrock/aws4_request"),
            std::string::npos)
      << lines;
  EXPECT_TRUE(lines.ends_with("Signature=" + signature + "\r\n")) << lines;
}

std::string signed_lines(const ready_account& to, const request_sample& sample,
                         std::span<const std::string_view> pieces) {
  using namespace std::chrono;
  std::string lines;
  sample.outgoing(to, {}, [&](outgoing_request request) {
    request.body = pieces;
    request.now = sys_days(year(2024) / 1 / 2) + hours(3) + minutes(4) + seconds(5);
    to.platform->append_credential(lines, request);
  });
  return lines;
}

TEST(bedrock_platform, signs_the_request_as_it_is_sent) {
  const auto ready = prepare_account(with_signature());
  ASSERT_TRUE(ready);
  const request_sample sample("POST", "/v1/messages?beta=true", streamed);
  const std::string sent = sample.edited_body(*ready);
  const std::string_view pieces[] = {std::string_view(sent).substr(0, 9), "",
                                     std::string_view(sent).substr(9)};
  const std::string path = sample.target(*ready);
  ASSERT_EQ(path.find('?'), std::string::npos);
  expect_signed(signed_lines(*ready, sample, pieces), path, "", sent);
}

TEST(bedrock_platform, signs_native_requests_with_their_query_and_a_session_token) {
  account config = with_signature();
  config.credential.session_token = "temporary";
  const auto ready = prepare_account(config);
  ASSERT_TRUE(ready);
  const request_sample sample("POST", "/bedrock/model/a.b-v1:0/invoke?z=1&a=2", native_body);
  const std::string_view pieces[] = {native_body};
  const auto lines = signed_lines(*ready, sample, pieces);
  EXPECT_NE(lines.find("x-amz-security-token: temporary\r\n"), std::string::npos);
  EXPECT_EQ(lines.find("the-secret"), std::string::npos);
  expect_signed(lines, "/model/a.b-v1%3A0/invoke", "z=1&a=2", native_body, "temporary");
}

TEST(bedrock_platform, decodes_streams_for_clients_of_messages_only) {
  const auto* const bedrock = find_platform("bedrock");
  auto format = answer_format::aws_frames;
  EXPECT_EQ(bedrock->make_decoder(bedrock_invoke, format), nullptr);
  EXPECT_EQ(format, answer_format::aws_frames);
  const auto decoder = bedrock->make_decoder(anthropic_messages, format);
  ASSERT_NE(decoder, nullptr);
  EXPECT_EQ(format, answer_format::sse);
  std::string events;
  EXPECT_TRUE(decoder->decode(chunk_frame(R"({"type":"ping"})"), events));
  EXPECT_EQ(events, "event: ping\ndata: {\"type\":\"ping\"}\n\n");
  for (auto other : {answer_format::document, answer_format::sse}) {
    EXPECT_EQ(bedrock->make_decoder(anthropic_messages, other), nullptr);
  }
}

TEST(bedrock_platform, maps_the_statuses_of_errors) {
  EXPECT_EQ(read(429, "ThrottlingException").status, 429);
  EXPECT_EQ(read(400, "ServiceQuotaExceededException").status, 429);
  EXPECT_EQ(read(503, "ServiceUnavailableException").status, 503);
  EXPECT_EQ(read(429, "ModelNotReadyException").status, 503);
  EXPECT_EQ(read(500, "InternalServerException").status, 500);
  EXPECT_EQ(read(424, "ModelErrorException").status, 500);
  EXPECT_EQ(read(424, "").status, 500);
  EXPECT_EQ(read(408, "ModelTimeoutException").status, 504);
  EXPECT_EQ(read(403, "AccessDeniedException").status, 403);
  EXPECT_EQ(read(400, "ValidationException").status, 400);
  EXPECT_EQ(read(418, "NewException").status, 418);
  EXPECT_EQ(read(502, "", "<html>").status, 502);
}

TEST(bedrock_platform, finds_the_credential_at_fault) {
  for (const std::string name :
       {"UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException",
        "IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException", "InvalidClientTokenId"}) {
    EXPECT_EQ(read(403, name).status, 401) << name;
  }
  constexpr std::string_view wrong_key =
      R"({"Message":"Authentication failed: Please make sure your API Key is valid."})";
  EXPECT_EQ(read(403, "AccessDeniedException", wrong_key).status, 401);
  EXPECT_EQ(read(403, "", wrong_key).status, 401);
  EXPECT_EQ(read(400, "ValidationException", wrong_key).status, 400);
}

TEST(bedrock_platform, finds_an_error_s_name_wherever_it_stands) {
  for (const std::string type :
       {"ThrottlingException", "ThrottlingException:",
        "ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/"}) {
    EXPECT_EQ(read(400, type).status, 429) << type;
  }
  EXPECT_EQ(
      read(400, "", R"({"__type":"com.amazon.coral.service#ThrottlingException","message":"x"})")
          .status,
      429);
}

TEST(bedrock_platform, has_a_model_that_it_lacks_tried_elsewhere) {
  EXPECT_TRUE(read(404, "ResourceNotFoundException").not_here);
  EXPECT_TRUE(
      read(400, "ValidationException", R"({"message":"The provided model identifier is invalid."})")
          .not_here);
  EXPECT_TRUE(read(400, "ValidationException",
                   "{\"message\":\"Invocation of model ID x with on-demand throughput "
                   "isn\xE2\x80\x99t supported.\"}")
                  .not_here);
  EXPECT_FALSE(
      read(400, "ValidationException", R"({"message":"max_tokens: Field required"})").not_here);
  EXPECT_FALSE(read(403, "AccessDeniedException").not_here);
  EXPECT_FALSE(read(429, "ThrottlingException").not_here);
}

TEST(bedrock_platform, words_errors_for_clients_of_messages_only) {
  EXPECT_EQ(read(400, "ValidationException", R"({"message":"a \"b\""})").foreign_text, "a \"b\"");
  EXPECT_EQ(read(403, "", R"({"Message":"no"})").foreign_text, "no");
  EXPECT_EQ(read(502, "", "<html>").foreign_text, "Bedrock answered with status 502");
  EXPECT_EQ(read(429, "ThrottlingException", "").foreign_text,
            "Bedrock answered with status 429 (ThrottlingException)");
  EXPECT_EQ(read(400, "ValidationException", R"({"message":"cut of)").foreign_text,
            "Bedrock answered with status 400 (ValidationException)");
  const request_sample native("POST", "/bedrock/model/m/invoke", native_body);
  EXPECT_EQ(read(native, 429, "ThrottlingException", R"({"message":"x"})").foreign_text,
            std::nullopt);
  EXPECT_EQ(read(native, 424, "ModelErrorException", "").status, 500);
}

TEST(bedrock_platform, passes_errors_of_anthropic_s_on) {
  const auto reading = read(
      400, "",
      R"({"type":"error","error":{"type":"invalid_request_error","message":"invalid beta flag"}})");
  EXPECT_EQ(reading.status, 400);
  EXPECT_EQ(reading.foreign_text, std::nullopt);
}

}  // namespace
}  // namespace baton::relay
