// What Amazon Bedrock calls Anthropic's models.
#pragma once

#include <string>
#include <string_view>

namespace baton::relay {

// The id to invoke in `region` for a model as Anthropic calls it: "claude-sonnet-4-5" is
// "us.anthropic.claude-sonnet-4-5-20250929-v1:0" in us-east-1. What does not begin with "claude-"
// is Bedrock's own name, or an ARN, and stays as it is.
std::string bedrock_model_id(std::string_view model, std::string_view region);

}  // namespace baton::relay
