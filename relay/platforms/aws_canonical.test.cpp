#include "relay/platforms/aws_canonical.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "relay/platforms/aws_vectors.test.hpp"

namespace baton::relay {
namespace {

std::string canonical_path(std::string_view path) {
  std::string out = "/before";
  append_aws_canonical_path(out, path);
  return out.substr(7);
}

std::string canonical_query(std::string_view query) {
  std::string out = "before";
  append_aws_canonical_query(out, query);
  return out.substr(6);
}

TEST(aws_canonical_request, is_that_of_the_published_suite) {
  for (const auto& vector : aws_vectors::requests) {
    SCOPED_TRACE(vector.name);
    auto headers = vector.headers;
    headers.push_back({"host", aws_vectors::host});
    headers.push_back({"x-amz-date", aws_vectors::timestamp});
    std::sort(headers.begin(), headers.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    EXPECT_EQ(canonical_path(vector.path), vector.canonical_path);
    EXPECT_EQ(canonical_query(vector.query), vector.canonical_query);
    EXPECT_EQ(crypto::sha256_hex(aws_canonical_request(vector.method, vector.path, vector.query,
                                                       headers, crypto::sha256({vector.body}))),
              vector.canonical_digest);
  }
}

TEST(aws_canonical_request, names_each_part_on_its_line) {
  const aws_signed_header headers[] = {{"host", "h.example"}, {"x-amz-date", "20150830T123600Z"}};
  EXPECT_EQ(aws_canonical_request("POST", "/a", "b=c", headers, crypto::sha256({""})),
            "POST\n/a\nb=c\nhost:h.example\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(aws_canonical_path, encodes_once_more_what_is_encoded) {
  EXPECT_EQ(canonical_path("/model/anthropic.claude-v2%3A0/invoke"),
            "/model/anthropic.claude-v2%253A0/invoke");
  EXPECT_EQ(canonical_path("/documents%20and%20settings/"), "/documents%2520and%2520settings/");
  EXPECT_EQ(canonical_path("/a:b@c$&'()*+,;="), "/a%3Ab%40c%24%26%27%28%29%2A%2B%2C%3B%3D");
}

TEST(aws_canonical_path, has_no_empty_and_no_dot_segments) {
  EXPECT_EQ(canonical_path(""), "/");
  EXPECT_EQ(canonical_path("/a/b/.."), "/a");
  EXPECT_EQ(canonical_path("/a/b/../"), "/a/");
  EXPECT_EQ(canonical_path("/../../a"), "/a");
  EXPECT_EQ(canonical_path("/.."), "/");
  EXPECT_EQ(canonical_path("/a//b/./c"), "/a/b/c");
  EXPECT_EQ(canonical_path("/..a/.b/c..."), "/..a/.b/c...");
  EXPECT_EQ(canonical_path("/%2e%2e/a"), "/%252e%252e/a");
}

TEST(aws_canonical_query, is_sorted_by_name_and_then_by_value) {
  EXPECT_EQ(canonical_query("b=1&a=2&a=1&B=3&a-b=4"), "B=3&a=1&a=2&a-b=4&b=1");
  EXPECT_EQ(canonical_query("a=%2F&a=.&a=0"), "a=%2F&a=.&a=0");
}

TEST(aws_canonical_query, encodes_in_one_way) {
  EXPECT_EQ(canonical_query("a=%2f%7e~/"), "a=%2F~~%2F");
  EXPECT_EQ(canonical_query("a=b=c+d e"), "a=b%3Dc%2Bd%20e");
  EXPECT_EQ(canonical_query("a&b="), "a=&b=");
  EXPECT_EQ(canonical_query("&&a=1&&"), "a=1");
}

TEST(aws_canonical_query, takes_a_percent_sign_for_itself_where_it_encodes_nothing) {
  EXPECT_EQ(canonical_query("a=%"), "a=%25");
  EXPECT_EQ(canonical_query("a=%4"), "a=%254");
  EXPECT_EQ(canonical_query("a=%4g%g4"), "a=%254g%25g4");
  EXPECT_EQ(canonical_query("%%41=1"), "%25A=1");
}

}  // namespace
}  // namespace baton::relay
