#include "app/admin_office.hpp"

#include <utility>

#include "admin/token_secret.hpp"
#include "app/running_config.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::app {

result<actors::admin_office> open_admin_office(const config& settings,
                                               const storage::secrets& secrets,
                                               const crypto::key_256& key,
                                               std::function<void()> reload_prices) {
  const std::filesystem::path folder = settings.storage.data_dir;
  auto store = storage::open_sqlite_store(storage::database_file(folder), key);
  if (!store) return store.error();
  auto signs = settings.admin.jwt_secret.empty() ? admin::ensure_token_secret(**store, key)
                                                 : result<std::string>(settings.admin.jwt_secret);
  if (!signs) return signs.error();

  actors::admin_office office;
  office.store = *std::move(store);
  office.ledger = std::make_unique<storage::ledger_reader>(storage::ledger_folder(folder));
  office.logins = std::make_unique<admin::login_service>(
      *office.store, admin::token_signer(*std::move(signs)),
      std::chrono::ceil<std::chrono::seconds>(settings.admin.session));
  office.config = std::make_unique<running_config>(settings, std::move(reload_prices));
  office.desk.reset(new admin::desk{
      *office.store, *office.ledger, *office.logins, settings.keys.prefix, secrets.encryption_key,
      std::chrono::hours(settings.time.utc_offset_hours), *office.config});
  return office;
}

}  // namespace baton::app
