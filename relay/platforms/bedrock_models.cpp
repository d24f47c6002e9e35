#include "relay/platforms/bedrock_models.hpp"

#include <algorithm>
#include <array>

namespace baton::relay {
namespace {

// Inference profiles that stay in one country; every model has those of the US and of Europe that
// is there at all.
enum profiles : unsigned { none = 0, jp = 1, au = 2 };

struct bedrock_model {
  std::string_view name;  // as Anthropic calls it, without a date
  std::string_view id;
  unsigned profiles = none;
};

// Models that do not follow the rules of default_id() and of bedrock_model_id(). Ids are those of
// platform.claude.com, "Claude on Amazon Bedrock", profiles those of AWS's "Supported Regions and
// models for inference profiles" and of the models' cards beside it. Retired models are left out.
constexpr std::array<bedrock_model, 9> exceptions = {{
    {"claude-fable-5-1", "anthropic.claude-fable-5-1", none},
    {"claude-fable-5", "anthropic.claude-fable-5", none},
    {"claude-opus-5", "anthropic.claude-opus-5", au},
    {"claude-sonnet-5", "anthropic.claude-sonnet-5", au},
    {"claude-opus-4-6", "anthropic.claude-opus-4-6-v1", au},
    {"claude-opus-4-5", "anthropic.claude-opus-4-5-20251101-v1:0", none},
    {"claude-sonnet-4-5", "anthropic.claude-sonnet-4-5-20250929-v1:0", jp | au},
    {"claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0", jp | au},
    {"claude-opus-4-1", "anthropic.claude-opus-4-1-20250805-v1:0", none},
}};

bool ends_in_date(std::string_view name) {
  constexpr std::size_t date_bytes = 8;
  if (name.size() <= date_bytes) return false;
  const auto date = name.substr(name.size() - date_bytes);
  return name[name.size() - date_bytes - 1] == '-' &&
         std::all_of(date.begin(), date.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Names with a date have a version behind it, those without, since Sonnet 4.6, do not.
std::string default_id(std::string_view name) {
  std::string id("anthropic.");
  id += name;
  if (ends_in_date(name)) id += "-v1:0";
  return id;
}

// Newer models can be invoked by a profile only, which is named after where it may send a request
// to. Outside of these geographies that is anywhere: an account whose requests must stay elsewhere
// maps its models itself.
std::string_view profile_prefix(std::string_view region, unsigned profiles) {
  if (region.starts_with("us-gov-")) return "us-gov.";
  if (region.starts_with("us-")) return "us.";
  if (region.starts_with("eu-")) return "eu.";
  const bool japan = region == "ap-northeast-1" || region == "ap-northeast-3";
  if (japan && (profiles & jp) != 0) return "jp.";
  const bool australia = region == "ap-southeast-2" || region == "ap-southeast-4";
  if (australia && (profiles & au) != 0) return "au.";
  return "global.";
}

}  // namespace

// A model of which nothing is known is taken to be like the newest ones.
std::string bedrock_model_id(std::string_view model, std::string_view region) {
  if (!model.starts_with("claude-")) return std::string(model);
  std::string id = default_id(model);
  unsigned profiles = jp | au;
  const auto known =
      std::find_if(exceptions.begin(), exceptions.end(),
                   [&](const bedrock_model& each) { return each.name == model || each.id == id; });
  if (known != exceptions.end()) {
    id = known->id;
    profiles = known->profiles;
  }
  return id.insert(0, profile_prefix(region, profiles));
}

}  // namespace baton::relay
