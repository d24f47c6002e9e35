#include "actors/usage_aggregator_actor.hpp"

#include <algorithm>
#include <iterator>

#include "actors/metric_labels.hpp"
#include "base/log.hpp"

namespace baton::actors {
namespace {

// How long what has ended may wait before it is written and logged. With the time that writing
// takes it stays below the 100 ms that batched durability promises.
constexpr std::chrono::milliseconds flush_delay{50};
constexpr std::chrono::milliseconds retry_delay{1000};
// Of records that wait for a ledger which cannot be written: some 100,000 requests.
constexpr std::size_t collected_bytes_max = 16 * 1024 * 1024;
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
                                               caf::actor ledger, bool at_once,
                                               metrics::relay_metrics& metrics)
    : pinned_actor(config, home),
      ledger_(std::move(ledger)),
      at_once_(at_once),
      metrics_(metrics) {}

caf::behavior usage_aggregator_actor::make_behavior() {
  return {
      [this](const request_ended& fact) { take_in(fact.record); },
      [this](const write_record& order) { return write_first(order.record); },
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
        if (!on_the_way_) await_counted();
      },
      [this](retry_batch) { send_batch(); },
  };
}

void usage_aggregator_actor::on_exit() {
  for (auto* promises : {&held_answers_, &answers_on_the_way_, &announced_, &waiting_}) {
    runtime::fail_all(*promises);
  }
}

void usage_aggregator_actor::take_in(const relay::request_record& ended) {
  count(ended);
  log_line(ended);
  if (!ended.handed_over) collect(ended);
  schedule_flush(at_once_ ? std::chrono::milliseconds(0) : flush_delay);
}

// The answer's last bytes wait for this.
caf::result<record_written> usage_aggregator_actor::write_first(
    const relay::request_record& ended) {
  if (!collect(ended)) {
    return record_written{internal_error(error_code::storage_failed, "records cannot be kept")};
  }
  held_answers_.push_back(make_response_promise());
  auto promise = held_answers_.back();
  write();
  return promise;
}

bool usage_aggregator_actor::collect(const relay::request_record& ended) {
  const bool has_room = collected_.bytes() < collected_bytes_max;
  if (has_room) {
    collected_.add(ended);
  } else {
    metrics_.add_lost_usage(1);
  }
  return has_room;
}

void usage_aggregator_actor::count(const relay::request_record& ended) {
  const auto worker = home().index();
  metrics_.requests.add(worker, {platform_label(ended.account ? ended.account->platform : nullptr),
                                 route_label(ended.route), static_cast<std::size_t>(ended.how)});
  if (ended.how == relay::outcome::client_gone) metrics_.client_aborts.add(worker, {});
  if (ended.failure == error_code::rate_limited || ended.failure == error_code::quota_exceeded) {
    const auto limit = ended.limit.value_or(limit_kind::accounts);
    metrics_.limit_rejections.add(worker, {static_cast<std::size_t>(limit)});
  }
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
  write();
}

void usage_aggregator_actor::write() {
  if (on_the_way_ || collected_.empty()) return;
  on_the_way_ = std::make_shared<const usage_batch>(collected_.take());
  answers_on_the_way_ = std::exchange(held_answers_, {});
  send_batch();
}

void usage_aggregator_actor::send_batch() {
  request(ledger_, caf::infinite, append_to_ledger{on_the_way_})
      .then([this](const ledger_appended& reply) { on_written(reply); },
            [this](const caf::error&) {
              on_failed(internal_error(error_code::storage_failed, "the ledger has stopped"));
            });
}

void usage_aggregator_actor::on_written(const ledger_appended& reply) {
  if (!reply.written) return on_failed(reply.written.error());
  for (auto& promise : std::exchange(answers_on_the_way_, {})) {
    promise.deliver(record_written{reply.synced});
  }
  publish(std::exchange(on_the_way_, nullptr)->rows);
  if (collected_.empty()) return await_counted();
  // What ended meanwhile belongs to the same flush for whoever waits for one; its own may have come
  // due while the ledger was busy.
  if (waiting_.empty() && held_answers_.empty() && !at_once_) {
    schedule_flush(flush_delay);
  } else {
    write();
  }
}

// The batch stays as it is, to be sent again. Answers that wait for it are not kept from their
// clients for as long.
void usage_aggregator_actor::on_failed(const error& reason) {
  log::error("usage could not be written to the ledger and is kept", {{"reason", reason.text}});
  for (auto* promises : {&answers_on_the_way_, &held_answers_}) {
    for (auto& promise : std::exchange(*promises, {})) promise.deliver(record_written{reason});
  }
  answer_flushed(reason);
  delayed_send(this, retry_delay, retry_batch{});
}

// All is written; who waits for a flush wants it in the store's sums too.
void usage_aggregator_actor::await_counted() {
  if (waiting_.empty()) return;
  auto promises = std::make_shared<std::vector<caf::response_promise>>(std::move(waiting_));
  waiting_.clear();
  const auto answer = [promises](const result<void>& outcome) {
    for (auto& promise : *promises) promise.deliver(usage_flushed{outcome});
  };
  request(ledger_, caf::infinite, flush_usage{})
      .then([answer](const usage_flushed& reply) { answer(reply.stored); },
            [answer](const caf::error&) {
              answer(internal_error(error_code::storage_failed, "the ledger has stopped"));
            });
}

void usage_aggregator_actor::answer_flushed(const result<void>& outcome) {
  for (auto& promise : waiting_) promise.deliver(usage_flushed{outcome});
  waiting_.clear();
}

void usage_aggregator_actor::publish(const std::vector<storage::usage_row>& rows) {
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
