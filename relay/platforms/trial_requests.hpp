// The smallest requests that show whether an account works, worded as a client of Baton words them.
#pragma once

#include <string>
#include <string_view>

#include "relay/platform.hpp"

namespace baton::relay {

// `model`: a name that check_model_name() has passed, so it needs no escapes in JSON.
trial_request messages_trial(std::string_view model);
trial_request responses_trial(std::string_view model);
trial_request chat_trial(std::string_view model);
trial_request azure_chat_trial(std::string_view model);
trial_request gemini_trial(std::string_view model);
// Asks about the account: a generation would need the project, which only its clients know.
trial_request code_assist_trial();

}  // namespace baton::relay
