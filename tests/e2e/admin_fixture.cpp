#include "tests/e2e/admin_fixture.hpp"

#include <algorithm>
#include <utility>

namespace baton::e2e {

void admin_fixture::start_and_log_in() {
  start();
  const auto answer = log_in(settings.admin.password);
  ASSERT_EQ(answer.status, 200) << answer.body;
  token_ = json::parse(answer.body).at("token").get<std::string>();
}

raw_answer admin_fixture::log_in(const std::string& password, const header_list& more) const {
  const json body = {{"username", settings.admin.username}, {"password", password}};
  return send_text("POST", "/api/v2/auth/admin/login", more, body.dump());
}

header_list admin_fixture::with_token(header_list more) const {
  more.emplace_back("Authorization", "Bearer " + token_);
  return more;
}

raw_answer admin_fixture::send_text(std::string_view method, std::string_view path,
                                    const header_list& lines, std::string_view body) const {
  auto all = lines;
  all.emplace_back("Content-Type", "application/json");
  raw_client client(admin_port());
  client.send(test::request_text(method, path, all, body));
  return client.read_answer(method == "HEAD");
}

admin_fixture::reply admin_fixture::call(std::string_view method, std::string_view path,
                                         const json& body, const header_list& more) const {
  reply told;
  told.raw = send_text(method, path, with_token(more), body.is_null() ? "" : body.dump());
  told.status = told.raw.status;
  told.body = json::parse(told.raw.body, nullptr, false);
  if (told.body.is_discarded()) told.body = nullptr;
  return told;
}

std::string admin_fixture::make_key(const std::string& name, std::string* id, json fields) const {
  fields["name"] = name;
  const auto made = call("POST", "/api/v2/keys", fields);
  EXPECT_EQ(made.status, 201) << made.raw.body;
  if (id != nullptr) *id = made.id();
  return made.body.value("key", "");
}

std::string admin_fixture::make_account(const std::string& name, const mock::behaviour& script,
                                        json fields) const {
  upstream->behave(credential(name), script);
  fields["name"] = name;
  fields["apiUrl"] = upstream->url();
  fields["apiKey"] = credential(name);
  const auto made = call("POST", "/api/v2/accounts/claude-console", fields);
  EXPECT_EQ(made.status, 201) << made.raw.body;
  return "/api/v2/accounts/claude-console/" + made.id();
}

open_clients::open_clients(std::uint16_t port, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) clients_.emplace_back(port);
  // An answer each, so that they have been accepted.
  this->count(200, test::request_text("GET", "/health", {}));
}

std::size_t open_clients::count(int status, const std::string& request) {
  for (auto& client : clients_) client.send(request);
  std::vector<raw_answer> answers;
  for (auto& client : clients_) answers.push_back(client.read_answer());
  return count_status(answers, status);
}

}  // namespace baton::e2e
