#include "relay/platforms/bedrock_platform.hpp"

#include "relay/percent_text.hpp"
#include "relay/platforms/account_checks.hpp"
#include "relay/platforms/anthropic_api.hpp"
#include "relay/platforms/aws_signature.hpp"
#include "relay/platforms/bedrock_api.hpp"
#include "relay/platforms/bedrock_body.hpp"
#include "relay/platforms/bedrock_decoder.hpp"
#include "relay/platforms/bedrock_errors.hpp"
#include "relay/platforms/bedrock_models.hpp"
#include "relay/platforms/trial_requests.hpp"

namespace baton::relay {
namespace {

error wrong(std::string text) {
  return downstream_error(error_code::invalid_argument, std::move(text));
}

bool is_signed(const account& config) {
  return !config.access_key_id.empty() || !config.credential.secret_access_key.empty() ||
         !config.credential.session_token.empty();
}

result<void> check_credential(const account& config) {
  const auto& [api_key, session_token, secret_access_key] = config.credential;
  for (const auto& [field, secret] :
       {std::pair("apiKey", &api_key), std::pair("sessionToken", &session_token),
        std::pair("secretAccessKey", &secret_access_key)}) {
    if (auto checked = check_header_secret(field, *secret); !checked) return checked.error();
  }
  if (!is_signed(config)) {
    if (!api_key.empty()) return {};
    return wrong("apiKey, or accessKeyId and secretAccessKey, is required");
  }
  if (!api_key.empty()) return wrong("apiKey must not be set beside an AWS key");
  if (config.access_key_id.empty()) return wrong("accessKeyId is required beside a secret");
  if (secret_access_key.empty()) return wrong("secretAccessKey is required beside accessKeyId");
  return {};
}

bool is_messages(const relay::route& route) {
  return route.protocol == &anthropic_messages;
}

// The id is escaped whole, also where the client left a colon as it is: what is signed is then what
// AWS makes of the path.
std::string target_path(const outgoing_request& request) {
  const auto model = percent_encode(bedrock_model_id(request.model, request.account.config.region));
  if (!is_messages(request.route)) {
    return join_path(request.account.target.base_path, upstream_path(request.route, model));
  }
  const std::string_view action = request.facts.stream ? "/invoke-with-response-stream" : "/invoke";
  return join_path(request.account.target.base_path, "/model/" + model + std::string(action));
}

// What clients of Anthropic Messages say there (beta=true) means nothing to Bedrock.
std::string_view target_query(const outgoing_request& request) {
  return is_messages(request.route) ? std::string_view() : request.query;
}

}  // namespace

bool bedrock_platform::answers(const api& client_api) const {
  return &client_api == &anthropic_messages || &client_api == &bedrock_invoke;
}

result<ready_account> bedrock_platform::prepare(account config) const {
  if (auto common = check_common_fields(config); !common) return common.error();
  if (config.region.empty()) return wrong("region is required");
  if (auto credential = check_credential(config); !credential) return credential.error();
  auto target =
      check_api_url(config, "https://bedrock-runtime." + config.region + ".amazonaws.com");
  if (!target) return target.error();
  ready_account ready;
  ready.platform = this;
  ready.target = *std::move(target);
  const auto& credential = config.credential;
  if (is_signed(config)) {
    ready.signer = std::make_shared<const aws_signer>(
        aws_credentials{config.access_key_id, credential.secret_access_key,
                        credential.session_token},
        config.region, "bedrock");
  } else {
    ready.credential_lines = "Authorization: Bearer " + credential.api_key + "\r\n";
  }
  ready.config = std::move(config);
  return ready;
}

void bedrock_platform::append_target(std::string& head, const outgoing_request& request) const {
  head += target_path(request);
  const auto query = target_query(request);
  if (!query.empty()) head.append("?").append(query);
}

void bedrock_platform::append_credential(std::string& head, const outgoing_request& request) const {
  const auto& account = request.account;
  if (!account.signer) return platform::append_credential(head, request);
  const std::string path = target_path(request);
  account.signer->append_headers(head,
                                 {.method = request.route.method,
                                  .path = path,
                                  .query = target_query(request),
                                  .host = account.target.authority,
                                  .body = request.body},
                                 request.now);
}

void bedrock_platform::edit_body(body_edits& edits, const outgoing_request& request) const {
  if (is_messages(request.route)) edit_bedrock_body(edits, request);
}

std::unique_ptr<answer_decoder> bedrock_platform::make_decoder(const api& client_api,
                                                               answer_format& format) const {
  if (&client_api != &anthropic_messages || format != answer_format::aws_frames) return nullptr;
  format = answer_format::sse;
  return std::make_unique<bedrock_decoder>();
}

error_reading bedrock_platform::read_error(const relay::route& route,
                                           const error_answer& answer) const {
  const auto error = read_bedrock_error(answer.headers.find("x-amzn-errortype"), answer.body);
  error_reading reading;
  reading.status = bedrock_error_status(error, answer.status);
  reading.not_here = is_model_unknown(error);
  if (!is_messages(route) || error.anthropic) return reading;
  reading.foreign_text = error.message;
  if (error.message.empty()) {
    reading.foreign_text = "Bedrock answered with status " + std::to_string(answer.status);
    if (!error.name.empty()) reading.foreign_text->append(" (").append(error.name).append(")");
  }
  return reading;
}

std::string_view bedrock_platform::trial_model(const account&) const {
  return "claude-haiku-4-5";
}

std::vector<trial_request> bedrock_platform::trials(std::string_view model) const {
  return {messages_trial(model)};
}

}  // namespace baton::relay
