#include "relay/price_entry.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace baton::relay {
namespace {

using given_rate = std::optional<std::int64_t> given_rates::*;

struct rate_field {
  std::string_view name;
  given_rate rate;
};

constexpr std::array<rate_field, 6> rate_fields = {{
    {"input_cost_per_token", &given_rates::input},
    {"output_cost_per_token", &given_rates::output},
    {"output_cost_per_reasoning_token", &given_rates::reasoning},
    {"cache_read_input_token_cost", &given_rates::cache_read},
    {"cache_creation_input_token_cost", &given_rates::cache_write_5m},
    {"cache_creation_input_token_cost_above_1hr", &given_rates::cache_write_1h},
}};

// 200'000 for "_above_200k_tokens", 0 for nothing, none for anything else.
std::optional<std::int64_t> prompt_length(std::string_view suffix) {
  constexpr std::string_view before = "_above_";
  constexpr std::string_view behind = "k_tokens";
  if (suffix.empty()) return 0;
  if (!suffix.starts_with(before) || !suffix.ends_with(behind)) return std::nullopt;
  if (suffix.size() < before.size() + behind.size()) return std::nullopt;
  suffix.remove_prefix(before.size());
  suffix.remove_suffix(behind.size());
  const auto thousands = text::parse_number<std::uint32_t>(suffix);
  if (!thousands || *thousands == 0) return std::nullopt;
  return std::int64_t{*thousands} * 1000;
}

// Takes "_priority" or "_flex" off the end.
service_tier take_service(std::string_view& suffix) {
  for (const auto tier : {service_tier::priority, service_tier::flex}) {
    const auto name = to_string(tier);
    if (!suffix.ends_with(name)) continue;
    const auto rest = suffix.substr(0, suffix.size() - name.size());
    if (!rest.ends_with('_')) continue;
    suffix = rest.substr(0, rest.size() - 1);
    return tier;
  }
  return service_tier::standard;
}

void override_rates(given_rates& earlier, const given_rates& later) {
  for (const auto& [name, rate] : rate_fields) {
    if (later.*rate) earlier.*rate = later.*rate;
  }
}

// `rate` * `factor` / `divisor`, rounded half up; token_rate_max at most.
std::int64_t scaled(std::int64_t rate, std::int64_t factor, std::int64_t divisor) {
  __extension__ typedef __int128 wide_int;
  const auto product = (wide_int{rate} * factor * 2 + divisor) / (wide_int{divisor} * 2);
  return static_cast<std::int64_t>(std::min<wide_int>(product, token_rate_max));
}

// `rate`, risen as something else rose from `before` to `after`.
std::int64_t risen(std::int64_t rate, std::int64_t before, std::int64_t after) {
  return before == 0 ? rate : scaled(rate, after, before);
}

token_rates complete(const given_rates& given, bool is_claude) {
  const auto input = *given.input;
  return {input,
          *given.output,
          given.cache_read.value_or(is_claude ? scaled(input, 1, 10) : input),
          given.cache_write_5m.value_or(scaled(input, 5, 4)),
          given.cache_write_1h.value_or(scaled(input, 2, 1)),
          given.reasoning};
}

// What is not given rises from the usual rates as the input does; reasoning as the output.
token_rates complete(const given_rates& given, const token_rates& usual) {
  const auto input = given.input.value_or(usual.input);
  const auto output = given.output.value_or(usual.output);
  const auto as_input = [&](std::int64_t rate) { return risen(rate, usual.input, input); };
  auto reasoning = given.reasoning;
  if (!reasoning && usual.reasoning) reasoning = risen(*usual.reasoning, usual.output, output);
  return {input,
          output,
          given.cache_read.value_or(as_input(usual.cache_read)),
          given.cache_write_5m.value_or(as_input(usual.cache_write_5m)),
          given.cache_write_1h.value_or(as_input(usual.cache_write_1h)),
          reasoning};
}

// The rates of a long prompt, each risen as a service tier's rate is above the standard one.
token_rates risen_as(const token_rates& of_long, const token_rates& from, const token_rates& to) {
  token_rates rates{risen(of_long.input, from.input, to.input),
                    risen(of_long.output, from.output, to.output),
                    risen(of_long.cache_read, from.cache_read, to.cache_read),
                    risen(of_long.cache_write_5m, from.cache_write_5m, to.cache_write_5m),
                    risen(of_long.cache_write_1h, from.cache_write_1h, to.cache_write_1h)};
  if (of_long.reasoning || to.reasoning) {
    rates.reasoning =
        risen(of_long.reasoning_or_output(), from.reasoning_or_output(), to.reasoning_or_output());
  }
  return rates;
}

bool says_anything(const given_card& card) {
  const auto says = [](const given_rates& given) {
    return std::any_of(rate_fields.begin(), rate_fields.end(),
                       [&](const rate_field& each) { return (given.*each.rate).has_value(); });
  };
  return says(card.rates) || std::any_of(card.tiers.begin(), card.tiers.end(),
                                         [&](const auto& each) { return says(each.second); });
}

// Where the tier has no price for long prompts, they rise as they do at standard.
service_price complete_service(service_tier tier, const given_card& given,
                               const model_price& standard) {
  service_price made{tier, complete(given.rates, standard.rates), {}};
  std::map<std::int64_t, token_rates> tiers;
  for (const auto& [tokens, rates] : standard.tiers) {
    tiers[tokens] = risen_as(rates, standard.rates, made.rates);
  }
  for (const auto& [tokens, rates] : given.tiers) {
    const auto [place, is_new] = tiers.try_emplace(tokens, made.rates);
    place->second = complete(rates, place->second);
  }
  for (const auto& [tokens, rates] : tiers) made.tiers.push_back({tokens, rates});
  return made;
}

token_rates times(token_rates rates, std::int64_t millionths) {
  for (auto* each : {&rates.input, &rates.output, &rates.cache_read, &rates.cache_write_5m,
                     &rates.cache_write_1h}) {
    *each = scaled(*each, millionths, 1'000'000);
  }
  if (rates.reasoning) rates.reasoning = scaled(*rates.reasoning, millionths, 1'000'000);
  return rates;
}

service_price fast_price(std::int64_t millionths, const model_price& standard) {
  service_price made{service_tier::fast, times(standard.rates, millionths), {}};
  for (const auto& [tokens, rates] : standard.tiers) {
    made.tiers.push_back({tokens, times(rates, millionths)});
  }
  return made;
}

}  // namespace

