#include "tests/support/mock_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/text.hpp"

namespace baton::mock {

namespace {

constexpr std::string_view scheme = "AWS4-HMAC-SHA256";
constexpr std::string_view date_name = "x-amz-date";
constexpr std::int64_t skew_s_max = 5 * 60;
constexpr std::size_t date_bytes = 16;  // 20150830T123600Z
constexpr std::size_t day_bytes = 8;

struct header_line {
  std::string name;  // lower case
  std::string value;
};

std::vector<header_line> headers_of(std::string_view head) {
  std::vector<header_line> all;
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n")) {
    head.remove_prefix(at + 2);
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) break;
    all.push_back(
        {text::to_lower(line.substr(0, colon)), std::string(text::trim(line.substr(colon + 1)))});
  }
  return all;
}

std::string value_of(const std::vector<header_line>& headers, std::string_view name) {
  for (const header_line& each : headers) {
    if (each.name == name) return each.value;
  }
  return {};
}

// What an "authorization" header says.
struct signing {
  std::string day, region, service;
  std::vector<std::string> signed_headers;
  std::string signature;
  std::string scope() const { return day + '/' + region + '/' + service + "/aws4_request"; }
};

std::string_view parameter(std::string_view authorization, std::string_view name) {
  const auto at = authorization.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = authorization.substr(at + name.size());
  return text::trim(rest.substr(0, rest.find(',')));
}

signing read_signing(std::string_view authorization) {
  signing all;
  const std::string_view id = access_key_id(authorization);
  if (id.empty()) return all;
  // The id may hold anything, so that what follows it is looked for behind it.
  const auto behind = static_cast<std::size_t>(id.data() + id.size() - authorization.data());
  const std::string_view rest = authorization.substr(behind);
  const std::vector<std::string> scope = text::split(rest.substr(0, rest.find(',')), '/');
  if (scope.size() != 4 || scope[3] != "aws4_request") return all;
  all.day = scope[0];
  all.region = scope[1];
  all.service = scope[2];
  all.signed_headers = text::split(parameter(rest, "SignedHeaders="), ';');
  all.signature = parameter(rest, "Signature=");
  return all;
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

std::string escaped(std::string_view text, std::string_view kept = {}) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::string> pairs;
  for (const std::string& part : text::split(query, '&')) {
    const auto equals = part.find('=');
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    pairs.push_back(escaped(percent_decoded(part.substr(0, equals))) + '=' +
                    escaped(percent_decoded(value)));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string all;
  for (const std::string& each : pairs) all += (all.empty() ? "" : "&") + each;
  return all;
}

// Runs of spaces become one.
std::string squeezed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != ' ' || out.empty() || out.back() != ' ') out += c;
  }
  return out;
}

std::string canonical_headers(const std::vector<header_line>& headers,
                              const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) {
    std::string values;
    for (const header_line& each : headers) {
      if (each.name == name) values += (values.empty() ? "" : ",") + squeezed(each.value);
    }
    all += name + ':' + values + '\n';
  }
  return all;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& each : names) all += (all.empty() ? "" : ";") + each;
  return all;
}

std::string sha256(std::string_view data) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string hmac(std::string_view key, std::string_view data) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(),
       reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::string in_hex(std::string_view data) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : data) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// Seconds since 1970; -1 if it is no date.
std::int64_t seconds_of(const std::string& date) {
  tm parts{};
  if (date.size() != date_bytes) return -1;
  const char* end = ::strptime(date.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  return end == date.c_str() + date_bytes ? std::int64_t{::timegm(&parts)} : -1;
}

bool covers_what_must_be_signed(const std::vector<header_line>& headers, const signing& said) {
  const auto is_signed_header = [&said](std::string_view name) {
    return std::find(said.signed_headers.begin(), said.signed_headers.end(), name) !=
           said.signed_headers.end();
  };
  if (!is_signed_header("host")) return false;
  return std::all_of(headers.begin(), headers.end(), [&](const header_line& each) {
    return !each.name.starts_with("x-amz-") || is_signed_header(each.name);
  });
}

}  // namespace

std::string expected_signature(const request_head& head, std::string_view body,
                               std::string_view secret) {
  const auto headers = headers_of(head.text);
  const signing said = read_signing(value_of(headers, "authorization"));
  if (said.day.empty()) return {};
  const std::string canonical = std::string(head.method) + '\n' + escaped(head.path, "/") + '\n' +
                                canonical_query(head.query) + '\n' +
                                canonical_headers(headers, said.signed_headers) + '\n' +
                                joined(said.signed_headers) + '\n' + in_hex(sha256(body));
  const std::string to_sign = std::string(scheme) + '\n' + value_of(headers, date_name) + '\n' +
                              said.scope() + '\n' + in_hex(sha256(canonical));
  std::string key = hmac("AWS4" + std::string(secret), said.day);
  for (const std::string& part : {said.region, said.service, std::string("aws4_request")}) {
    key = hmac(key, part);
  }
  return in_hex(hmac(key, to_sign));
}

bool is_signed(const request_head& head, std::string_view body, std::int64_t now_s) {
  const auto headers = headers_of(head.text);
  const std::string date = value_of(headers, date_name);
  const std::int64_t date_s = seconds_of(date);
  const signing said = read_signing(value_of(headers, "authorization"));
  return date_s >= 0 && std::abs(now_s - date_s) <= skew_s_max && said.service == "bedrock" &&
         said.day == date.substr(0, day_bytes) && covers_what_must_be_signed(headers, said) &&
         said.signature == expected_signature(head, body, mock_secret);
}

}  // namespace baton::mock
