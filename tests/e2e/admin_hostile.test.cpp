// What the administration does with those who have no business there, and with nonsense.
#include <gmock/gmock.h>

#include "tests/e2e/admin_fixture.hpp"

namespace baton::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class admin_hostile : public admin_fixture {
 protected:
  std::string head_of(std::string_view method, std::string_view path,
                      std::string_view lines) const {
    std::string head;
    head.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: r\r\n");
    head.append("Authorization: Bearer ").append(token()).append("\r\n");
    return head.append(lines).append("\r\n");
  }
  std::size_t keys_stored() { return store().keys(true)->size(); }
  bool all_is_well() const {
    return get("/api/v2/keys").status == 200 && test::get(port(), "/health").status == 200;
  }
};

TEST_F(admin_hostile, bodies_over_a_mebibyte_are_refused) {
  start_and_log_in();
  const auto before = keys_stored();
  raw_client announced(admin_port());
  announced.send(head_of("POST", "/api/v2/keys", "Content-Length: 1048577\r\n"));
  EXPECT_EQ(announced.read_answer().status, 413) << "before it has been sent";

  raw_client chunked(admin_port());
  chunked.send(head_of("POST", "/api/v2/keys", "Transfer-Encoding: chunked\r\n"));
  const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  for (int i = 0; i < 17; ++i) chunked.send(chunk);
  chunked.send("0\r\n\r\n");
  EXPECT_EQ(chunked.read_answer().status, 413);

  const auto long_name = call("POST", "/api/v2/keys", {{"name", std::string(10'000'000, 'x')}});
  EXPECT_EQ(long_name.status, 413);
  const auto short_enough = call("POST", "/api/v2/keys", {{"name", std::string(1'000'000, 'x')}});
  EXPECT_EQ(short_enough.status, 422);
  EXPECT_EQ(short_enough.field(), "name");
  EXPECT_LT(short_enough.raw.body.size(), 500u) << "which is not repeated";
  EXPECT_EQ(keys_stored(), before);
  EXPECT_TRUE(all_is_well());
}

TEST_F(admin_hostile, half_a_body_changes_nothing) {
  start_and_log_in();
  const auto before = keys_stored();
  const std::string body = R"({"name":"half"})";
  for (int i = 0; i < 10; ++i) {
    raw_client client(admin_port());
    client.send(head_of("POST", "/api/v2/keys", "Content-Length: 100\r\n") + body);
    if (i % 2 == 0) {
      client.reset();
    } else {
      client.half_close();
      EXPECT_NE(client.read_to_end(), test::peer_end::open);
    }
  }
  EXPECT_TRUE(all_is_well());
  EXPECT_EQ(keys_stored(), before);
}

TEST_F(admin_hostile, a_client_that_leaves_while_it_is_served_does_no_harm) {
  start_and_log_in();
  for (int i = 0; i < 20; ++i) {
    raw_client client(admin_port());
    const auto body = R"({"name":"gone )" + std::to_string(i) + R"("})";
    client.send(test::request_text("POST", "/api/v2/keys", with_token(), body));
    client.reset();
  }
  EXPECT_TRUE(all_is_well());
}

TEST_F(admin_hostile, paths_lead_nowhere_else) {
  start_and_log_in();
  for (const auto* path :
       {"/api/v2/../../etc/passwd", "/api/v2/keys/../config",
        "/api/v2/keys/..%2f..%2f..%2fetc%2fpasswd", "/api/v2/%2e%2e/metrics", "/api/v2//keys",
        "/api/v2/keys/", "/api/v2/keys/%00", "/api/v2/keys/%", "/api/v2/keys/%ff%fe",
        "/api/v2/keys/' OR '1'='1", "/api/v2/keys/%27%20OR%20%271%27=%271", "/docs/../openapi.json",
        "/api/v2/accounts/..%2fkeys/x", "/api/v2/accounts/claude-console/%2e%2e"}) {
    const auto answer = send_text("GET", path, with_token());
    EXPECT_THAT(answer.status, testing::AnyOf(400, 404)) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr("root:"))) << path;
  }
  EXPECT_TRUE(all_is_well());
}

TEST_F(admin_hostile, a_client_s_key_is_no_login) {
  add_account("a");
  start_and_log_in();
  const header_list attempts = {{"Authorization", "Bearer " + key()},
                                {"x-admin-token", key()},
                                {"x-api-key", key()},
                                {"Cookie", "adminToken=" + key()},
                                {"Authorization", "Bearer "},
                                {"Authorization", "Basic YWRtaW46YWRtaW4="},
                                {"Authorization", "Bearer " + token() + "x"}};
  for (const auto& each : attempts) {
    const auto answer = send_text("GET", "/api/v2/keys", {each});
    EXPECT_EQ(answer.status, 401) << each.first << ' ' << each.second;
    EXPECT_THAT(answer.body, Not(HasSubstr(key())));
  }
  EXPECT_EQ(send_text("GET", "/api/v2/keys?key=" + key(), {}).status, 401);
  EXPECT_EQ(test::exchange(port(), "POST", "/v1/messages", headers(token()), message_body()).status,
            401)
      << "nor is a login a client's key";
}

TEST_F(admin_hostile, no_text_of_a_client_becomes_a_header) {
  start_and_log_in();
  const std::string evil = "a\r\nX-Evil: 1";
  const auto named = call("POST", "/api/v2/keys", {{"name", evil}});
  EXPECT_EQ(named.status, 422);
  EXPECT_EQ(named.field(), "name");
  for (const auto* path :
       {"/api/v2/keys/a%0d%0aX-Evil:%201", "/api/v2/accounts/claude-console%0d%0aX-Evil:%201/x",
        "/api/v2/keys?search=%0d%0aX-Evil:%201", "/api/v2/audit/export?format=%0d%0aX-Evil:%201"}) {
    const auto answer = send_text("GET", path, with_token({{"Origin", "http://a%0d%0aX-Evil: 1"}}));
    EXPECT_FALSE(answer.header("x-evil")) << path;
    EXPECT_NE(answer.status, 0) << path;
  }
}

TEST_F(admin_hostile, bodies_that_are_no_object_are_refused) {
  start_and_log_in();
  for (const auto* body : {"", "[]", "null", "1", "{", R"({"name":)", R"({"name":"a","name":"b"})",
                           "\xff\xfe", R"({"name":"\ud800"})"}) {
    const auto answer = send_text("POST", "/api/v2/keys", with_token(), body);
    EXPECT_THAT(answer.status, testing::AnyOf(400, 422)) << body;
  }
  const auto unknown = call("POST", "/api/v2/keys", {{"name", "a"}, {"isAdmin", true}});
  EXPECT_EQ(unknown.status, 422);
  EXPECT_EQ(unknown.field(), "isAdmin");
  std::string deep(200'000, '[');
  EXPECT_EQ(send_text("POST", "/api/v2/keys", with_token(), deep).status, 400);
  EXPECT_TRUE(all_is_well());
}

TEST_F(admin_hostile, heads_are_those_of_get_without_a_body) {
  start_and_log_in();
  for (const auto* path : {"/api/v2/keys", "/api/v2/keys/none", "/openapi.json"}) {
    const auto whole = send_text("GET", path, with_token());
    const auto head = send_text("HEAD", path, with_token());
    EXPECT_EQ(head.status, whole.status) << path;
    EXPECT_EQ(head.header("content-length"), whole.header("content-length")) << path;
    EXPECT_EQ(head.body, "");
  }
}

}  // namespace
}  // namespace baton::e2e