void given_price::override_with(const given_price& later) {
  for (std::size_t tier = 0; tier < cards.size(); ++tier) {
    override_rates(cards[tier].rates, later.cards[tier].rates);
    for (const auto& [tokens, rates] : later.cards[tier].tiers) {
      override_rates(cards[tier].tiers[tokens], rates);
    }
  }
  if (later.fast_millionths) fast_millionths = later.fast_millionths;
  if (later.max_output_tokens) max_output_tokens = later.max_output_tokens;
  if (later.max_tokens) max_tokens = later.max_tokens;
}

std::optional<rate_place> rate_place_of(std::string_view field) {
  for (const auto& [name, rate] : rate_fields) {
    if (!field.starts_with(name)) continue;
    auto suffix = field.substr(name.size());
    const auto tier = take_service(suffix);
    if (const auto tokens = prompt_length(suffix)) return rate_place{tier, *tokens, rate};
  }
  return std::nullopt;
}

model_price complete_price(std::string_view model, const given_price& given) {
  model_price price;
  price.entry = model;
  price.rates = complete(given.standard().rates, model.find("claude") != model.npos);
  for (const auto& [tokens, rates] : given.standard().tiers) {
    price.tiers.push_back({tokens, complete(rates, price.rates)});
  }
  for (const auto tier : {service_tier::priority, service_tier::flex}) {
    const auto& card = given.cards[static_cast<std::size_t>(tier)];
    if (says_anything(card)) price.services.push_back(complete_service(tier, card, price));
  }
  if (given.fast_millionths) price.services.push_back(fast_price(*given.fast_millionths, price));
  price.output_tokens_max = given.max_output_tokens.value_or(given.max_tokens.value_or(0));
  return price;
}

}  // namespace baton::relay
