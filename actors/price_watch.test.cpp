#include "actors/price_watch.hpp"

#include <atomic>
#include <mutex>

#include "actors/relay_fixture.test.hpp"
#include "actors/scheduler_actor.hpp"

namespace baton::actors {
namespace {

using answer = std::optional<result<relay::price_table_ptr>>;

// Gives what a test put into it, once.
class scripted_feed final : public price_feed {
 public:
  struct book {
    std::mutex guard;
    answer next;
    std::atomic<int> looks = 0;
    std::atomic<int> wanted = 0;

    void set(answer news) {
      std::lock_guard lock(guard);
      next = std::move(news);
    }
  };
  explicit scripted_feed(std::shared_ptr<book> kept) : book_(std::move(kept)) {}

  answer look(wall_time, bool wanted) override {
    std::lock_guard lock(book_->guard);
    ++book_->looks;
    book_->wanted += wanted ? 1 : 0;
    return std::exchange(book_->next, std::nullopt);
  }

 private:
  std::shared_ptr<book> book_;
};

relay::price_table_ptr table(const std::string& version) {
  return std::make_shared<const relay::price_table>(relay::price_table::prices{},
                                                    relay::price_facts{version, {}});
}

class price_watching : public relay_actor_test {
 protected:
  void SetUp() override {
    for (std::size_t index = 0; index < 2; ++index) {
      schedulers_.push_back(spawn<scheduler_actor>(at(index), std::ref(views_[index])));
    }
  }
  void TearDown() override {
    watch_ = nullptr;
    schedulers_.clear();
    relay_actor_test::TearDown();
  }
  void watch(std::chrono::milliseconds interval) {
    watch_list watched;
    watched.push_back(std::make_unique<price_watch>(std::make_unique<scripted_feed>(feed_),
                                                    schedulers_, metrics_));
    watch_ = keep(spawn_file_watch(system_, std::move(watched), interval));
  }
  std::string version_at(std::size_t worker) {
    return runtime::run_on(at(worker), [&] { return views_[worker].prices->version(); });
  }
  bool becomes_version(const std::string& version) {
    return becomes_true([&] { return version_at(0) == version && version_at(1) == version; });
  }

  worker_view views_[2];
  std::vector<caf::actor> schedulers_;
  std::shared_ptr<scripted_feed::book> feed_ = std::make_shared<scripted_feed::book>();
  caf::actor watch_;
};

TEST_F(price_watching, every_worker_gets_prices_that_have_changed) {
  watch(std::chrono::milliseconds(1));
  EXPECT_TRUE(becomes_true([&] { return feed_->looks > 3; })) << "it looks again and again";
  EXPECT_EQ(feed_->wanted, 0);
  EXPECT_EQ(metric(R"(baton_price_reloads_total{result="loaded"})"), -1);
  feed_->set(result<relay::price_table_ptr>(table("new")));
  EXPECT_TRUE(becomes_version("new"));
  EXPECT_EQ(metric(R"(baton_price_reloads_total{result="loaded"})"), 1);
}

TEST_F(price_watching, an_order_is_obeyed_at_once) {
  watch(std::chrono::hours(1));
  feed_->set(result<relay::price_table_ptr>(table("ordered")));
  caf::anon_send(watch_, reload_files{});
  EXPECT_TRUE(becomes_version("ordered"));
  EXPECT_EQ(feed_->wanted, 1);
}

TEST_F(price_watching, prices_that_cannot_be_read_leave_those_in_force) {
  watch(std::chrono::hours(1));
  feed_->set(result<relay::price_table_ptr>(table("good")));
  caf::anon_send(watch_, reload_files{});
  EXPECT_TRUE(becomes_version("good"));
  feed_->set(result<relay::price_table_ptr>(
      downstream_error(error_code::invalid_argument, "the file is half a file")));
  caf::anon_send(watch_, reload_files{});
  EXPECT_TRUE(shows(R"(baton_price_reloads_total{result="failed"})", 1));
  EXPECT_TRUE(becomes_version("good"));
  feed_->set(result<relay::price_table_ptr>(table("better")));
  caf::anon_send(watch_, reload_files{});
  EXPECT_TRUE(becomes_version("better"));
}

}  // namespace
}  // namespace baton::actors
