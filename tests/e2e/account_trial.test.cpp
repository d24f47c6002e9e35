// An account is tried with a request of Baton's own, on every platform.
#include "net/account_trial.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "net/exchange_fixture.test.hpp"
#include "tests/e2e/client_shapes.hpp"
#include "tests/e2e/scripted_peer.hpp"
#include "tests/support/test_certificates.hpp"

namespace baton::e2e {
namespace {

using relay::account_trial;
using testing::HasSubstr;
using testing::Not;

task<void> note(task<result<account_trial>> work, std::optional<result<account_trial>>& outcome) {
  outcome.emplace(co_await std::move(work));
}

constexpr std::string_view secret = "sk-ant-secret-value";

class trials : public net::exchange_test {
 protected:
  // An account of the shape's platform at the mock, which answers it as `script` says.
  relay::account account_of(const client_shape& shape, const mock::behaviour& script = {}) {
    relay::account account;
    account.id = account_id("tried");
    account.platform = shape.platform;
    account.name = "tried";
    account.api_url = upstream_->url();
    account.deployment_name = shape.platform == "azure-openai" ? "deployed" : "";
    account.credential.api_key = secret;
    if (shape.prepare) shape.prepare(account);
    upstream_->behave(secret, script);
    return account;
  }
  relay::account any_account(const mock::behaviour& script = {}) {
    return account_of(client_shapes().front(), script);
  }

  result<account_trial> try_it(const relay::account& account, const std::string& model = {}) {
    const auto outcome = loop_.run(net::try_account(request(), ready(account), model));
    return outcome ? *outcome : internal_error(error_code::internal, "it does not end");
  }
  // Of the operator.
  net::exchange& request() {
    return exchange_ ? *exchange_ : begin("POST /test HTTP/1.1\r\nhost: h\r\n\r\n");
  }
  static relay::ready_account_ptr ready(const relay::account& account) {
    auto made = relay::prepare_account(account);
    EXPECT_TRUE(made) << made.error().text;
    return std::make_shared<const relay::ready_account>(*std::move(made));
  }
  void expect_problem(const relay::account& account, int status, std::string_view words) {
    const auto tried = try_it(account);
    ASSERT_TRUE(tried) << tried.error().text;
    EXPECT_FALSE(tried->works);
    EXPECT_EQ(tried->status, status);
    EXPECT_THAT(tried->problem, HasSubstr(words));
    EXPECT_THAT(tried->problem, Not(HasSubstr(secret)));
  }
  // Returns the file of the authority's certificate.
  std::string serve_with_tls() {
    const auto made = mock::make_test_certificates();
    mock::upstream_options options;
    options.certificate = made.certificate;
    options.private_key = made.private_key;
    upstream_ = std::make_unique<mock::mock_upstream>(options);
    const auto file = (files_ / "ca.pem").string();
    std::ofstream(file) << made.ca;
    return file;
  }
  mock::credential_statistics seen() const { return upstream_->stats().credentials[secret_text()]; }
  static std::string secret_text() { return std::string(secret); }

