#include "bench/usage_population.hpp"

#include <algorithm>
#include <cstdio>

namespace baton::bench {
namespace {

std::string uuid(unsigned kind, std::size_t number) {
  char text[37];
  std::snprintf(text, sizeof(text), "%08zx-%04x-4000-8000-%012zx", number * 2654435761 % 0xffffffff,
                kind, number);
  return text;
}

}  // namespace

usage_population::usage_population(const population_options& options)
    : options_(options), begin_(wall_now() - std::chrono::hours(24 * options.days)) {
  for (std::size_t i = 0; i < options.keys; ++i) keys_.push_back(uuid(1, i));
  for (std::size_t i = 0; i < options.accounts; ++i) accounts_.push_back(uuid(2, i));
  for (std::size_t i = 0; i < options.models; ++i) {
    models_.push_back("claude-sonnet-4-2025" + std::to_string(1000 + i));
  }
}

// The first ones are drawn most often.
std::size_t usage_population::skewed(std::size_t count) {
  const double draw = std::uniform_real_distribution<double>(0, 1)(random_);
  return std::min(count - 1,
                  static_cast<std::size_t>(static_cast<double>(count) * draw * draw * draw * draw));
}

const std::string& usage_population::random_key() {
  const auto rare = std::max<std::size_t>(1, keys_.size() / 20);
  if (keys_.size() > 1 && random_() % 100'000 == 0)
    return keys_[keys_.size() - 1 - random_() % rare];
  return keys_[skewed(std::max<std::size_t>(1, keys_.size() - rare))];
}

const storage::usage_record_view& usage_population::record(std::uint64_t number) {
  using std::chrono::milliseconds;
  const auto span_ms = static_cast<double>(options_.days) * 86'400'000.0;
  const auto passed = span_ms * static_cast<double>(number) / static_cast<double>(options_.records);
  char request_id[29];
  std::snprintf(request_id, sizeof(request_id), "req_26e5a0e3%016llx",
                static_cast<unsigned long long>(random_()));
  request_id_ = request_id;
  auto& r = record_;
  r.request_id = request_id_;
  r.finished = begin_ + milliseconds(static_cast<std::int64_t>(passed));
  r.key = random_key();
  r.account = accounts_[skewed(accounts_.size())];
  r.platform = r.account == accounts_.back() ? "openai" : "claude-console";
  r.route = "messages";
  r.model = models_[skewed(models_.size())];
  r.model_asked = r.model;
  const auto draw = random_();
  r.tokens = {std::int64_t(draw % 4000),
              std::int64_t(draw >> 12) % 2000,
              std::int64_t(draw >> 24) % 50'000,
              std::int64_t(draw >> 40) % 3000,
              0,
              0};
  r.cost_nanousd = r.tokens.input * 3000 + r.tokens.output * 15'000 + r.tokens.cache_read * 300;
  r.rated_nanousd = r.cost_nanousd;
  r.price_version = "2025-11-01";
  r.stream = draw % 4 != 0;
  r.counted = true;
  r.status = 200;
  r.outcome = "completed";
  r.attempts = 1;
  r.duration = std::chrono::microseconds(500'000 + draw % 20'000'000);
  r.time_to_first_byte = std::chrono::microseconds(200'000 + draw % 900'000);
  return r;
}

}  // namespace baton::bench
