#include "actors/usage_aggregator_actor.hpp"

#include <algorithm>
#include <iterator>

#include "actors/metric_labels.hpp"
#include "base/log.hpp"

namespace baton::actors {
namespace {

// How long what has ended may wait before it is stored and logged. With the store's own time it
// stays below the 100 ms that batched durability promises.
constexpr std::chrono::milliseconds flush_delay{50};
constexpr std::chrono::milliseconds retry_delay{1000};
constexpr std::size_t log_bytes_max = 64 * 1024;
constexpr std::size_t labelled_models_max = 200;

// The attempts that failed: "account:kind, account:kind".
std::string retried(const relay::request_record& ended) {
  std::string text;
  for (const auto& each : ended.failed) {
    if (!text.empty()) text += ", ";
    text.append(each.account.value()).append(":").append(relay::to_string(each.kind));
  }
  return text;
}

}  // namespace

usage_aggregator_actor::usage_aggregator_actor(caf::actor_config& config, runtime::worker& home,
                                               caf::actor storage, caf::actor scheduler,
                                               metrics::relay_metrics& metrics)
    : pinned_actor(config, home),
      storage_(std::move(storage)),
      scheduler_(std::move(scheduler)),
      metrics_(metrics) {}

caf::behavior usage_aggregator_actor::make_behavior() {
  return {
      [this](const request_ended& fact) { take_in(fact.record); },
      [this](flush_due) {
        flush_scheduled_ = false;
        flush();
      },
      // The request that the asker has just seen end may be recorded behind this very message: its
      // session is still in the event that sent its last byte. One message further, it is here.
      [this](flush_usage) -> caf::result<usage_flushed> {
        announced_.push_back(make_response_promise());
        send(this, flush_now{});
        return announced_.back();
      },
      [this](flush_now) {
        std::move(announced_.begin(), announced_.end(), std::back_inserter(waiting_));
        announced_.clear();
        flush();
        if (!storing_ && tally_.empty()) answer_flushed({});
      },
  };
}

void usage_aggregator_actor::take_in(const relay::request_record& ended) {
  count(ended);
  log_line(ended);
  tally_.add(ended);
  schedule_flush(flush_delay);
}

void usage_aggregator_actor::count(const relay::request_record& ended) {
  const auto worker = home().index();
  metrics_.requests.add(worker, {platform_label(ended.account ? ended.account->platform : nullptr),
                                 route_label(ended.route), static_cast<std::size_t>(ended.how)});
  if (ended.how == relay::outcome::client_gone) metrics_.client_aborts.add(worker, {});
  if (ended.failure == error_code::rate_limited) metrics_.limit_rejections.add(worker, {0});
  if (ended.attempts == 0) return;
  metrics_.request_duration.observe(worker, ended.duration.count());
  metrics_.overhead.observe(worker,
                            (ended.duration - ended.upstream_wait - ended.queue_wait).count());
  if (ended.queue_wait.count() > 0) metrics_.queue_wait.observe(worker, ended.queue_wait.count());
  if (ended.time_to_first_byte) {
    metrics_.time_to_first_event.observe(worker, ended.time_to_first_byte->count());
  }
}

void usage_aggregator_actor::log_line(const relay::request_record& ended) {
  if (!log::enabled(log::level::info)) return;
  static const std::string none;
  const bool refused = ended.failure.has_value();
  log::append_line(log_lines_, log::json() ? log::format::json : log::format::text, ended.finished,
                   log::level::info, "request",
                   {{"request_id", ended.request_id},
                    {"route", ended.route ? ended.route->label : "other"},
                    {"status", ended.status},
                    {"outcome", relay::to_string(ended.how)},
                    {"reason", refused ? to_string(*ended.failure) : std::string_view()},
                    {"key", ended.key ? ended.key->id.value() : none},
                    {"account", ended.account ? ended.account->config.id.value() : none},
                    {"model", ended.model},
                    {"stream", ended.stream},
                    {"attempts", ended.attempts},
                    {"retried", retried(ended)},
                    {"duration_ms", static_cast<double>(ended.duration.count()) / 1000},
                    {"input_tokens", ended.usage.input},
                    {"output_tokens", ended.usage.output},
                    {"cache_read_tokens", ended.usage.cache_read},
                    {"cache_write_tokens", ended.usage.cache_write()},
                    {"reasoning_tokens", ended.usage.reasoning}});
  if (log_lines_.size() >= log_bytes_max) {
    log::write_lines(log_lines_);
    log_lines_.clear();
  }
}

void usage_aggregator_actor::schedule_flush(std::chrono::milliseconds delay) {
  if (std::exchange(flush_scheduled_, true)) return;
  delayed_send(this, delay, flush_due{});
}

void usage_aggregator_actor::flush() {
  if (!log_lines_.empty()) {
    log::write_lines(log_lines_);
    log_lines_.clear();
  }
  store();
}

void usage_aggregator_actor::store() {
  if (storing_ || tally_.empty()) return;
  storing_ = true;
  const auto rows = std::make_shared<const std::vector<storage::usage_row>>(tally_.take());
  request(storage_, caf::infinite, append_usage{rows})
      .then([this, rows](const usage_appended& reply) { on_stored(rows, reply.stored); },
            [this, rows](const caf::error&) {
              on_stored(rows, internal_error(error_code::storage_failed, "the store has stopped"));
            });
}

void usage_aggregator_actor::on_stored(
    const std::shared_ptr<const std::vector<storage::usage_row>>& rows,
    const result<void>& outcome) {
  storing_ = false;
  if (!outcome) {
    log::error("usage could not be stored and is kept", {{"reason", outcome.error().text}});
    tally_.merge(*rows);
    schedule_flush(retry_delay);
    answer_flushed(outcome);
    return;
  }
  publish_tokens(*rows);
  tell_accounts(*rows);
  if (tally_.empty()) return answer_flushed(outcome);
  // What ended meanwhile belongs to the same flush for whoever waits for one; its own may have come
  // due while the store was busy.
  if (waiting_.empty()) {
    schedule_flush(flush_delay);
  } else {
    store();
  }
}

void usage_aggregator_actor::on_exit() {
  runtime::fail_all(announced_);
  runtime::fail_all(waiting_);
  scheduler_ = nullptr;
}

void usage_aggregator_actor::answer_flushed(const result<void>& outcome) {
  for (auto& promise : waiting_) promise.deliver(usage_flushed{outcome});
  waiting_.clear();
}

// When it is stored, so that an account that asks the store counts nothing twice.
void usage_aggregator_actor::tell_accounts(const std::vector<storage::usage_row>& rows) {
  if (!scheduler_) return;
  for (const auto& row : rows) {
    send(scheduler_, account_used{row.account,
                                  {.tokens = static_cast<std::uint64_t>(row.tokens.total()),
                                   .cost_nanousd = static_cast<std::uint64_t>(row.cost_nanousd)}});
  }
}

void usage_aggregator_actor::publish_tokens(const std::vector<storage::usage_row>& rows) {
  for (const auto& row : rows) {
    metrics_.add_key_usage(row.key.value(), row.requests, row.tokens.total());
    const bool known =
        labelled_models_.contains(row.model) || (labelled_models_.size() < labelled_models_max &&
                                                 labelled_models_.insert(row.model).second);
    const std::string model = known ? row.model : "other";
    metrics_.add_tokens(row.platform, model, "input", row.tokens.input);
    metrics_.add_tokens(row.platform, model, "output", row.tokens.output);
    metrics_.add_tokens(row.platform, model, "cache_read", row.tokens.cache_read);
    metrics_.add_tokens(row.platform, model, "cache_write_5m", row.tokens.cache_write_5m);
    metrics_.add_tokens(row.platform, model, "cache_write_1h", row.tokens.cache_write_1h);
    metrics_.add_tokens(row.platform, model, "reasoning", row.tokens.reasoning);
    metrics_.add_cost(row.platform, model, row.cost_nanousd);
    metrics_.add_unpriced(row.platform, row.fallback_requests);
  }
}

}  // namespace baton::actors
