#include "relay/platforms/aws_signature.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "relay/platforms/aws_vectors.test.hpp"

namespace baton::relay {
namespace {

using namespace std::chrono_literals;
namespace chrono = std::chrono;

constexpr wall_time signing_time =
    chrono::sys_days(chrono::year(2015) / chrono::August / 30) + 12h + 36min;
constexpr aws_scope scope{aws_vectors::day, aws_vectors::region, aws_vectors::service};

aws_signer signer_of(std::string_view session_token = {}) {
  return {{std::string(aws_vectors::access_key_id), std::string(aws_vectors::secret_access_key),
           std::string(session_token)},
          std::string(aws_vectors::region),
          std::string(aws_vectors::service)};
}

std::string sign(const aws_signer& signer, const aws_request& request, wall_time now) {
  std::string head = "accept: */*\r\n";
  signer.append_headers(head, request, now);
  return head.substr(13);
}

const aws_request get_vanilla{"GET", "/", "", aws_vectors::host, {}};

TEST(aws_timestamp, is_in_universal_time_to_the_second) {
  EXPECT_EQ(aws_timestamp(signing_time), aws_vectors::timestamp);
  EXPECT_EQ(aws_timestamp(signing_time + 999ms), aws_vectors::timestamp);
  EXPECT_EQ(aws_timestamp(wall_time{}), "19700101T000000Z");
  EXPECT_EQ(aws_timestamp(chrono::sys_days(chrono::year(2024) / 2 / 29) + 86'399'999ms),
            "20240229T235959Z");
}

TEST(aws_signing_key, is_that_of_the_documentation) {  // "Examples of how to derive a signing key"
  EXPECT_EQ(crypto::to_hex(aws_signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                           {"20150830", "us-east-1", "iam"})),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(aws_string_to_sign, names_algorithm_time_scope_and_request) {
  EXPECT_EQ(aws_string_to_sign(aws_vectors::timestamp, scope, "request"),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n" +
                crypto::sha256_hex("request"));
}

TEST(aws_signature, is_that_of_the_published_suite) {
  const auto key = aws_signing_key(aws_vectors::secret_access_key, scope);
  for (const auto& vector : aws_vectors::requests) {
    EXPECT_EQ(aws_signature(key,
                            "AWS4-HMAC-SHA256\n20150830T123600Z\n"
                            "20150830/us-east-1/service/aws4_request\n" +
                                std::string(vector.canonical_digest)),
              vector.signature)
        << vector.name;
  }
}

TEST(aws_signer, signs_the_requests_of_the_published_suite) {
  std::size_t signed_requests = 0;
  for (const auto& vector : aws_vectors::requests) {
    std::string_view token;
    if (vector.headers.size() == 1 && vector.headers[0].name == "x-amz-security-token") {
      token = vector.headers[0].value;
    } else if (!vector.headers.empty()) {
      continue;  // signs more headers than Baton does
    }
    const auto head =
        sign(signer_of(token), {vector.method, vector.path, vector.query, aws_vectors::host, {}},
             signing_time);
    EXPECT_TRUE(head.ends_with("Signature=" + std::string(vector.signature) + "\r\n"))
        << vector.name << "\n"
        << head;
    ++signed_requests;
  }
  EXPECT_GT(signed_requests, 15u);
}

TEST(aws_signer, writes_the_lines_of_date_token_and_authorization) {
  EXPECT_EQ(sign(signer_of(), get_vanilla, signing_time),
            "x-amz-date: 20150830T123600Z\r\n"
            "authorization: AWS4-HMAC-SHA256 "
            "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature="
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31\r\n");
  const auto with_token = sign(signer_of("token"), get_vanilla, signing_time);
  EXPECT_TRUE(with_token.starts_with(
      "x-amz-date: 20150830T123600Z\r\nx-amz-security-token: token\r\nauthorization: "))
      << with_token;
  EXPECT_NE(with_token.find("SignedHeaders=host;x-amz-date;x-amz-security-token,"),
            std::string::npos);
}

TEST(aws_signer, does_not_care_how_the_body_is_cut) {
  const std::vector<std::string_view> whole = {R"({"max_tokens":1})"};
  const std::vector<std::string_view> pieces = {R"({"max_)", "", R"(tokens":1)", "}"};
  const aws_signer signer = signer_of();
  aws_request request{"POST", "/", "", aws_vectors::host, whole};
  const auto once = sign(signer, request, signing_time);
  request.body = pieces;
  EXPECT_EQ(sign(signer, request, signing_time), once);
  request.body = {};
  EXPECT_NE(sign(signer, request, signing_time), once);
}

TEST(aws_signer, makes_a_new_key_each_day_in_either_direction) {
  const aws_signer signer = signer_of();
  for (const auto now : {signing_time, signing_time + 24h, signing_time + 25h, signing_time,
                         signing_time - 24h * 365, wall_time{}}) {
    EXPECT_EQ(sign(signer, get_vanilla, now), sign(signer_of(), get_vanilla, now));
  }
}

TEST(aws_signer, signs_on_many_threads_around_midnight) {
  const auto midnight = chrono::sys_days(chrono::year(2015) / 8 / 31);
  const auto before = sign(signer_of(), get_vanilla, midnight - 1ms);
  const auto after = sign(signer_of(), get_vanilla, midnight);
  const aws_signer signer = signer_of();
  std::array<std::thread, 4> threads;
  for (auto& thread : threads) {
    thread = std::thread([&] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_EQ(sign(signer, get_vanilla, midnight - 1ms), before);
        EXPECT_EQ(sign(signer, get_vanilla, midnight), after);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace baton::relay