  std::unique_ptr<mock::mock_upstream> upstream_ = std::make_unique<mock::mock_upstream>();
  test_support::temp_dir files_;
};

TEST_F(trials, tell_of_every_platform_that_it_works) {
  for (const auto& shape : client_shapes()) {
    const auto account = account_of(shape);
    const auto tried = try_it(account);
    ASSERT_TRUE(tried) << shape.name << ": " << tried.error().text;
    EXPECT_TRUE(tried->works) << shape.name << ": " << tried->problem;
    EXPECT_EQ(tried->status, 200);
    EXPECT_EQ(tried->problem, "");
    EXPECT_EQ(tried->model.empty(), shape.platform == "gemini");
  }
}

TEST_F(trials, tell_of_every_platform_what_is_wrong) {
  for (const auto& shape : client_shapes()) {
    SCOPED_TRACE(shape.name);
    expect_problem(account_of(shape, {.status = 401}), 401, "The credential was refused (401): ");
    expect_problem(account_of(shape, {.status = 429}), 429, "The upstream limits this account");
    expect_problem(account_of(shape, {.status = 503}), 503, "The upstream is overloaded (503)");
    auto silent = account_of(shape, {.stall_before_head = true});
    silent.timeouts.total = milliseconds(150);
    expect_problem(silent, 0, "did not answer in time");
    auto refusing = account_of(shape);
    refusing.api_url = "http://127.0.0.1:" + std::to_string(refusing_port());
    expect_problem(refusing, 0, "cannot be reached");
  }
}

TEST_F(trials, never_repeat_the_secret_that_an_upstream_repeats) {
  expect_problem(any_account({.status = 401, .error_message = "no key " + secret_text() + "."}),
                 401, "no key ****.");
}

TEST_F(trials, do_not_take_a_web_page_for_an_answer) {
  expect_problem(any_account({.body = "<html>hello</html>"}), 200, "not one of this API (200): <");
}

TEST_F(trials, blame_nobody_and_record_nothing) {
  expect_problem(any_account({.status = 500}), 500, "The upstream has failed (500)");
  EXPECT_TRUE(port_.records.empty() && port_.written.empty());
  EXPECT_FALSE(exchange_->record.reached_upstream);
  EXPECT_TRUE(exchange_->record.failed.empty());
  EXPECT_EQ(at_client(), "");
}

TEST_F(trials, ask_for_a_model_that_is_named_as_the_account_maps_it) {
  auto account = any_account();
  account.models = {{"opus", "opus-at-home"}};
  EXPECT_EQ(try_it(account)->model, "opus");
  EXPECT_THAT(seen().last_body, HasSubstr(R"("model":"opus-at-home")"));
  EXPECT_EQ(try_it(account, "haiku")->model, "haiku");
  EXPECT_THAT(seen().last_body, HasSubstr(R"("model":"haiku")"));
  const auto refused = try_it(account, "a\"b");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::invalid_argument);
}

// Many services speak Chat and nothing else.
TEST_F(trials, of_an_upstream_without_responses_try_chat) {
  scripted_peer chat_only([](conversation& talk) {
    const auto head = talk.read_until("\r\n\r\n");
    const bool chat = head.starts_with("POST /v1/chat/completions ");
    const std::string body = chat ? R"({"choices":[],"usage":{}})" : R"({"error":"no such path"})";
    talk.write(std::string("HTTP/1.1 ") + (chat ? "200 OK" : "404 Not Found") +
               "\r\ncontent-type: application/json\r\ncontent-length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body);
  });
  auto account = any_account();
  account.platform = "openai-responses";
  account.api_url = "http://127.0.0.1:" + std::to_string(chat_only.port());
  const auto tried = try_it(account);
  ASSERT_TRUE(tried) << tried.error().text;
  EXPECT_TRUE(tried->works) << tried->problem;
}

TEST_F(trials, go_through_the_accounts_proxy) {
  auto account = any_account();
  account.proxy = {"http", "127.0.0.1", refusing_port(), "user", "proxy-secret"};
  const auto tried = try_it(account);
  ASSERT_TRUE(tried);
  EXPECT_THAT(tried->problem, HasSubstr("cannot be reached"));
  EXPECT_THAT(tried->problem, Not(HasSubstr("proxy-secret")));
  EXPECT_EQ(upstream_->stats().connections_accepted, 0u);
}

TEST_F(trials, refuse_a_certificate_that_nobody_vouches_for) {
  serve_with_tls();
  expect_problem(any_account(), 0, "cannot be reached");
}

TEST_F(trials, go_over_tls) {
  worker_.settings.ca_file = serve_with_tls();
  EXPECT_TRUE(try_it(any_account())->works);
}

TEST_F(trials, end_when_the_operator_leaves) {
  std::optional<result<account_trial>> outcome;
  auto running = note(
      net::try_account(request(), ready(any_account({.stall_before_head = true})), ""), outcome);
  running.start();
  ASSERT_TRUE(loop_.run_until([&] { return seen().requests == 1; }));
  client_sockets_.far.close();
  ASSERT_TRUE(loop_.run_until([&] { return running.done(); }));
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().code, error_code::cancelled);
}

}  // namespace
}  // namespace baton::e2e
