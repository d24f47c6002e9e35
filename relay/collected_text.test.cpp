#include "relay/collected_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "relay/api.hpp"

namespace baton::relay {
namespace {

constexpr std::size_t bytes_max = 40'000;

std::string sample(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += std::to_string(text.size()) + " ";
  return text.substr(0, bytes);
}

void expect_ends_of(const collected_text& collected, std::string_view text) {
  EXPECT_TRUE(collected.too_long());
  EXPECT_EQ(collected.beginning(), text.substr(0, collected_text::beginning_bytes));
  EXPECT_EQ(collected.end(), text.substr(text.size() - collected_text::end_bytes));
}

TEST(collected_text, is_whole_up_to_its_bound) {
  collected_text collected(bytes_max);
  EXPECT_EQ(collected.padded(), "");
  for (const std::size_t bytes : {std::size_t{1}, bytes_max}) {
    collected.clear();
    collected.append(sample(bytes).substr(0, bytes / 2));
    collected.append(sample(bytes).substr(bytes / 2));
    EXPECT_FALSE(collected.too_long());
    const auto padded = collected.padded();
    EXPECT_EQ(padded, sample(bytes));
    EXPECT_EQ(std::string_view(padded.end(), json_padding_bytes),
              std::string(json_padding_bytes, '\0'));
  }
}

TEST(collected_text, has_two_ends_where_it_is_too_long) {
  const std::string text = sample(bytes_max + 1);
  collected_text at_once(bytes_max);
  at_once.append(text);
  expect_ends_of(at_once, text);

  collected_text in_two(bytes_max);
  in_two.append(text.substr(0, 10));
  in_two.append(text.substr(10));
  expect_ends_of(in_two, text);
  in_two.clear();
  EXPECT_FALSE(in_two.too_long());
  in_two.append("x");
  EXPECT_EQ(in_two.padded(), "x");
}

TEST(collected_text, has_the_same_ends_in_whatever_pieces_it_comes) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  collected_text collected(bytes_max);
  for (const std::size_t piece_max : {1, 10, 1000, 20'000, 200'000}) {
    const std::string text = sample(bytes_max + 1 + random() % 200'000);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t bytes = random() % piece_max + 1;
      collected.append(std::string_view(text).substr(at, bytes));
      at += bytes;
    }
    expect_ends_of(collected, text);
    collected.clear();
  }
}

}  // namespace
}  // namespace baton::relay
