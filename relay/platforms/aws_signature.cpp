#include "relay/platforms/aws_signature.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "relay/platforms/aws_canonical.hpp"

namespace baton::relay {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view terminator = "aws4_request";
constexpr std::size_t day_bytes = 8;  // "20150830"

void append_number(std::string& out, unsigned number, int digits) {
  out.append(static_cast<std::size_t>(digits), '0');
  for (auto digit = out.rbegin(); digits-- > 0; ++digit) {
    *digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

void append_scope(std::string& out, const aws_scope& scope) {
  for (const auto part : {scope.day, scope.region, scope.service}) out.append(part).append("/");
  out += terminator;
}

void append_line(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string aws_timestamp(wall_time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string out;
  append_number(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_number(out, static_cast<unsigned>(date.month()), 2);
  append_number(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_number(out, static_cast<unsigned>(clock.hours().count()), 2);
  append_number(out, static_cast<unsigned>(clock.minutes().count()), 2);
  append_number(out, static_cast<unsigned>(clock.seconds().count()), 2);
  out += 'Z';
  return out;
}

crypto::key_256 aws_signing_key(std::string_view secret_access_key, const aws_scope& scope) {
  std::string secret("AWS4");
  secret += secret_access_key;
  const std::span secret_bytes(reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size());
  auto key = crypto::hmac_sha256(secret_bytes, {scope.day});
  for (const auto part : {scope.region, scope.service, terminator}) {
    key = crypto::hmac_sha256(key, {part});
  }
  return key;
}

std::string aws_string_to_sign(std::string_view timestamp, const aws_scope& scope,
                               std::string_view canonical_request) {
  std::string out(algorithm);
  out.append("\n").append(timestamp).append("\n");
  append_scope(out, scope);
  out.append("\n").append(crypto::sha256_hex(canonical_request));
  return out;
}

std::string aws_signature(const crypto::key_256& key, std::string_view string_to_sign) {
  return crypto::to_hex(crypto::hmac_sha256(key, {string_to_sign}));
}

aws_signer::aws_signer(aws_credentials credentials, std::string region, std::string service)
    : credentials_(std::move(credentials)),
      region_(std::move(region)),
      service_(std::move(service)) {}

aws_signer::~aws_signer() {
  const day_key* key = newest_.load();
  while (key != nullptr) delete std::exchange(key, key->older);
}

void aws_signer::append_headers(std::string& head, const aws_request& request,
                                wall_time now) const {
  const std::string timestamp = aws_timestamp(now);
  const std::string_view token = credentials_.session_token;
  const aws_scope scope{std::string_view(timestamp).substr(0, day_bytes), region_, service_};

  const std::array<aws_signed_header, 3> all = {
      {{"host", request.host}, {"x-amz-date", timestamp}, {"x-amz-security-token", token}}};
  const std::span<const aws_signed_header> headers(all.data(), token.empty() ? 2 : 3);
  const auto& key = key_of(scope, std::chrono::floor<std::chrono::days>(now));
  const std::string canonical = aws_canonical_request(request.method, request.path, request.query,
                                                      headers, crypto::sha256(request.body));

  for (const auto& header : headers.subspan(1)) append_line(head, header.name, header.value);
  head.append("authorization: ").append(algorithm).append(" Credential=");
  head.append(credentials_.access_key_id).append("/");
  append_scope(head, scope);
  head += ", SignedHeaders=";
  append_aws_header_names(head, headers);
  head += ", Signature=";
  head += aws_signature(key, aws_string_to_sign(timestamp, scope, canonical));
  head += "\r\n";
}

// At midnight some threads may make the same key; each finds one of them.
const crypto::key_256& aws_signer::key_of(const aws_scope& scope, std::chrono::sys_days day) const {
  const day_key* newest = newest_.load(std::memory_order_acquire);
  for (const day_key* known = newest; known != nullptr; known = known->older) {
    if (known->day == day) return known->key;
  }
  auto* const made =
      new day_key{day, aws_signing_key(credentials_.secret_access_key, scope), newest};
  while (!newest_.compare_exchange_weak(made->older, made, std::memory_order_acq_rel)) {
  }
  return made->key;
}

}  // namespace baton::relay
