// The body of a request to Anthropic Messages as InvokeModel takes it: without `model` and
// `stream`, which the path tells, and with `anthropic_version` and `anthropic_beta`, which are
// headers elsewhere (AWS's "Anthropic Claude Messages API" in the Bedrock user guide).
#pragma once

#include "relay/platform.hpp"

namespace baton::relay {

// `request` is one to Anthropic Messages.
void edit_bedrock_body(body_edits& edits, const outgoing_request& request);

}  // namespace baton::relay
