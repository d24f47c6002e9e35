// What Amazon Bedrock's errors are called and what they mean. They come as answers with an error
// status and as exceptions inside a stream (AWS's reference of the Bedrock Runtime API,
// "InvokeModelWithResponseStream", and its "Common error types").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "relay/answer_format.hpp"
#include "relay/verdict.hpp"

namespace baton::relay {

struct bedrock_error {
  std::string name;        // "ThrottlingException"; empty if it has none
  std::string message;     // empty if it has none
  bool anthropic = false;  // the body is an error of Anthropic's API, which Bedrock passes on
};

// Reads the body of an error, of which the end may be missing. `type_header`: x-amzn-errortype,
// "ThrottlingException:http://internal.amazon.com/…", or empty.
bedrock_error read_bedrock_error(std::string_view type_header, std::string_view body);

// As api::error_kind. Bedrock writes the first letter of a name small inside a stream.
std::optional<failure_kind> bedrock_error_kind(std::string_view name);

// What Anthropic calls such an error.
std::string_view anthropic_type_of_bedrock(std::string_view name);

// The status that tells relay/verdict.hpp what an error amounts to; `status`: that it came with.
int bedrock_error_status(const bedrock_error& error, int status);

// Whether the model is not to be had under this id by this account, or in its region.
bool is_model_unknown(const bedrock_error& error);

// The name for an error of Baton's own.
std::string_view bedrock_error_name(error_code code);

}  // namespace baton::relay
