// What key owners may see of their usage: with the key in the head (/v1/usage, /v1/key-info), and
// with it in the body, as v1's page for them sends it (/apiStats).
#pragma once

#include "base/task.hpp"
#include "net/exchange.hpp"

namespace baton::net {

task<void> answer_own_usage(exchange& ex);
task<void> answer_own_key_info(exchange& ex);

// The body has been read; its keys are checked here.
task<void> answer_key_id(exchange& ex);
task<void> answer_user_stats(exchange& ex);
task<void> answer_user_model_stats(exchange& ex);
task<void> answer_batch_stats(exchange& ex);

}  // namespace baton::net
