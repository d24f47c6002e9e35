// Whatever a query looks like, nothing that an upstream may take for a credential is left of it,
// and everything else is, in its order.
#include <array>
#include <string>
#include <vector>

#include "relay/client_credential.hpp"
#include "tests/fuzz/input.hpp"

using baton::fuzz::require;

namespace {

constexpr std::array<std::string_view, 7> credentials = {
    "key", "api-key", "api_key", "apikey", "access_token", "oauth_token", "subscription-key"};

std::vector<std::string> parts_of(const std::string& query) {
  std::vector<std::string> parts{""};
  for (const char c : query) {
    if (c == '&') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  std::erase(parts, "");
  return parts;
}

int digit(char c) {
  return static_cast<int>(std::string_view("0123456789abcdef")
                              .find(static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c)));
}

// Unescaped, in small letters.
std::string name_of(const std::string& part) {
  const std::string raw = part.substr(0, part.find('='));
  std::string name;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%' && i + 2 < raw.size() && digit(raw[i + 1]) >= 0 && digit(raw[i + 2]) >= 0) {
      c = static_cast<char>(digit(raw[i + 1]) * 16 + digit(raw[i + 2]));
      i += 2;
    }
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name.starts_with('$') ? name.substr(1) : name;
}

bool is_credential(const std::string& part) {
  return std::find(credentials.begin(), credentials.end(), name_of(part)) != credentials.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string query(baton::fuzz::as_text(data, size));
  std::vector<std::string> expected = parts_of(query);
  std::erase_if(expected, is_credential);
  const auto stripped = baton::relay::strip_key_parameter(query);
  require(parts_of(stripped) == expected, "all but the credentials is left");
  require(baton::relay::strip_key_parameter(stripped) == stripped, "stripping once is enough");
  const auto found = baton::relay::find_client_key({.query = query}, "cr_");
  require(found.empty() || query.find("=" + std::string(found)) != query.npos,
          "a key is the value of a parameter");
  return 0;
}
