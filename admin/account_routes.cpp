// Upstream accounts of every platform.
#include <algorithm>
#include <utility>

#include "admin/account_fields.hpp"
#include "admin/account_service.hpp"
#include "admin/account_views.hpp"
#include "admin/etag.hpp"
#include "admin/list_query.hpp"
#include "admin/route.hpp"
#include "relay/platform.hpp"

namespace baton::admin {
namespace {

answer account_answer(const relay::account& account, int status = 200) {
  auto reply = json_answer(show_fields(account_fields(), account), status);
  reply.headers.emplace_back("etag", etag_of(account.updated_at));
  return reply;
}

result<relay::account> find_account(const call& made) {
  const auto& platform = made.parameters.at(0);
  if (auto known = check_platform(platform); !known) return known.error();
  return admin::find_account(made.at.store, platform, made.parameters.at(1));
}

result<relay::account> find_account_to_change(const call& made) {
  auto account = find_account(made);
  if (!account) return account;
  if (auto may = check_if_match(made.asked.if_match, account->updated_at); !may) {
    return may.error();
  }
  return account;
}

constexpr std::string_view list_parameters[] = {
    "page", "pageSize", "search", "sort", "order", "isActive", "schedulable", "tag", "group"};
constexpr std::string_view sorts[] = {"name", "priority", "createdAt", "updatedAt"};

using account_list = std::vector<const relay::account*>;

// They come by name.
void sort_accounts(account_list& accounts, const list_query& query) {
  const auto by = [&](auto value) {
    std::stable_sort(accounts.begin(), accounts.end(),
                     [&](const auto* a, const auto* b) { return value(*a) < value(*b); });
  };
  if (query.sort == "priority") by([](const relay::account& each) { return each.priority; });
  if (query.sort == "createdAt") by([](const relay::account& each) { return each.created_at; });
  if (query.sort == "updatedAt") by([](const relay::account& each) { return each.updated_at; });
  if (query.descending) std::reverse(accounts.begin(), accounts.end());
}

// `platform`: empty for all of them.
outcome list_of(call& made, std::string_view platform) {
  const auto given = query_parameters::read(made.asked.query, list_parameters);
  if (!given) return given.error();
  const auto query = read_list_query(*given, sorts);
  if (!query) return query.error();
  const auto active = given->flag("isActive");
  if (!active) return active.error();
  const auto schedulable = given->flag("schedulable");
  if (!schedulable) return schedulable.error();
  const std::string tag(given->text("tag"));
  const group_id group{std::string(given->text("group"))};
  const auto all = made.at.known.accounts();
  if (!all) return all.error();
  const auto has = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  account_list accounts;
  for (const auto& each : **all) {
    if ((platform.empty() || each.platform == platform) &&
        (!*active || each.is_active == **active) &&
        (!*schedulable || each.schedulable == **schedulable) &&
        (tag.empty() || has(each.tags, tag)) &&
        (group.value().empty() || has(each.groups, group)) &&
        contains(query->search, {each.name, each.description, each.id.value(), each.api_url},
                 each.tags)) {
      accounts.push_back(&each);
    }
  }
  sort_accounts(accounts, *query);
  return json_answer(page_json(*query, accounts, [](const relay::account* each) {
    return show_fields(account_fields(), *each);
  }));
}

outcome list_all(call& made) {
  return list_of(made, {});
}

outcome list_platform(call& made) {
  const auto& platform = made.parameters.at(0);
  if (auto known = check_platform(platform); !known) return known.error();
  return list_of(made, platform);
}

outcome create(call& made) {
  relay::account draft;
  draft.platform = made.parameters.at(0);
  if (auto known = check_platform(draft.platform); !known) return known.error();
  const auto body = body_of(made);
  if (!body) return body.error();
  if (auto done = read_account(*body, draft, read_mode::create); !done) {
    return done.error();
  }
  const auto created = create_account(made.at.store, std::move(draft), author_of(made));
  if (!created) return created.error();
  made.changed = true;
  auto reply = account_answer(*created, 201);
  reply.headers.emplace_back("location",
                             "/api/v2/accounts/" + created->platform + "/" + created->id.value());
  return reply;
}

outcome show(call& made) {
  const auto account = find_account(made);
  if (!account) return account.error();
  return account_answer(*account);
}

outcome store_change(call& made, const relay::account& before, const relay::account& after,
                     std::string_view action) {
  const auto stored = change_account(made.at.store, before, after, author_of(made), action);
  if (!stored) return stored.error();
  made.changed = true;
  return account_answer(*stored);
}

outcome update(call& made) {
  const auto before = find_account_to_change(made);
  if (!before) return before.error();
  const auto body = change_of(made, before->updated_at);
  if (!body) return body.error();
  auto after = *before;
  if (auto done = read_account(*body, after, read_mode::update); !done) {
    return done.error();
  }
  return store_change(made, *before, after, "account.update");
}

outcome remove(call& made) {
  const auto account = find_account_to_change(made);
  if (!account) return account.error();
  if (auto done = remove_account(made.at.store, *account, author_of(made)); !done) {
    return done.error();
  }
  made.changed = true;
  return account_answer(*account);
}

outcome toggle_schedulable(call& made) {
  const auto before = find_account_to_change(made);
  if (!before) return before.error();
  auto after = *before;
  after.schedulable = !before->schedulable;
  return store_change(made, *before, after, "account.toggle-schedulable");
}

// What a worker sees of the account now.
result<relay::account_report> report_of(const call& made, const account_id& id) {
  if (!*made.found.accounts) return made.found.accounts->error();
  for (const auto& each : **made.found.accounts) {
    if (each.id == id) return each;
  }
  return internal_error(error_code::storage_failed,
                        "The account cannot be used as it is stored; the log says why.");
}

outcome show_availability(call& made) {
  const auto account = find_account(made);
  if (!account) return account.error();
  if (!made.found.accounts) return errand(look_at_accounts{});
  const auto report = report_of(made, account->id);
  if (!report) return report.error();
  return json_answer(availability_json(*account, *report));
}

// What is ordered is written down before it is done, whatever comes of it.
result<void> note(const call& made, std::string_view action, const relay::account& account) {
  return made.at.store.add_audit(audit_entry(author_of(made), action,
                                             {"account", account.id.value(), account.name},
                                             ordered_json::object()));
}

// Ends what keeps the account away; the answer is how it does afterwards.
outcome reset(call& made) {
  const auto account = find_account(made);
  if (!account) return account.error();
  if (!made.found.reset) {
    if (auto noted = note(made, "account.reset", *account); !noted) return noted.error();
    return errand(reset_account{account->id});
  }
  if (!*made.found.reset) return made.found.reset->error();
  if (!made.found.accounts) return errand(look_at_accounts{});
  const auto report = report_of(made, account->id);
  if (!report) return report.error();
  return json_answer(availability_json(*account, *report));
}

outcome test(call& made) {
  const auto account = find_account(made);
  if (!account) return account.error();
  std::string model;
  if (!made.asked.body.empty()) {
    const auto body = body_of(made);
    if (!body) return body.error();
    auto read = read_model(*body);
    if (!read) return read.error();
    model = *std::move(read);
  }
  if (made.found.trial) {
    if (!*made.found.trial) return made.found.trial->error();
    return json_answer(trial_json(**made.found.trial));
  }
  auto ready = relay::prepare_account(*account);
  if (!ready) return ready.error();
  if (auto noted = note(made, "account.test", *account); !noted) return noted.error();
  return errand(try_account{std::make_shared<const relay::ready_account>(*std::move(ready)),
                            std::move(model)});
}

// Accounts whose credential is a login are still to come, whatever the platform.
outcome refuse_oauth(call& made) {
  const auto& platform = made.parameters.at(0);
  if (auto known = check_platform(platform); !known) return known.error();
  return downstream_error(
      error_code::not_implemented,
      "Logins by OAuth are not built yet; an account of " + platform + " takes a key or a token.");
}

constexpr route rows[] = {
    {.method = "GET",
     .path = "/api/v2/accounts",
     .serve = &list_all,
     .summary = "The accounts of all platforms, a page at a time",
     .answer_schema = "AccountPage",
     .query = list_parameters},
    {.method = "GET",
     .path = "/api/v2/accounts/{platform}",
     .serve = &list_platform,
     .summary = "The accounts of one platform, a page at a time",
     .answer_schema = "AccountPage",
     .query = list_parameters},
    {.method = "POST",
     .path = "/api/v2/accounts/{platform}",
     .serve = &create,
     .summary = "Adds an account",
     .request_schema = "NewAccount",
     .answer_schema = "Account",
     .success = 201},
    {.method = "GET",
     .path = "/api/v2/accounts/{platform}/{id}",
     .serve = &show,
     .summary = "One account",
     .answer_schema = "Account"},
    {.method = "PUT",
     .path = "/api/v2/accounts/{platform}/{id}",
     .serve = &update,
     .summary = "Changes an account; what is not sent stays as it is",
     .request_schema = "AccountChange",
     .checks_if_match = true,
     .answer_schema = "Account"},
    {.method = "DELETE",
     .path = "/api/v2/accounts/{platform}/{id}",
     .serve = &remove,
     .summary = "Removes an account; its running answers end, its usage stays",
     .checks_if_match = true,
     .answer_schema = "Account"},
    {.method = "POST",
     .path = "/api/v2/accounts/{platform}/{id}/toggle-schedulable",
     .serve = &toggle_schedulable,
     .summary = "Takes an account out of the choice, or puts it back",
     .checks_if_match = true,
     .answer_schema = "Account"},
    {.method = "POST",
     .path = "/api/v2/accounts/{platform}/{id}/reset-rate-limit",
     .serve = &reset,
     .summary = "Ends an account's cooldowns and closes its circuit",
     .answer_schema = "Availability"},
    {.method = "GET",
     .path = "/api/v2/accounts/{platform}/{id}/availability",
     .serve = &show_availability,
     .summary = "Whether an account can be used now, and what keeps it away",
     .answer_schema = "Availability"},
    {.method = "POST",
     .path = "/api/v2/accounts/{platform}/{id}/test",
     .serve = &test,
     .summary = "Sends a real, small request to an account",
     .request_schema = "TestOrder",
     .body_optional = true,
     .answer_schema = "Trial"},
    {.method = "POST",
     .path = "/api/v2/accounts/{platform}/oauth/authorize-url",
     .serve = &refuse_oauth,
     .summary = "Not built yet: begins a login by OAuth",
     .answer_schema = "Error",
     .success = 501},
    {.method = "POST",
     .path = "/api/v2/accounts/{platform}/oauth/exchange",
     .serve = &refuse_oauth,
     .summary = "Not built yet: ends a login by OAuth",
     .answer_schema = "Error",
     .success = 501},
};

}  // namespace

std::span<const route> account_routes() {
  return rows;
}

}  // namespace baton::admin
