// Upstream accounts by v1's paths: each kind has its own.
#include <algorithm>
#include <utility>

#include "admin/account_service.hpp"
#include "admin/v1/account_body.hpp"
#include "admin/v1/answers.hpp"
#include "admin/v1/usage.hpp"

namespace baton::admin::v1 {
namespace {

std::string platform_of(const call& made) {
  const bool is_console = made.asked.path.starts_with("/admin/claude-console-accounts");
  return is_console ? "claude-console" : "claude-official";
}

// Errors: not_implemented for a platform that is not built yet.
result<relay::account> find_account(const call& made) {
  const auto platform = platform_of(made);
  if (auto built = check_platform(platform); !built) return built.error();
  return admin::find_account(made.at.store, platform, made.parameters.at(0));
}

const relay::account_report* report_of(const std::vector<relay::account_report>& reports,
                                       const account_id& id) {
  const auto found =
      std::find_if(reports.begin(), reports.end(), [&](const auto& each) { return each.id == id; });
  return found == reports.end() ? nullptr : &*found;
}

// Of a platform that is not built yet there are none.
outcome list_accounts(call& made) {
  if (!made.found.accounts) return errand(look_at_accounts{});
  if (!*made.found.accounts) return made.found.accounts->error();
  const auto all = made.at.known.accounts();
  if (!all) return all.error();
  const auto used = usage_by(made.at.store, relay::usage_group::account, {});
  if (!used) return used.error();
  auto items = ordered_json::array();
  for (const auto& each : **all) {
    if (each.platform != platform_of(made)) continue;
    auto item = account_json(each, report_of(**made.found.accounts, each.id));
    item["usage"] = {{"total", usage_json(*used, each.id.value())}};
    items.push_back(std::move(item));
  }
  return success(std::move(items));
}

outcome create(call& made) {
  relay::account draft;
  draft.platform = platform_of(made);
  if (auto built = check_platform(draft.platform); !built) return built.error();
  auto body = body_of(made);
  if (!body) return body.error();
  if (auto done = read_account(*std::move(body), draft, read_mode::create); !done) {
    return done.error();
  }
  const auto created = create_account(made.at.store, std::move(draft), author_of(made));
  if (!created) return created.error();
  made.changed = true;
  relay::account_report fresh;
  fresh.id = created->id;
  return success(account_json(*created, &fresh));
}

result<relay::account> store_change(call& made, const relay::account& before,
                                    const relay::account& after, std::string_view action) {
  auto stored = change_account(made.at.store, before, after, author_of(made), action);
  if (stored) made.changed = true;
  return stored;
}

outcome update(call& made) {
  const auto before = find_account(made);
  if (!before) return before.error();
  auto body = body_of(made);
  if (!body) return body.error();
  auto after = *before;
  if (auto done = read_account(*std::move(body), after, read_mode::update); !done) {
    return done.error();
  }
  const auto stored = store_change(made, *before, after, "account.update");
  if (!stored) return stored.error();
  return success_message("Account updated successfully");
}

outcome remove(call& made) {
  const auto account = find_account(made);
  if (!account) return account.error();
  if (auto done = remove_account(made.at.store, *account, author_of(made)); !done) {
    return done.error();
  }
  made.changed = true;
  return success_message("Account deleted successfully");
}

outcome toggle(call& made) {
  const auto before = find_account(made);
  if (!before) return before.error();
  auto after = *before;
  after.is_active = !before->is_active;
  const auto stored = store_change(made, *before, after, "account.toggle");
  if (!stored) return stored.error();
  return json_answer({{"success", true}, {"isActive", stored->is_active}});
}

outcome toggle_schedulable(call& made) {
  const auto before = find_account(made);
  if (!before) return before.error();
  auto after = *before;
  after.schedulable = !before->schedulable;
  const auto stored = store_change(made, *before, after, "account.toggle-schedulable");
  if (!stored) return stored.error();
  return json_answer({{"success", true}, {"schedulable", stored->schedulable}});
}

outcome reset_status(call& made) {
  const auto account = find_account(made);
  if (!account) return account.error();
  if (!made.found.reset) return errand(reset_account{account->id});
  if (!*made.found.reset) return made.found.reset->error();
  const auto entry =
      audit_entry(author_of(made), "account.reset", {"account", account->id.value(), account->name},
                  ordered_json::object());
  if (auto written = made.at.store.add_audit(entry); !written) return written.error();
  return success_message("Account status reset successfully");
}

outcome refuse_oauth(call& made) {
  if (auto built = check_platform(platform_of(made)); !built) return built.error();
  return downstream_error(error_code::not_implemented, "Logins by OAuth are not built yet.");
}

constexpr route rows[] = {
    row("GET", "/admin/claude-console-accounts", &list_accounts, "The accounts of claude-console"),
    row("POST", "/admin/claude-console-accounts", &create, "Adds one", "V1Body"),
    row("PUT", "/admin/claude-console-accounts/{id}", &update, "Changes one", "V1Body"),
    row("DELETE", "/admin/claude-console-accounts/{id}", &remove, "Removes one"),
    row("PUT", "/admin/claude-console-accounts/{id}/toggle", &toggle, "Switches one on or off"),
    row("PUT", "/admin/claude-console-accounts/{id}/toggle-schedulable", &toggle_schedulable,
        "Takes one out of the choice, or puts it back"),
    row("POST", "/admin/claude-console-accounts/{id}/reset-status", &reset_status,
        "Ends one's cooldowns and closes its circuit"),

    row("GET", "/admin/claude-accounts", &list_accounts, "The accounts of claude-official: none"),
    row("POST", "/admin/claude-accounts", &create, "Not built yet", "V1Body"),
    row("PUT", "/admin/claude-accounts/{id}", &update, "Not built yet", "V1Body"),
    row("DELETE", "/admin/claude-accounts/{id}", &remove, "Not built yet"),
    row("PUT", "/admin/claude-accounts/{id}/toggle", &toggle, "Not built yet"),
    row("PUT", "/admin/claude-accounts/{id}/toggle-schedulable", &toggle_schedulable,
        "Not built yet"),
    row("POST", "/admin/claude-accounts/{id}/reset-status", &reset_status, "Not built yet"),
    row("POST", "/admin/claude-accounts/generate-auth-url", &refuse_oauth, "Not built yet"),
    row("POST", "/admin/claude-accounts/exchange-code", &refuse_oauth, "Not built yet"),
};

}  // namespace

std::span<const route> account_routes() {
  return rows;
}

}  // namespace baton::admin::v1
