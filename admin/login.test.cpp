#include "admin/login.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/administrator.hpp"
#include "admin/field_error.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::admin {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr auto password = "the right password";
constexpr auto here = "192.0.2.1";

class login : public ::testing::Test {
 protected:
  login() { EXPECT_TRUE(storage::set_admin(*store_, "me", password)); }

  result<issued_token> log_in(std::string_view username, std::string_view with,
                              std::string_view address = here) {
    now_ += 1s;
    return service_.log_in({username, with, address}, now_);
  }
  std::string token() { return log_in("me", password).value().token; }
  bool is_good(std::string_view token) {
    return service_.authenticate(token, now_.wall).has_value();
  }
  admin_identity identity(std::string_view token) {
    return service_.authenticate(token, now_.wall).value();
  }
  result<issued_token> change(std::string_view token, std::string_view from, std::string_view to,
                              std::optional<std::string_view> username = {}) {
    now_ += 1s;
    return service_.change_password(identity(token), {from, to, username, here}, now_);
  }
  // Oldest first: "actor action object outcome".
  std::vector<std::string> audited() {
    std::vector<std::string> lines;
    for (const auto& each : store_->audit({}).value().entries) {
      lines.push_back(each.actor + ' ' + each.action + ' ' + each.object_name + ' ' + each.outcome);
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
  }

  test_support::temp_dir folder_;
  std::unique_ptr<storage::store> store_ =
      std::move(storage::open_sqlite_store(folder_ / "baton.db", crypto::key_256{}).value());
  moment now_{steady_time(1000h),
              wall_time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 25))};
  const token_signer signer_{"a secret of thirty-two characters"};
  login_service service_{*store_, signer_, 1h};
};

TEST_F(login, gives_a_token_that_says_who_it_is) {
  const auto issued = log_in("me", password).value();
  EXPECT_EQ(issued.username, "me");
  EXPECT_EQ(issued.expires_in, 1h);
  const auto who = identity(issued.token);
  EXPECT_EQ(who.username, "me");
  EXPECT_EQ(who.token_id.size(), 32u);
  EXPECT_NE(identity(token()).token_id, who.token_id);
}

TEST_F(login, with_a_wrong_name_or_password_is_refused_alike) {
  const auto wrong_password = log_in("me", "the wrong password").error();
  const auto wrong_name = log_in("you", password).error();
  EXPECT_EQ(wrong_password.code, error_code::unauthenticated);
  EXPECT_EQ(wrong_password.text, "Invalid username or password");
  EXPECT_EQ(wrong_name.code, wrong_password.code);
  EXPECT_EQ(wrong_name.text, wrong_password.text);
}

TEST_F(login, takes_hostile_names_and_passwords) {
  const std::string huge(10 << 20, 'x');
  for (const auto& odd : {std::string(), huge, std::string("\0me", 3), std::string("\xff\xfe"),
                          std::string("me' OR 1=1 --"), std::string("me\r\nX: y")}) {
    EXPECT_EQ(log_in(odd, password, "192.0.2.2").error().code, error_code::unauthenticated);
    EXPECT_EQ(log_in("me", odd, "192.0.2.3").error().code, error_code::unauthenticated);
  }
  EXPECT_TRUE(log_in("me", password));
}

TEST_F(login, where_there_is_no_administrator_is_refused) {
  const auto empty =
      std::move(storage::open_sqlite_store(folder_ / "empty.db", crypto::key_256{}).value());
  login_service nobody(*empty, signer_, 1h);
  EXPECT_EQ(nobody.log_in({"", "", here}, now_).error().code, error_code::unauthenticated);
  EXPECT_EQ(nobody.authenticate(token(), now_.wall).error().code, error_code::unauthenticated);
}

TEST_F(login, ends_with_its_time) {
  const auto issued = token();
  now_ += 1h - 1ms;
  EXPECT_TRUE(is_good(issued));
  now_ += 1ms;
  EXPECT_FALSE(is_good(issued));
}

TEST_F(login, is_ended_by_logging_out_and_no_other_is) {
  const auto first = token(), second = token();
  ASSERT_TRUE(service_.log_out(identity(first), here, now_.wall));
  EXPECT_FALSE(is_good(first));
  EXPECT_TRUE(is_good(second));
  EXPECT_EQ(service_.authenticate(first, now_.wall).error().text,
            service_.authenticate("nonsense", now_.wall).error().text);
  login_service after_restart(*store_, signer_, 1h);
  EXPECT_FALSE(after_restart.authenticate(first, now_.wall));
  EXPECT_TRUE(after_restart.authenticate(second, now_.wall));
}

TEST_F(login, of_a_forger_is_refused) {
  const auto mine = signer_.verify(token(), now_.wall).value();
  EXPECT_TRUE(is_good(signer_.sign(mine)));
  EXPECT_FALSE(is_good(token_signer("another secret of some characters").sign(mine)));
  auto other = mine;
  other.subject = "you";
  EXPECT_FALSE(is_good(signer_.sign(other)));
  other = mine;
  other.generation.clear();
  EXPECT_FALSE(is_good(signer_.sign(other)));
}

