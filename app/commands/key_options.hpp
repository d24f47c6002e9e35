// The options of `baton key create` and `key set`: what each does to a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/commands/command.hpp"
#include "app/commands/key_cost_options.hpp"
#include "relay/api_key.hpp"

namespace baton::app {

struct key_options {
  common_options common;
  std::optional<std::string> name, description, permissions, account, group, allowed_models,
      restricted_models, allowed_clients, expires_at, expires_in, expires_after_first_use, tags;
  std::optional<std::string> binding_fallback;  // "true" or "false"
  std::optional<std::uint32_t> concurrency, queue, rate_window_minutes;
  std::optional<int> queue_priority;
  std::optional<std::uint64_t> rate_requests, rate_tokens;
  key_cost_options costs;
  bool active = false;
  bool inactive = false;
};

// All but --active, which only `set` has.
void add_key_options(CLI::App& command, key_options& options);

// Changes what the options name. `store` is asked for the account or the group a key is
// bound to; a new binding takes the place of any other. The whole is for admin/key_service.hpp to
// check. Errors: invalid_argument naming the option, or what the store says.
result<void> apply(const key_options& options, wall_time now, storage::store& store,
                   relay::api_key& key);

// What admin/key_service.hpp says of a field is told about the option that sets it.
error about_option(error failure);

}  // namespace baton::app
