#include "storage/first_start.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "storage/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::storage {
namespace {

class first_start : public ::testing::Test {
 protected:
  static unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  }

  void write_key_file(const std::string& content) {
    std::filesystem::create_directories(data_);
    std::ofstream(encryption_key_file(data_)) << content;
  }

  test_support::temp_dir folder_;
  std::filesystem::path data_ = folder_.path() / "deep" / "data";
};

TEST_F(first_start, makes_the_folder_and_a_key_for_the_owner_only) {
  const auto made = prepare_data_folder(data_, std::nullopt).value();
  EXPECT_TRUE(made.made_now);
  EXPECT_EQ(made.encryption_key.size(), 64u);
  EXPECT_EQ(mode_of(data_), 0700u);
  EXPECT_EQ(mode_of(encryption_key_file(data_)), 0600u);
  std::ifstream in(encryption_key_file(data_));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), made.encryption_key + "\n");
}

TEST_F(first_start, leaves_no_draft_of_the_key_behind) {
  ASSERT_TRUE(prepare_data_folder(data_, std::nullopt));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(data_), {}), 1);
}

TEST_F(first_start, finds_the_key_again) {
  const auto made = prepare_data_folder(data_, std::nullopt).value();
  const auto again = prepare_data_folder(data_, std::nullopt).value();
  EXPECT_EQ(again.encryption_key, made.encryption_key);
  EXPECT_FALSE(again.made_now);
}

TEST_F(first_start, a_configured_key_wins_and_is_not_written_down) {
  const auto given = prepare_data_folder(data_, "any text will do").value();
  EXPECT_EQ(given.encryption_key, "any text will do");
  EXPECT_FALSE(std::filesystem::exists(encryption_key_file(data_)));
  EXPECT_EQ(prepare_data_folder(data_, "").error().code, error_code::invalid_argument);
}

TEST_F(first_start, several_starters_agree_on_one_key) {
  for (int round = 0; round < 20; ++round) {
    const auto data = folder_ / std::to_string(round);
    std::vector<secrets> found(4);
    std::vector<std::thread> starters;
    for (auto& place : found) {
      starters.emplace_back([&] { place = prepare_data_folder(data, std::nullopt).value(); });
    }
    for (auto& starter : starters) starter.join();
    int makers = 0;
    for (const auto& one : found) {
      EXPECT_EQ(one.encryption_key, found[0].encryption_key);
      makers += one.made_now;
    }
    EXPECT_EQ(makers, 1);
  }
}

TEST_F(first_start, a_key_file_that_is_not_64_hex_digits_is_an_error_that_does_not_show_it) {
  const std::string digits(64, 'a');
  for (const std::string& content :
       {std::string(), std::string("\n"), digits.substr(1), digits + "a", digits.substr(1) + "g",
        digits + "\nmore", std::string(100'000, 'a')}) {
    write_key_file(content);
    const auto refused = prepare_data_folder(data_, std::nullopt);
    ASSERT_FALSE(refused) << content.size();
    EXPECT_NE(refused.error().text.find("64 hex digits"), std::string::npos);
    EXPECT_EQ(refused.error().text.find("aaaa"), std::string::npos);
  }
}

TEST_F(first_start, a_key_file_may_end_in_a_newline_or_not) {
  const std::string digits(64, 'A');
  for (const auto* ending : {"", "\n", "\r\n"}) {
    write_key_file(digits + ending);
    EXPECT_EQ(prepare_data_folder(data_, std::nullopt).value().encryption_key, digits);
  }
}

TEST_F(first_start, a_database_without_its_key_file_is_an_error) {
  ASSERT_TRUE(prepare_data_folder(data_, std::nullopt));
  std::ofstream(database_file(data_)) << "";
  std::filesystem::remove(encryption_key_file(data_));
  const auto refused = prepare_data_folder(data_, std::nullopt);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("no encryption key"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(encryption_key_file(data_)));
  EXPECT_TRUE(prepare_data_folder(data_, "configured"));
}

TEST_F(first_start, a_folder_that_cannot_be_used_is_a_clear_error) {
  std::ofstream(folder_ / "file") << "x";
  for (const auto& path : {folder_ / "file", folder_.path() / "file" / "data"}) {
    const auto refused = prepare_data_folder(path, std::nullopt);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("file"), std::string::npos);
  }
}

TEST_F(first_start, a_key_that_does_not_fit_the_database_is_noticed) {
  ASSERT_TRUE(prepare_data_folder(data_, std::nullopt));
  const auto right = storage_key({"right", false}), wrong = storage_key({"wrong", false});
  EXPECT_NE(right, wrong);
  const auto store = std::move(open_sqlite_store(database_file(data_), right).value());
  EXPECT_TRUE(check_encryption_key(*store, right));
  EXPECT_TRUE(check_encryption_key(*store, right));
  const auto refused = check_encryption_key(*store, wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::storage_failed);
  EXPECT_NE(refused.error().text.find("does not fit"), std::string::npos);
  ASSERT_TRUE(store->put_setting("encryption_check", "nonsense"));
  EXPECT_FALSE(check_encryption_key(*store, right));
}

}  // namespace
}  // namespace baton::storage
