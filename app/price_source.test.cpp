#include "app/price_source.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "base/crypto.hpp"

namespace baton::app {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view three = R"({"m": {"input_cost_per_token": 3e-06,
    "output_cost_per_token": 15e-06}})";
constexpr std::string_view four = R"({"m": {"input_cost_per_token": 4e-06,
    "output_cost_per_token": 15e-06}})";

// As far from the last change of a file as the clock of the file system is fine.
wall_time later() {
  return wall_now() + 1h;
}

class prices : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("baton-prices-" + crypto::random_hex(8));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(std::string_view content, const std::string& name = "prices.json") const {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  static std::string failure(const std::string& path) {
    const auto loaded = load_prices({path}, wall_now());
    if (loaded) return "loaded";
    EXPECT_EQ(loaded.error().code, error_code::invalid_argument);
    return loaded.error().text;
  }

  // The input's price that a look brings; -1: nothing new; -2: an error.
  static std::int64_t seen(price_source& source, bool wanted = false) {
    const auto found = source.look(later(), wanted);
    if (!found) return -1;
    return *found ? (**found)->find("m")->rates.input : -2;
  }

  std::filesystem::path folder_;
};

TEST_F(prices, without_a_file_is_the_table_that_baton_brings) {
  const auto loaded = load_prices({}, wall_now());
  ASSERT_TRUE(loaded);
  EXPECT_NE((*loaded)->find("claude-opus-5-5"), nullptr);
}

TEST_F(prices, is_the_operator_s_file_alone_if_there_is_one) {
  const auto loaded = load_prices({file(R"({"own-model": {"input_cost_per_token": 3e-06,
      "output_cost_per_token": 15e-06}})")},
                                  wall_now());
  ASSERT_TRUE(loaded);
  ASSERT_NE((*loaded)->find("own-model"), nullptr);
  EXPECT_EQ((*loaded)->find("claude-opus-5-5"), nullptr);
}

TEST_F(prices, says_which_file_cannot_be_read) {
  const auto path = (folder_ / "missing.json").string();
  EXPECT_EQ(failure(path), "pricing.file: " + path + " cannot be read");
  EXPECT_EQ(failure(folder_.string()),
            "pricing.file: " + folder_.string() + " cannot be read: it is no file");
}

TEST_F(prices, says_what_is_wrong_with_the_file) {
  for (const std::string_view content :
       {"", "not json", "[]", R"({"m": {"input_cost_per_token": "free"}})"}) {
    const auto path = file(content);
    const auto text = failure(path);
    EXPECT_TRUE(text.starts_with("pricing.file: " + path + ": ")) << content << ": " << text;
  }
}

TEST_F(prices, waits_for_nobody) {
  const auto path = (folder_ / "fifo").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(failure(path), "pricing.file: " + path + " cannot be read: it is no file");
  EXPECT_EQ(failure("/dev/zero"), "pricing.file: /dev/zero cannot be read: it is no file");
}

TEST_F(prices, of_a_file_that_is_too_large_are_refused) {
  const auto path = file("{");
  std::filesystem::resize_file(path, std::uint64_t{40} << 30);
  EXPECT_EQ(failure(path), "pricing.file: " + path + ": prices: the file is larger than 16 MiB");
}

TEST_F(prices, that_did_not_change_are_no_news) {
  price_source source(file(three));
  ASSERT_TRUE(source.load(later()));
  EXPECT_EQ(seen(source), -1);
  EXPECT_EQ(seen(source, true), 3'000'000) << "unless somebody wants them";
}

TEST_F(prices, are_those_of_the_file_that_took_the_name_over) {
  price_source source(file(three));
  ASSERT_TRUE(source.load(later()));
  const auto fresh = file(four, "fresh.json");
  std::filesystem::last_write_time(fresh,
                                   std::filesystem::last_write_time(folder_ / "prices.json"));
  std::filesystem::rename(fresh, folder_ / "prices.json");
  EXPECT_EQ(seen(source), 4'000'000) << "the same length and time, another file";
  EXPECT_EQ(seen(source), -1);
}

TEST_F(prices, written_within_one_tick_of_the_file_system_s_clock_are_seen) {
  const auto path = file(three);
  const auto written = std::filesystem::last_write_time(path);
  price_source source(path);
  ASSERT_TRUE(source.load(wall_now()));
  file(four);
  std::filesystem::last_write_time(path, written);
  EXPECT_EQ(seen(source), 4'000'000);
}

TEST_F(prices, stay_while_the_file_is_half_written) {
  price_source source(file(three));
  ASSERT_TRUE(source.load(later()));
  file(four.substr(0, 40));
  EXPECT_EQ(seen(source), -2);
  EXPECT_EQ(seen(source), -1) << "a reason is told once";
  file(four.substr(0, 41));
  EXPECT_EQ(seen(source), -1);
  EXPECT_EQ(seen(source, true), -2) << "unless somebody asks";
  file(four);
  EXPECT_EQ(seen(source), 4'000'000);
}

TEST_F(prices, stay_while_the_file_is_gone) {
  const auto path = file(three);
  price_source source(path);
  ASSERT_TRUE(source.load(later()));
  std::filesystem::rename(path, folder_ / "away");
  EXPECT_EQ(seen(source), -2);
  EXPECT_EQ(seen(source), -1);
  std::filesystem::create_directory(path);
  EXPECT_EQ(seen(source), -2) << "another reason";
  std::filesystem::remove(path);
  std::filesystem::rename(folder_ / "away", path);
  EXPECT_EQ(seen(source), 3'000'000) << "it is told that they can be read again";
  EXPECT_EQ(seen(source), -1);
}

TEST_F(prices, change_on_their_day_without_anybody_s_doing) {
  const auto path = file(R"({"m": {"input_cost_per_token": 3e-06, "output_cost_per_token": 0,
      "from": {"2040-01-01": {"input_cost_per_token": 6e-06}}}})");
  const auto eve = std::chrono::sys_days(std::chrono::year(2039) / 12 / 31) + 23h + 59min;
  price_source source(path);
  const auto first = source.load(eve);
  ASSERT_TRUE(first);
  EXPECT_FALSE(source.look(eve + 30s, false));
  const auto found = source.look(eve + 1min, false);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((**found)->find("m")->rates.input, 6'000'000);
  EXPECT_EQ((**found)->version(), (*first)->version() + "@2040-01-01");
  EXPECT_FALSE(source.look(eve + 2min, false));
}

TEST_F(prices, of_the_bundled_table_change_on_their_day_too) {
  price_source source("");
  ASSERT_TRUE(source.load(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)));
  const auto december = std::chrono::sys_days(std::chrono::year(2026) / 12 / 1);
  const auto found = source.look(december, false);
  ASSERT_TRUE(found && *found);
  EXPECT_TRUE((**found)->version().ends_with("@2026-12-01")) << (**found)->version();
  EXPECT_FALSE(source.look(december, false));
}

}  // namespace
}  // namespace baton::app
