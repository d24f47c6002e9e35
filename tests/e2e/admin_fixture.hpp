// A relay with an administrator who has logged in, and calls of the administration's API over HTTP.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {

using nlohmann::json;

class admin_fixture : public relay_fixture {
 protected:
  struct reply {
    int status = 0;
    json body;  // null: it is no JSON
    raw_answer raw;

    std::string id() const { return body.value("id", ""); }
    std::string etag() const { return raw.header("etag").value_or(""); }
    std::string field() const { return body.value("error", json::object()).value("field", ""); }
  };

  void start_and_log_in();

  // The answer to a login with this password, as the configured administrator.
  raw_answer log_in(const std::string& password, const header_list& more = {}) const;
  const std::string& token() const { return token_; }
  header_list with_token(header_list more = {}) const;

  // At the administration's port, with the token. `body` null: none.
  reply call(std::string_view method, std::string_view path, const json& body = nullptr,
             const header_list& more = {}) const;
  reply get(std::string_view path) const { return call("GET", path); }
  raw_answer send_text(std::string_view method, std::string_view path, const header_list& lines,
                       std::string_view body = {}) const;

  // Returns its text, and puts its id where `id` points.
  std::string make_key(const std::string& name, std::string* id = nullptr, json fields = {}) const;
  // One at the mock, whose credential is credential(name). Returns its path.
  std::string make_account(const std::string& name, const mock::behaviour& script = {},
                           json fields = {}) const;

 private:
  std::string token_;
};

// Connections that were there before a change, enough for every worker to have some of them.
class open_clients {
 public:
  explicit open_clients(std::uint16_t port, std::size_t count = 40);
  // How many answer this request with the status, all asked at once.
  std::size_t count(int status, const std::string& request);
  std::size_t size() const { return clients_.size(); }

 private:
  std::vector<raw_client> clients_;
};

}  // namespace baton::e2e
