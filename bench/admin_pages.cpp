// How long the administration's lists take over HTTP, with many keys and accounts.
//
//   baton-admin-bench [--keys 10000] [--accounts 1000] [--asked 200]
//
// fills a store in a folder of its own, starts a server on it in this process, and prints one line
// for each page: its bytes, median and 99th percentile of its time in milliseconds. Then the time
// of a change, which is over when every worker has it. Needs no network but 127.0.0.1.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/logging.hpp"
#include "app/server.hpp"
#include "base/crypto.hpp"
#include "storage/first_start.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace baton;
using nlohmann::json;

constexpr auto encryption_key = "an encryption key for measurements";
constexpr auto password = "a password for measurements";

relay::api_key key_of(int number) {
  relay::api_key key;
  key.id = key_id(crypto::random_uuid());
  key.name = "key " + std::to_string(number);
  key.description = "Made for team " + std::to_string(number % 50);
  key.hash = crypto::random_hex(32);
  key.tags = {"team-" + std::to_string(number % 50), number % 2 == 0 ? "even" : "odd"};
  if (number % 3 == 0) key.permissions = {"claude"};
  key.limits.concurrency = 5;
  key.is_active = number % 10 != 0;
  key.created_at = key.updated_at = wall_now();
  return key;
}

relay::account account_of(int number) {
  relay::account account;
  account.id = account_id(crypto::random_uuid());
  account.platform = number % 2 == 0 ? "claude-console" : "openai-responses";
  account.name = "account " + std::to_string(number);
  account.api_url = "http://127.0.0.1:9";
  account.credential.api_key = "sk-" + crypto::random_hex(16);
  account.tags = {"region-" + std::to_string(number % 20)};
  account.created_at = account.updated_at = wall_now();
  return account;
}

void fill(const std::filesystem::path& folder, int keys, int accounts) {
  const auto secrets = storage::prepare_data_folder(folder, std::string(encryption_key)).value();
  const auto store =
      storage::open_sqlite_store(storage::database_file(folder), storage::storage_key(secrets))
          .value();
  const auto all = [&]() -> result<void> {
    for (int i = 0; i < keys; ++i) store->add_key(key_of(i)).value();
    for (int i = 0; i < accounts; ++i) store->add_account(account_of(i)).value();
    return {};
  };
  store->together(all).value();
}

// One connection of an administrator.
class administrator {
 public:
  explicit administrator(std::uint16_t port) : client_(port) {
    const json login = {{"username", "admin"}, {"password", password}};
    const auto answer = call("POST", "/api/v2/auth/admin/login", login.dump());
    lines_ = {
        {"Authorization", "Bearer " + json::parse(answer.body).at("token").get<std::string>()}};
  }

  test::raw_answer call(std::string_view method, std::string_view path,
                        std::string_view body = {}) {
    client_.send(test::request_text(method, path, lines_, body));
    auto answer = client_.read_answer();
    if (answer.status / 100 == 2) return answer;
    throw std::runtime_error(std::string(path) + ": " + answer.body);
  }
  void measure(const std::string& path, int asked) {
    measure(path, asked, [&](int) { return call("GET", path).body.size(); });
  }
  template <class Call>
  void measure(const std::string& what, int asked, Call one) {
    std::vector<double> times;
    std::size_t bytes = 0;
    for (int i = 0; i < asked; ++i) {
      const auto begin = steady_now();
      bytes = one(i);
      times.push_back(std::chrono::duration<double, std::milli>(steady_now() - begin).count());
    }
    std::sort(times.begin(), times.end());
    std::printf("%-62s %8zu bytes %8.2f ms %8.2f ms\n", what.c_str(), bytes,
                times[times.size() / 2], times[times.size() * 99 / 100]);
  }

 private:
  test::raw_client client_;
  test::header_list lines_;
};

void measure_all(administrator& admin, int keys, int accounts, int asked) {
  const auto last = [](int count) { return std::to_string(std::max(count / 50, 1)); };
  const std::string key_list = "/api/v2/keys?pageSize=50";
  for (const auto& rest :
       {std::string(), "&page=" + last(keys), std::string("&search=key+99"),
        std::string("&search=none"), std::string("&tag=team-7"), std::string("&isActive=false"),
        std::string("&permissions=claude"), std::string("&sort=createdAt&order=desc")}) {
    admin.measure(key_list + rest, asked);
  }
  const std::string account_list = "/api/v2/accounts?pageSize=50";
  for (const auto& rest :
       {std::string(), "&page=" + last(accounts), std::string("&search=account+9"),
        std::string("&tag=region-7"), std::string("&sort=priority")}) {
    admin.measure(account_list + rest, asked);
  }
  admin.measure("/api/v2/accounts/claude-console?pageSize=50", asked);
  const auto made = admin.call("POST", "/api/v2/keys", R"({"name":"changed"})");
  const auto path = "/api/v2/keys/" + json::parse(made.body).at("id").get<std::string>();
  admin.measure("PUT " + path, std::min(asked, 50), [&](int round) {
    const json change = {{"description", std::to_string(round)}};
    return admin.call("PUT", path, change.dump()).body.size();
  });
  admin.measure("PUT, and then the first page of keys", std::min(asked, 50), [&](int round) {
    const json change = {{"description", "again " + std::to_string(round)}};
    admin.call("PUT", path, change.dump());
    return admin.call("GET", key_list).body.size();
  });
}

}  // namespace

int main(int argc, char** argv) {
  int keys = 10'000, accounts = 1000, asked = 200;
  CLI::App options("Measures the lists of the administration's API");
  options.add_option("--keys", keys, "in the store")->check(CLI::Range(1, 1'000'000));
  options.add_option("--accounts", accounts, "in the store")->check(CLI::Range(1, 100'000));
  options.add_option("--asked", asked, "times for each page")->check(CLI::Range(1, 1'000'000));
  CLI11_PARSE(options, argc, argv);
  try {
    const test_support::temp_dir folder;
    fill(folder.path(), keys, accounts);
    app::config settings;
    settings.server.port = 0;
    settings.server.workers = 2;
    settings.storage.data_dir = folder.path().string();
    settings.storage.encryption_key = encryption_key;
    settings.admin.password = password;
    settings.log.level = app::log_level::error;
    app::configure_logging(settings.log);
    const auto server = app::server::start(settings).value();
    administrator admin(server->port());
    std::printf("%d keys, %d accounts%67s %11s\n", keys, accounts, "median", "p99");
    measure_all(admin, keys, accounts, asked);
    server->stop(std::chrono::seconds(1));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "baton-admin-bench: %s\n", failure.what());
    return 1;
  }
  return 0;
}
