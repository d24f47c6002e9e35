// What holds usage is locked or full: requests go on, nothing is lost, and whoever watches is told.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "storage/first_start.hpp"
#include "storage/sqlite.hpp"
#include "tests/e2e/baton_process.hpp"
#include "tests/e2e/relay_fixture.hpp"

namespace baton::e2e {
namespace {

// Another process that writes to the database for as long as this lives.
class write_lock {
 public:
  explicit write_lock(const app::config& settings)
      : database_(
            storage::sqlite::connection::open(storage::database_file(settings.storage.data_dir))
                .value()) {
    EXPECT_TRUE(database_.execute("BEGIN IMMEDIATE"));
  }

 private:
  storage::sqlite::connection database_;
};

class store_trouble : public relay_fixture,
                      public testing::WithParamInterface<app::usage_durability> {
 protected:
  store_trouble() { settings.usage.durability = GetParam(); }
  int readiness() const { return test::get(port(), "/health/ready").status; }
};

INSTANTIATE_TEST_SUITE_P(durability, store_trouble,
                         testing::Values(app::usage_durability::batched,
                                         app::usage_durability::strict),
                         [](const auto& which) {
                           return which.param == app::usage_durability::strict ? "strict"
                                                                               : "batched";
                         });

TEST_P(store_trouble, a_locked_database_delays_sums_and_nothing_else) {
  add_account("a");
  start();
  EXPECT_TRUE(eventually([&] { return readiness() == 200; }));
  {
    const write_lock locked(settings);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(send_message(i % 2 == 0).status, 200);
    EXPECT_TRUE(eventually([&] { return metric("baton_usage_spool_bytes") > 0; }));
    EXPECT_TRUE(eventually([&] { return readiness() == 503; }));
    EXPECT_EQ(test::get(port(), "/health").status, 200);
    EXPECT_EQ(send_message().status, 200);
    EXPECT_EQ(stored_usage().requests, 0);
  }
  EXPECT_TRUE(eventually([&] { return stored_usage().requests == 11; }));
  EXPECT_TRUE(eventually([&] { return readiness() == 200; }));
  EXPECT_TRUE(metric_becomes("baton_usage_spool_bytes", 0));
  EXPECT_EQ(metric("baton_usage_lost_requests_total"), 0);
}

TEST_P(store_trouble, a_server_that_stops_while_the_database_is_locked_loses_nothing) {
  add_account("a");
  start();
  {
    const write_lock locked(settings);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(send_message().status, 200);
    EXPECT_FALSE(stop()) << "it says that not all is counted";
  }
  EXPECT_EQ(stored_usage().requests, 0);
  start();
  EXPECT_EQ(stored_usage().requests, 5);
}

// No file may grow any more, as on a full disk.
class full_disk {
 public:
  explicit full_disk(const baton_process& relay) : relay_(relay) { limit(1); }
  ~full_disk() { limit(RLIM_INFINITY); }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

 private:
  void limit(rlim_t bytes) const {
    const rlimit wanted{bytes, RLIM_INFINITY};
    EXPECT_EQ(::prlimit(relay_.id(), RLIMIT_FSIZE, &wanted, nullptr), 0);
  }
  const baton_process& relay_;
};

TEST_P(store_trouble, a_full_disk_keeps_records_in_memory) {
  add_account("a");
  add_key("k");
  baton_process relay(settings);
  const auto send = [&] {
    return test::post_json(relay.port(), "/v1/messages", headers(), new_message());
  };
  const auto is_ready = [&] { return test::get(relay.port(), "/health/ready").status == 200; };
  const bool strict = GetParam() == app::usage_durability::strict;
  EXPECT_EQ(send().status, 200);
  EXPECT_TRUE(eventually(is_ready));
  {
    const full_disk full(relay);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(send().status, strict ? 503 : 200);
    EXPECT_TRUE(eventually([&] { return !is_ready(); }));
  }
  EXPECT_TRUE(eventually([&] { return stored_usage().requests == 6; }))
      << stored_usage().requests << " were counted";
  EXPECT_TRUE(eventually(is_ready));
  EXPECT_TRUE(send().complete);
}

}  // namespace
}  // namespace baton::e2e
