#include "app/commands/demo_accounts.hpp"

#include <string_view>

#include "base/crypto.hpp"
#include "base/time.hpp"
#include "tests/support/mock_signature.hpp"

namespace baton::app {
namespace {

// Where two platforms answer the same clients, the first one here does and the other helps out.
constexpr int helping_priority = 60;

relay::account account_of(std::string_view platform, std::string_view name) {
  relay::account account;
  account.platform = platform;
  account.name = name;
  account.description = "The mock upstream of baton demo";
  account.credential.api_key = std::string(name) + "-key";
  return account;
}

std::vector<relay::account> demo_accounts() {
  std::vector<relay::account> all;
  all.push_back(account_of("claude-console", "demo"));
  all.push_back(account_of("openai-responses", "demo-openai"));
  all.push_back(account_of("gemini-api", "demo-gemini"));
  all.push_back(account_of("gemini", "demo-gemini-cli"));
  auto azure = account_of("azure-openai", "demo-azure");
  azure.priority = helping_priority;
  all.push_back(std::move(azure));
  auto bedrock = account_of("bedrock", "demo-bedrock");
  bedrock.region = "us-east-1";
  bedrock.access_key_id = "AKIADEMO";
  bedrock.credential = {"", "", std::string(mock::mock_secret)};
  bedrock.priority = helping_priority;
  all.push_back(std::move(bedrock));
  return all;
}

result<void> put(storage::store& store, relay::account account) {
  const auto known = store.find_account(account.name);
  account.updated_at = wall_now();
  account.id = known ? known->id : account_id(crypto::random_uuid());
  account.created_at = known ? known->created_at : account.updated_at;
  return known ? store.update_account(account) : store.add_account(account);
}

}  // namespace

result<void> put_demo_accounts(storage::store& store, const std::string& upstream_url) {
  for (auto& account : demo_accounts()) {
    account.api_url = upstream_url;
    if (auto done = put(store, std::move(account)); !done) return done;
  }
  return {};
}

}  // namespace baton::app
