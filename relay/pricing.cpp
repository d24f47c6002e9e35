#include "relay/pricing.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace baton::relay {
namespace {

__extension__ typedef __int128 wide_int;  // holds the product of any two counts

constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();

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

wide_int count(std::int64_t tokens) {
  return std::max<std::int64_t>(tokens, 0);
}

std::int64_t prompt_tokens(const token_usage& usage) {
  const auto sum = count(usage.input) + count(usage.cache_read) + count(usage.cache_write_5m) +
                   count(usage.cache_write_1h);
  return static_cast<std::int64_t>(std::min<wide_int>(sum, int64_max));
}

// Above int64_max nano-USD it is cut, so that a sum of products stays in range.
wide_int product(std::int64_t tokens, std::int64_t rate) {
  return std::min<wide_int>(count(tokens) * rate, wide_int{int64_max} * 1001);
}

std::int64_t nanousd(const token_rates& rates, const token_usage& usage) {
  const auto picousd = product(usage.input, rates.input) + product(usage.output, rates.output) +
                       product(usage.cache_read, rates.cache_read) +
                       product(usage.cache_write_5m, rates.cache_write_5m) +
                       product(usage.cache_write_1h, rates.cache_write_1h) +
                       product(usage.reasoning, rates.output);
  return static_cast<std::int64_t>(std::min<wide_int>((picousd + 500) / 1000, int64_max));
}

// The highest ones that a prompt of up to this length can have; `input` is that of all its tokens.
token_rates dearest_rates(const model_price& price, std::int64_t prompt_tokens) {
  token_rates most;
  const auto raise = [&most](const token_rates& rates) {
    most.input = std::max(
        {most.input, rates.input, rates.cache_read, rates.cache_write_5m, rates.cache_write_1h});
    most.output = std::max(most.output, rates.output);
  };
  raise(price.rates);
  for (const auto& tier : price.tiers) {
    if (prompt_tokens > tier.prompt_tokens_above) raise(tier.rates);
  }
  return most;
}

const model_price& fallback_price() {
  static const model_price price{fallback_rates, {}, 0};
  return price;
}

}  // namespace

const token_rates& model_price::rates_for(std::int64_t prompt_tokens) const {
  const auto* found = &rates;
  for (const auto& tier : tiers) {
    if (prompt_tokens > tier.prompt_tokens_above) found = &tier.rates;
  }
  return *found;
}

price_table::price_table(prices by_name) : by_name_(std::move(by_name)) {
  std::vector<std::pair<std::string, model_price>> undated;
  for (auto each = by_name_.rbegin(); each != by_name_.rend(); ++each) {
    const auto name = without_date(each->first);
    if (name != each->first) undated.emplace_back(name, each->second);
  }
  // The latest date comes first and stays.
  for (auto& [name, price] : undated) by_name_.try_emplace(std::move(name), std::move(price));
}

const model_price* price_table::named(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &found->second;
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

cost cost_of(const price_table& table, std::string_view model, const token_usage& usage) {
  const auto* const known = table.find(model);
  const auto& price = known == nullptr ? fallback_price() : *known;
  const auto spent = nanousd(price.rates_for(prompt_tokens(usage)), usage);
  return {spent, spent, known == nullptr};
}

cost estimate_cost(const price_table& table, std::string_view model, std::int64_t input_tokens,
                   std::int64_t output_tokens_max) {
  const auto* const known = table.find(model);
  const auto& price = known == nullptr ? fallback_price() : *known;
  const bool model_limits = price.output_tokens_max > 0 &&
                            (output_tokens_max <= 0 || price.output_tokens_max < output_tokens_max);
  token_usage most;
  most.input = input_tokens;
  most.output = model_limits ? price.output_tokens_max : output_tokens_max;
  const auto spent = nanousd(dearest_rates(price, input_tokens), most);
  return {spent, spent, known == nullptr};
}

}  // namespace baton::relay
