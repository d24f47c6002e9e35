#include "admin/login_guard.hpp"

#include <gtest/gtest.h>

namespace baton::admin {
namespace {

using namespace std::chrono_literals;
using namespace login_limits;

class login_guard_test : public ::testing::Test {
 protected:
  bool may(const std::string& address, const std::string& name = "admin") {
    return !guard_.refuse(address, name, now_);
  }
  // As many wrong passwords, one a second; whether all of them were checked.
  bool fail(std::size_t times, const std::string& address, const std::string& name = "admin") {
    for (std::size_t i = 0; i < times; ++i) {
      now_ += 1s;
      if (!may(address, name)) return false;
      guard_.failed(address, name, now_);
    }
    return true;
  }
  void log_in(const std::string& address) {
    now_ += 1s;
    ASSERT_TRUE(may(address));
    guard_.succeeded(address, now_);
  }
  static std::string address_number(std::size_t i) {
    return "10." + std::to_string(i >> 16 & 255) + "." + std::to_string(i >> 8 & 255) + "." +
           std::to_string(i & 255);
  }

  steady_time now_{1000h};
  login_guard guard_;
};

TEST_F(login_guard_test, an_address_is_refused_after_ten_failures) {
  EXPECT_TRUE(fail(10, "192.0.2.1"));
  EXPECT_FALSE(may("192.0.2.1"));
  EXPECT_FALSE(may("192.0.2.1", "another"));
  EXPECT_TRUE(may("192.0.2.2"));
}

TEST_F(login_guard_test, says_when_it_makes_sense_again) {
  fail(10, "192.0.2.1");
  now_ += 500ms;
  const auto refused = guard_.refuse("192.0.2.1", "admin", now_);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->retry_after, 900s);
  now_ += 899s;
  EXPECT_EQ(guard_.refuse("192.0.2.1", "admin", now_)->retry_after, 1s);
  now_ += 500ms;
  EXPECT_TRUE(may("192.0.2.1"));
  EXPECT_TRUE(fail(9, "192.0.2.1")) << "it begins anew";
}

TEST_F(login_guard_test, trying_on_does_not_make_it_longer) {
  fail(10, "192.0.2.1");
  for (int i = 0; i < 899; ++i) {
    now_ += 1s;
    EXPECT_FALSE(may("192.0.2.1"));
  }
  now_ += 1s;
  EXPECT_TRUE(may("192.0.2.1"));
}

TEST_F(login_guard_test, says_once_that_it_begins_to_refuse) {
  fail(10, "192.0.2.1");
  EXPECT_TRUE(guard_.refuse("192.0.2.1", "admin", now_)->is_first);
  EXPECT_FALSE(guard_.refuse("192.0.2.1", "admin", now_)->is_first);
  now_ += window;
  fail(10, "192.0.2.1");
  EXPECT_TRUE(guard_.refuse("192.0.2.1", "admin", now_)->is_first);
}

TEST_F(login_guard_test, a_few_failures_are_forgotten_after_a_while) {
  for (int day = 0; day < 5; ++day) {
    EXPECT_TRUE(fail(9, "192.0.2.1"));
    now_ += window;
  }
}

TEST_F(login_guard_test, a_login_ends_the_count_of_its_address) {
  EXPECT_TRUE(fail(9, "192.0.2.1"));
  log_in("192.0.2.1");
  EXPECT_TRUE(fail(9, "192.0.2.1"));
}

TEST_F(login_guard_test, a_name_is_refused_after_thirty_failures_from_anywhere) {
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(fail(1, address_number(i)));
  EXPECT_FALSE(may("192.0.2.1"));
  EXPECT_TRUE(may("192.0.2.1", "another"));
  now_ += window;
  EXPECT_TRUE(may("192.0.2.1"));
}

TEST_F(login_guard_test, an_attack_does_not_lock_out_who_has_logged_in_before) {
  log_in("192.0.2.1");
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(fail(1, address_number(i)));
  ASSERT_FALSE(may("192.0.2.2"));
  EXPECT_TRUE(may("192.0.2.1"));
  for (int i = 0; i < 100; ++i) may(address_number(100 + i), std::to_string(i));
  EXPECT_TRUE(may("192.0.2.1")) << "nor does the number of tries";
  EXPECT_TRUE(fail(10, "192.0.2.1"));
  EXPECT_FALSE(may("192.0.2.1")) << "but its own failures count";
}

TEST_F(login_guard_test, failures_of_a_known_address_do_not_lock_the_name) {
  for (int i = 0; i < 5; ++i) {
    log_in(address_number(i));
    EXPECT_TRUE(fail(10, address_number(i)));
  }
  EXPECT_TRUE(may("192.0.2.1"));
}

TEST_F(login_guard_test, an_address_is_known_for_a_month) {
  log_in("192.0.2.1");
  now_ += known_for - 10min;
  for (int i = 0; i < 30; ++i) fail(1, address_number(i));
  EXPECT_TRUE(may("192.0.2.1"));
  now_ += 10min;
  EXPECT_FALSE(may("192.0.2.1"));
}

TEST_F(login_guard_test, failures_can_be_forgotten) {
  log_in("192.0.2.9");
  for (int i = 0; i < 30; ++i) fail(1, address_number(i));
  fail(10, "192.0.2.1", "another");
  guard_.forget_failures();
  EXPECT_TRUE(may("192.0.2.1"));
  for (int i = 0; i < 30; ++i) fail(1, address_number(i));
  EXPECT_FALSE(may("192.0.2.1"));
  EXPECT_TRUE(may("192.0.2.9"));
}

TEST_F(login_guard_test, all_together_have_ten_tries_a_second) {
  std::size_t checked = 0;
  for (std::size_t i = 0; i < 1000; ++i) checked += may(address_number(i), std::to_string(i));
  EXPECT_EQ(checked, checks_per_second);
  const auto refused = guard_.refuse("192.0.2.1", "admin", now_);
  EXPECT_EQ(refused->retry_after, 1s);
  EXPECT_FALSE(refused->is_first);

  for (std::size_t i = 0; i < 10'000; ++i) {
    now_ += 1ms;
    checked += may(address_number(i), std::to_string(i));
  }
  EXPECT_EQ(checked, 11 * checks_per_second);
}

TEST_F(login_guard_test, an_ipv6_client_is_its_network) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(fail(1, "2001:db8:0:1::" + std::to_string(i)));
  EXPECT_FALSE(may("2001:db8:0:1:ffff:ffff:ffff:ffff"));
  EXPECT_FALSE(may("2001:0DB8:0:1::99"));
  EXPECT_TRUE(may("2001:db8:0:2::1"));
}