TEST_F(login, each_attempt_is_audited) {
  const auto issued = token();
  EXPECT_FALSE(log_in("me", "wrong"));
  EXPECT_FALSE(log_in("a password typed as a name", "x"));
  ASSERT_TRUE(service_.log_out(identity(issued), here, now_.wall));
  EXPECT_THAT(audited(), ElementsAre("me admin.login me done", " admin.login me unauthenticated",
                                     " admin.login  unauthenticated", "me admin.logout me done"));
  const auto entry = store_->audit({}).value().entries.front();
  EXPECT_EQ(entry.address, here);
  EXPECT_EQ(entry.at, now_.wall);
}

TEST_F(login, guessing_is_held_and_audited_once) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(log_in("me", "guess"));
  for (int i = 0; i < 5; ++i) {
    const auto held = log_in("me", password).error();
    EXPECT_EQ(held.code, error_code::rate_limited);
    ASSERT_TRUE(held.retry_after);
    EXPECT_GT(*held.retry_after, 890s);
  }
  EXPECT_EQ(audited().size(), 11u);
  EXPECT_EQ(audited().back(), " admin.login me rate_limited");
  EXPECT_TRUE(log_in("me", password, "192.0.2.2"));
  now_ += 15min;
  EXPECT_TRUE(log_in("me", password));
}

TEST_F(login, a_new_password_ends_all_logins_but_gives_one) {
  const auto first = token(), second = token();
  const auto issued = change(first, password, "a new password").value();
  EXPECT_FALSE(is_good(first));
  EXPECT_FALSE(is_good(second));
  EXPECT_EQ(identity(issued.token).username, "me");
  EXPECT_FALSE(log_in("me", password));
  EXPECT_TRUE(log_in("me", "a new password"));
  const auto entry = store_->audit({{}, {}, {}, {"admin.set-password"}, {}}).value().entries.at(0);
  EXPECT_EQ(entry.actor, "me");
  EXPECT_EQ(entry.changes, R"({"password":["****","****"]})");
}

TEST_F(login, the_same_password_again_ends_all_logins_too) {
  const auto first = token();
  ASSERT_TRUE(change(first, password, password));
  EXPECT_FALSE(is_good(first));
}

TEST_F(login, the_name_can_be_changed_with_the_password) {
  const auto issued = change(token(), password, "a new password", "Zoë").value();
  EXPECT_EQ(issued.username, "Zoë");
  EXPECT_EQ(identity(issued.token).username, "Zoë");
  EXPECT_FALSE(log_in("me", "a new password"));
  EXPECT_TRUE(log_in("Zoë", "a new password"));
  const auto entry = store_->audit({{}, {}, {}, {"admin.set-password"}, {}}).value().entries.at(0);
  EXPECT_EQ(entry.changes, R"({"username":["me","Zoë"],"password":["****","****"]})");
}

TEST_F(login, a_bad_new_name_or_password_is_refused_by_its_field) {
  const auto mine = token();
  for (const auto& bad : {std::string(), std::string("1234567"), std::string(1025, 'x')}) {
    EXPECT_EQ(field_of(change(mine, password, bad).error()), "newPassword");
  }
  for (const auto& bad : {std::string(), std::string(65, 'x'), std::string("a\nb"),
                          std::string("\0", 1), std::string("\xff")}) {
    EXPECT_EQ(field_of(change(mine, password, "a new password", bad).error()), "newUsername");
  }
  EXPECT_TRUE(is_good(mine));
  EXPECT_TRUE(log_in("me", password));
}

TEST_F(login, a_stolen_token_does_not_guess_the_password) {
  const auto mine = token();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(field_of(change(mine, "guess", "a new password").error()), "currentPassword");
  }
  EXPECT_EQ(change(mine, password, "a new password").error().code, error_code::rate_limited);
  EXPECT_EQ(audited().back(), "me admin.set-password me rate_limited");
  EXPECT_TRUE(log_in("me", password, "192.0.2.2"));
}

TEST_F(login, a_reset_by_another_process_ends_all_logins_and_holds_nobody) {
  const auto mine = token();
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(log_in("me", "guess"));
  const auto other =
      std::move(storage::open_sqlite_store(folder_ / "baton.db", crypto::key_256{}).value());
  storage::audit_entry entry;
  entry.actor = "cli:root";
  entry.at = now_.wall;
  ASSERT_TRUE(set_administrator(*other, "me", "a new password", entry));
  EXPECT_FALSE(is_good(mine));
  EXPECT_TRUE(log_in("me", "a new password"));
  EXPECT_EQ(audited().at(11), "cli:root admin.set-password me done");
}

TEST_F(login, of_two_changes_at_once_one_is_refused) {
  const auto before = storage::find_admin(*store_).value()->generation;
  ASSERT_TRUE(set_administrator(*store_, "me", "a new password", {}, before));
  const auto late = set_administrator(*store_, "me", "another password", {}, before);
  EXPECT_EQ(late.error().code, error_code::conflict);
  EXPECT_TRUE(storage::verify_admin(*store_, "me", "a new password").value());
  EXPECT_EQ(audited().size(), 1u);
}

}  // namespace
}  // namespace baton::admin
