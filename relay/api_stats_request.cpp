#include "relay/api_stats_request.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace baton::relay {
namespace {

using nlohmann::json;

constexpr std::size_t key_bytes_max = 512;

error malformed(std::string text) {
  return downstream_error(error_code::malformed_request, std::move(text));
}

result<void> read_object(std::string_view body, json& object) {
  if (body.size() > api_stats_body_bytes_max) {
    return downstream_error(error_code::body_too_large, "The body is longer than 32 KiB.");
  }
  object = json::parse(body, nullptr, false);
  if (!object.is_object()) return malformed("The body must be a JSON object.");
  return {};
}

result<std::string> key_of(const json& value, const std::string& field) {
  if (!value.is_string()) return malformed(field + ": must be a text, an API key.");
  auto text = value.get<std::string>();
  if (text.empty() || text.size() > key_bytes_max) {
    return malformed(field + ": must have 1 to 512 bytes.");
  }
  return text;
}

// What to say where `field` is missing.
error missing(const json& body, const std::string& field) {
  if (body.contains("apiId") || body.contains("apiIds")) {
    return downstream_error(error_code::permission_denied,
                            "An id does not show who asks: send " + field + " instead.");
  }
  return malformed(field + ": is missing.");
}

}  // namespace

result<std::string> read_api_key(std::string_view body) {
  json object;
  if (const auto read = read_object(body, object); !read) return read.error();
  const auto found = object.find("apiKey");
  if (found == object.end()) return missing(object, "apiKey");
  return key_of(*found, "apiKey");
}

result<std::vector<std::string>> read_api_keys(std::string_view body) {
  json object;
  if (const auto read = read_object(body, object); !read) return read.error();
  const auto found = object.find("apiKeys");
  if (found == object.end()) return missing(object, "apiKeys");
  if (!found->is_array() || found->empty() || found->size() > api_stats_keys_max) {
    return malformed("apiKeys: must be a list of 1 to 30 API keys.");
  }
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < found->size(); ++i) {
    auto key = key_of((*found)[i], "apiKeys[" + std::to_string(i) + "]");
    if (!key) return key.error();
    if (std::find(keys.begin(), keys.end(), *key) == keys.end()) keys.push_back(*std::move(key));
  }
  return keys;
}

result<usage_period> read_stats_period(std::string_view body) {
  json object;
  if (const auto read = read_object(body, object); !read) return read.error();
  const auto found = object.find("period");
  if (found == object.end() || *found == "monthly") return usage_period::month;
  if (*found == "daily") return usage_period::day;
  if (*found == "alltime") return usage_period::all;
  return malformed("period: must be daily, monthly or alltime.");
}

}  // namespace baton::relay