TEST_F(login_guard_test, an_ipv4_address_is_the_same_within_ipv6) {
  EXPECT_TRUE(fail(5, "192.0.2.1"));
  EXPECT_TRUE(fail(5, "::ffff:192.0.2.1"));
  EXPECT_FALSE(may("192.0.2.1"));
  EXPECT_TRUE(may("::ffff:192.0.2.2"));
}

TEST_F(login_guard_test, what_is_no_address_counts_as_one) {
  EXPECT_TRUE(fail(4, "unknown"));
  EXPECT_TRUE(fail(3, ""));
  EXPECT_TRUE(fail(3, std::string(1 << 20, '9')));
  EXPECT_FALSE(may("nonsense"));
}

TEST_F(login_guard_test, an_attacker_cannot_make_it_forget_or_fill_the_memory) {
  const std::string hostile(1 << 16, 'x');
  EXPECT_TRUE(fail(9, "192.0.2.1"));
  for (std::size_t i = 0; i < 20'000; ++i) {
    const auto address = address_number(i);
    const auto name = std::to_string(i) + hostile;
    now_ += 40ms;  // 25 a second
    if (may(address, name)) guard_.failed(address, name, now_);
  }
  EXPECT_LE(guard_.remembered(), 2 * remembered_max + known_max);
  guard_.failed("192.0.2.1", "admin", now_);
  EXPECT_FALSE(may("192.0.2.1"));
}

}  // namespace
}  // namespace baton::admin
