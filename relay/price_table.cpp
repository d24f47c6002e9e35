#include "relay/price_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace baton::relay {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_suffix(std::string_view name, std::string_view suffix) {
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return name;
}

std::string_view without_digits(std::string_view name) {
  while (!name.empty() && is_digit(name.back())) name.remove_suffix(1);
  return name;
}

std::string_view without_latest(std::string_view name) {
  return without_suffix(without_suffix(name, ":latest"), "-latest");
}

// Of Bedrock's inference profiles.
std::string_view without_region(std::string_view name) {
  for (const std::string_view region : {"us.", "eu.", "apac.", "jp.", "au.", "global."}) {
    if (name.starts_with(region)) return name.substr(region.size());
  }
  return name;
}

// Of the Gemini API's list of models.
std::string_view without_collection(std::string_view name) {
  constexpr std::string_view collection = "models/";
  return name.starts_with(collection) ? name.substr(collection.size()) : name;
}

std::string_view without_vendor(std::string_view name) {
  constexpr std::string_view vendor = "anthropic.";
  return name.starts_with(vendor) ? name.substr(vendor.size()) : name;
}

// "-v1:0" or "-v1".
std::string_view without_version(std::string_view name) {
  const auto before_minor = without_digits(name);
  const bool has_minor = before_minor.size() < name.size() && before_minor.ends_with(':');
  const auto major = has_minor ? before_minor.substr(0, before_minor.size() - 1) : name;
  const auto before_major = without_digits(major);
  const bool has_major = before_major.size() < major.size() && before_major.ends_with("-v");
  return has_major ? before_major.substr(0, before_major.size() - 2) : name;
}

// A 0 of the form stands for any digit.
bool has_form(std::string_view text, std::string_view form) {
  const auto fits = [](char c, char f) { return f == '0' ? is_digit(c) : c == f; };
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), fits);
}

std::string_view without_date(std::string_view name) {
  for (const std::string_view form : {"-00000000", "-0000-00-00"}) {
    if (name.size() < form.size()) continue;
    const auto start = name.size() - form.size();
    if (has_form(name.substr(start), form)) return name.substr(0, start);
  }
  return name;
}

const token_rates& longest_reached(const token_rates& rates, const std::vector<price_tier>& tiers,
                                   std::int64_t prompt_tokens) {
  const auto* found = &rates;
  for (const auto& tier : tiers) {
    if (prompt_tokens > tier.prompt_tokens_above) found = &tier.rates;
  }
  return *found;
}

}  // namespace

const token_rates& model_price::rates_for(std::int64_t prompt_tokens, service_tier tier) const {
  for (const auto& service : services) {
    if (service.tier == tier) return longest_reached(service.rates, service.tiers, prompt_tokens);
  }
  return longest_reached(rates, tiers, prompt_tokens);
}

price_table::price_table(prices by_name, price_facts facts)
    : by_name_(std::move(by_name)), facts_(std::move(facts)) {
  if (const auto others = by_name_.extract(other_models); !others.empty()) {
    unknown_ = std::move(others.mapped());
  }
  std::vector<std::pair<std::string, model_price>> undated;
  for (auto each = by_name_.rbegin(); each != by_name_.rend(); ++each) {
    const auto name = without_date(each->first);
    if (name != each->first) undated.emplace_back(name, each->second);
  }
  // The latest date comes first and stays.
  for (auto& [name, price] : undated) by_name_.try_emplace(std::move(name), std::move(price));
  index_.reserve(by_name_.size());
  for (const auto& [name, price] : by_name_) index_.emplace(name, &price);
}

const model_price* price_table::named(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : found->second;
}

const model_price* price_table::find(std::string_view model) const {
  const auto* found = named(model);
  for (const auto shorten : {&without_collection, &without_latest, &without_region, &without_vendor,
                             &without_version, &without_date}) {
    if (found != nullptr) break;
    const auto shorter = shorten(model);
    if (shorter.size() == model.size()) continue;
    model = shorter;
    found = named(model);
  }
  return found;
}

}  // namespace baton::relay
