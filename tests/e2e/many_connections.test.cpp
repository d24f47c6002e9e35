// Thousands of clients that are connected and silent.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <iostream>

#include "tests/e2e/baton_process.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

class many_connections : public relay_fixture {};

// What this process and the relay, which is another one, may open besides.
std::size_t connections_possible(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  constexpr std::size_t others = 200;
  return std::min<std::size_t>(wanted, limit.rlim_cur - others);
}

TEST_F(many_connections, leave_the_relay_responsive) {
  add_account("a");
  add_key("k");
  baton_process process(settings);
  const auto count = connections_possible(sanitized ? 1'000 : 10'000);
  const auto send = [&](raw_client& client) {
    client.send(message_request());
    EXPECT_EQ(client.read_answer().status, 200);
  };
  {
    raw_client first(process.port());
    send(first);
  }
  const auto bytes_before = process.resident_bytes();
  std::vector<raw_client> idle;
  idle.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    idle.emplace_back(process.port());
    if (i % 10 == 0) send(idle.back());
  }
  const auto slowest = [&] {
    auto longest = steady_time::duration::zero();
    for (int i = 0; i < 100; ++i) {
      const auto began = steady_now();
      raw_client client(process.port());
      send(client);
      longest = std::max(longest, steady_now() - began);
    }
    return longest;
  }();
  EXPECT_LT(slowest, milliseconds(sanitized ? 2000 : 500));
  for (std::size_t i = 0; i < count; i += 97) send(idle[i]);

  const auto bytes_each = (process.resident_bytes() - bytes_before) / count;
  std::cout << count << " idle connections, " << bytes_each << " bytes each\n";
  RecordProperty("bytes_per_idle_connection", static_cast<int>(bytes_each));
  if (!sanitized) EXPECT_LT(bytes_each, 16u * 1024);

  idle.clear();
  EXPECT_TRUE(eventually([&] {
    const auto text = test::get(process.port(), "/metrics").body;
    return text.find("\nbaton_client_connections 1\n") != std::string::npos;
  }));
}

}  // namespace
}  // namespace baton::e2e
