// What the administration asks of the actors that serve requests; beside those of messages.hpp.
#pragma once

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "admin/service.hpp"
#include "relay/account_explanation.hpp"
#include "relay/account_report.hpp"

namespace baton::actors {

// --- administration ---

struct administer {
  std::shared_ptr<const admin::request> asked;
  admin::findings found;  // what it has asked for before
};
struct administered {
  admin::step step;
};

// --- scheduler ---

// What choose_account would be answered, and why. Changes nothing.
struct explain_choice {
  choose_account wish;
};
struct choice_explained {
  relay::choice_explanation explanation;
};
// How each account does, by its actor's own word.
struct list_account_states {};
struct account_states_listed {
  std::vector<relay::account_report> reports;
};
struct find_account {
  account_id id;
};
struct account_found {
  caf::actor owner;  // null: there is no such account
};

// --- storage ---

// Answered with directory_reloaded once subscribers have been told what is stored now.
struct reload_directory {};
struct directory_reloaded {
  result<void> loaded;
};
struct reload_now {};  // to itself, behind reload_directory

// --- account ---

// The operator has mended what kept the account away: it begins afresh, but for its quota. When it
// answers, every scheduler has been told.
struct reset_account {};
struct account_reset {};
struct report_account {};
struct account_reported {
  relay::account_report report;
};

}  // namespace baton::actors

#define BATON_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(baton::actors::name)
BATON_LOCAL_MESSAGE(administer)
BATON_LOCAL_MESSAGE(administered)
BATON_LOCAL_MESSAGE(reload_directory)
BATON_LOCAL_MESSAGE(directory_reloaded)
BATON_LOCAL_MESSAGE(reload_now)
BATON_LOCAL_MESSAGE(explain_choice)
BATON_LOCAL_MESSAGE(choice_explained)
BATON_LOCAL_MESSAGE(list_account_states)
BATON_LOCAL_MESSAGE(account_states_listed)
BATON_LOCAL_MESSAGE(find_account)
BATON_LOCAL_MESSAGE(account_found)
BATON_LOCAL_MESSAGE(reset_account)
BATON_LOCAL_MESSAGE(account_reset)
BATON_LOCAL_MESSAGE(report_account)
BATON_LOCAL_MESSAGE(account_reported)
#undef BATON_LOCAL_MESSAGE
