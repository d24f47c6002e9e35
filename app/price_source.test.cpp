#include "app/price_source.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/crypto.hpp"

namespace baton::app {
namespace {

class price_source : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("baton-prices-" + crypto::random_hex(8));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string file(std::string_view content) const {
    const auto path = folder_ / "prices.json";
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
  static std::string failure(const std::string& path) {
    const auto loaded = load_prices({path});
    if (loaded) return "loaded";
    EXPECT_EQ(loaded.error().code, error_code::invalid_argument);
    return loaded.error().text;
  }

  std::filesystem::path folder_;
};

TEST_F(price_source, without_a_file_is_the_table_that_baton_brings) {
  const auto loaded = load_prices({});
  ASSERT_TRUE(loaded);
  EXPECT_NE((*loaded)->find("claude-opus-5-5"), nullptr);
}

TEST_F(price_source, is_the_operator_s_file_alone_if_there_is_one) {
  const auto loaded = load_prices({file(R"({"own-model": {"input_cost_per_token": 3e-06,
      "output_cost_per_token": 15e-06}})")});
  ASSERT_TRUE(loaded);
  ASSERT_NE((*loaded)->find("own-model"), nullptr);
  EXPECT_EQ((*loaded)->find("claude-opus-5-5"), nullptr);
}

TEST_F(price_source, says_which_file_cannot_be_read) {
  const auto path = (folder_ / "missing.json").string();
  EXPECT_EQ(failure(path), "pricing.file: " + path + " cannot be read");
  EXPECT_EQ(failure(folder_.string()), "pricing.file: " + folder_.string() + " cannot be read");
}

TEST_F(price_source, says_what_is_wrong_with_the_file) {
  for (const std::string_view content :
       {"", "not json", "[]", R"({"m": {"input_cost_per_token": "free"}})"}) {
    const auto path = file(content);
    const auto text = failure(path);
    EXPECT_TRUE(text.starts_with("pricing.file: " + path + ": ")) << content << ": " << text;
  }
}

}  // namespace
}  // namespace baton::app
