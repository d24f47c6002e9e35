#include "tests/e2e/relay_fixture.hpp"

#include <atomic>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>

#include "app/logging.hpp"
#include "base/crypto.hpp"
#include "storage/admin_password.hpp"
#include "storage/first_start.hpp"
#include "storage/ledger/ledger_reader.hpp"
#include "storage/sqlite_store.hpp"

namespace baton::e2e {
namespace {

constexpr milliseconds poll_interval{2};
constexpr auto encryption_key = "an encryption key for end-to-end tests";
constexpr auto admin_password = "a password for end-to-end tests";

std::pair<int, std::uint16_t> bound_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(made, generic, length) != 0 || ::getsockname(made, generic, &length) != 0) {
    throw std::runtime_error("no free port");
  }
  return {made, ntohs(address.sin_port)};
}

template <class T>
T value_of(result<T> outcome) {
  if (!outcome) throw std::runtime_error(outcome.error().text);
  if constexpr (!std::is_void_v<T>) return *std::move(outcome);
}

// A store as a first start leaves it. Deriving its key and hashing the password take a while on
// purpose, so every test begins with a copy.
struct first_started_store {
  first_started_store() {
    const auto secrets = value_of(storage::prepare_data_folder(folder.path(), encryption_key));
    key = storage::storage_key(secrets);
    auto store = value_of(storage::open_sqlite_store(file(), key));
    value_of(storage::ensure_admin(*store, "admin", std::string(admin_password)));
  }
  std::filesystem::path file() const { return storage::database_file(folder.path()); }

  test_support::temp_dir folder;
  crypto::key_256 key{};
};

}  // namespace

bool eventually(const std::function<bool()>& condition, milliseconds limit) {
  const auto deadline = steady_now() + limit;
  while (!condition()) {
    if (steady_now() >= deadline) return false;
    std::this_thread::sleep_for(poll_interval);
  }
  return true;
}

std::uint16_t unused_port() {
  const auto [socket, port] = bound_socket();
  ::close(socket);
  return port;
}

// Bound, so that nobody gets it, not even as the near end of a connection to itself.
std::uint16_t refusing_port() {
  static const std::uint16_t port = bound_socket().second;
  return port;
}

std::vector<raw_answer> at_once(std::size_t count,
                                const std::function<raw_answer(std::size_t)>& send) {
  std::vector<raw_answer> answers(count);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      try {
        answers[i] = send(i);
      } catch (const std::exception& failure) {
        answers[i].problem = failure.what();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return answers;
}

std::size_t count_status(const std::vector<raw_answer>& answers, int status) {
  return static_cast<std::size_t>(std::count_if(
      answers.begin(), answers.end(),
      [status](const raw_answer& answer) { return answer.status == status && answer.complete; }));
}

std::string message_body(bool stream, std::string_view model) {
  return R"({"model":")" + std::string(model) + R"(","max_tokens":64,"stream":)" +
         (stream ? "true" : "false") + R"(,"messages":[{"role":"user","content":"Hello"}]})";
}

std::string new_message(bool stream, std::string_view model) {
  static std::atomic<int> number = 0;
  auto body = message_body(stream, model);
  body.insert(body.find("Hello"), "No. " + std::to_string(++number) + ": ");
  return body;
}

std::string message_body_of(std::size_t bytes, bool stream) {
  auto body = message_body(stream);
  const auto text = body.find("Hello");
  body.insert(text, std::string(bytes - body.size(), 'x'));
  return body;
}

relay_fixture::relay_fixture() : upstream(std::make_unique<mock::mock_upstream>()) {
  settings.server.port = 0;
  settings.server.workers = 2;
  settings.storage.data_dir = folder_.path().string();
  settings.storage.encryption_key = encryption_key;
  settings.admin.password = admin_password;
  settings.log.level = app::log_level::error;
  app::configure_logging(settings.log);
  static const first_started_store begun;
  const auto file = storage::database_file(folder_.path());
  std::filesystem::copy_file(begun.file(), file);
  store_ = value_of(storage::open_sqlite_store(file, begun.key));
}

relay_fixture::~relay_fixture() = default;

relay::account relay_fixture::add_account(const std::string& name, const mock::behaviour& script,
                                          const std::function<void(relay::account&)>& change) {
  relay::account account;
  account.id = account_id(crypto::random_uuid());
  account.platform = "claude-console";
  account.name = name;
  account.api_url = upstream->url();
  account.credential.api_key = credential(name);
  account.created_at = account.updated_at = wall_now();
  if (change) change(account);
  upstream->behave(credential(name), script);
  value_of(store_->add_account(account));
  return account;
}

std::string relay_fixture::add_key(const std::string& name,
                                   const std::function<void(relay::api_key&)>& change) {
  const auto text = relay::generate_key_text("cr_");
  relay::api_key key;
  key.id = key_id(crypto::random_uuid());
  key.name = name;
  key.hash = relay::hash_key_text(text, encryption_key);
  key.created_at = key.updated_at = wall_now();
  if (change) change(key);
  value_of(store_->add_key(key));
  if (name == "k") key_ = text;
  return text;
}

void relay_fixture::change_key(const std::string& name,
                               const std::function<void(relay::api_key&)>& change) {
  auto key = value_of(store_->find_key(name));
  change(key);
  value_of(store_->update_key(key));
}

void relay_fixture::start() {
  if (key_.empty()) add_key("k");
  server_ = value_of(app::server::start(settings));
}

bool relay_fixture::stop(milliseconds patience) {
  const bool stored = drain(patience);
  server_.reset();
  return stored;
}

mock::credential_statistics relay_fixture::seen_by(std::string_view account) const {
  const auto seen = upstream->stats().credentials;
  const auto found = seen.find(credential(account));
  return found == seen.end() ? mock::credential_statistics{} : found->second;
}

header_list relay_fixture::headers(std::string_view key_text) const {
  return {{"x-api-key", key_text.empty() ? key_ : std::string(key_text)},
          {"anthropic-version", "2023-06-01"},
          {"Content-Type", "application/json"}};
}

std::string relay_fixture::message_request(bool stream, std::string_view body) const {
  return test::request_text("POST", "/v1/messages", headers(),
                            body.empty() ? message_body(stream) : std::string(body));
}

raw_answer relay_fixture::send_message(bool stream, std::string_view key_text) const {
  return test::exchange(port(), "POST", "/v1/messages", headers(key_text), new_message(stream));
}

raw_answer relay_fixture::post(std::string_view path, std::string_view body) const {
  return test::exchange(port(), "POST", path, headers(), body);
}

double relay_fixture::metric(std::string_view sample) const {
  const auto text = test::get(port(), "/metrics").body;
  const auto wanted = "\n" + std::string(sample) + " ";
  const auto found = text.find(wanted);
  return found == std::string::npos ? 0 : std::stod(text.substr(found + wanted.size()));
}

storage::usage_sum relay_fixture::stored_usage(const storage::usage_query& query) {
  storage::usage_sum total;
  for (const auto& row : value_of(store_->usage(query))) {
    total.requests += row.requests;
    total.tokens += row.tokens;
    total.cost_nanousd += row.cost_nanousd;
    total.rated_nanousd += row.rated_nanousd;
    total.fallback_requests += row.fallback_requests;
  }
  return total;
}

bool relay_fixture::metric_becomes(std::string_view sample, double value) const {
  return eventually([&] { return metric(sample) == value; });
}

bool relay_fixture::usage_becomes(std::int64_t requests, const relay::token_usage& tokens) {
  return eventually([&] {
    const auto sum = stored_usage();
    return sum.requests == requests && sum.tokens == tokens;
  });
}

bool relay_fixture::estimated_usage_becomes(std::int64_t requests,
                                            const relay::token_usage& announced) {
  return eventually([&] {
    const auto sum = stored_usage();
    return sum.requests == requests && sum.tokens.input == announced.input &&
           sum.tokens.output > announced.output;
  });
}

std::vector<storage::usage_record> relay_fixture::records(std::size_t count) {
  storage::ledger_reader ledger(storage::ledger_folder(folder_.path()));
  std::vector<storage::usage_record> found;
  const auto complete = eventually([&] {
    auto page = value_of(ledger.page({}));
    found.assign(page.records.rbegin(), page.records.rend());
    return found.size() >= count;
  });
  EXPECT_TRUE(complete) << found.size() << " records";
  return found;
}

}  // namespace baton::e2e
