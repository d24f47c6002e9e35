#include "actors/key_cost_inquiry.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "relay/model_family.hpp"

namespace baton::actors {
namespace {

// Lives as long as an answer is missing.
class inquiry : public std::enable_shared_from_this<inquiry> {
 public:
  inquiry(runtime::pinned_actor& self, const key_usage_source& source, const key_id& key,
          const relay::cost_question& question, cost_sums_handler then)
      : self_(self), source_(source), key_(key), question_(question), then_(std::move(then)) {}

  void start() {
    missing_ = source_.aggregators.size();
    if (missing_ == 0) return query();
    for (const auto& aggregator : source_.aggregators) {
      self_.request(aggregator, caf::infinite, flush_usage{})
          .then(
              [me = shared_from_this()](const usage_flushed& reply) { me->flushed(reply.stored); },
              [me = shared_from_this()](const caf::error&) { me->fail(); });
    }
  }

 private:
  void flushed(const result<void>& stored) {
    if (!stored) return finish(stored.error());
    if (--missing_ == 0) query();
  }

  void query() {
    missing_ = 3;
    sum_up(question_.day, false, &relay::cost_sums::day_nanousd);
    sum_up(question_.week, true, &relay::cost_sums::week_nanousd);
    sum_up(std::nullopt, false, &relay::cost_sums::total_nanousd);
  }

  void sum_up(std::optional<wall_time> from, bool claude_only,
              std::uint64_t relay::cost_sums::*sum) {
    query_usage order;
    order.query.keys = {key_};
    order.query.from = from;
    if (claude_only) order.query.group = storage::usage_group::model;
    self_.request(source_.storage, caf::infinite, std::move(order))
        .then([me = shared_from_this(), claude_only,
               sum](const usage_found& found) { me->take_in(found, claude_only, sum); },
              [me = shared_from_this()](const caf::error&) { me->fail(); });
  }

  void take_in(const usage_found& found, bool claude_only, std::uint64_t relay::cost_sums::*sum) {
    if (!found.sums) return finish(found.sums.error());
    for (const auto& each : *found.sums) {
      if (claude_only && !relay::is_claude_model(each.group)) continue;
      sums_.*sum += static_cast<std::uint64_t>(std::max<std::int64_t>(each.rated_nanousd, 0));
    }
    if (--missing_ == 0) finish(sums_);
  }

  void fail() {
    finish(internal_error(error_code::storage_failed, "the store or an aggregator has stopped"));
  }
  void finish(const result<relay::cost_sums>& outcome) {
    if (const auto then = std::exchange(then_, nullptr)) then(outcome);
  }

  runtime::pinned_actor& self_;
  const key_usage_source& source_;
  const key_id key_;
  const relay::cost_question question_;
  cost_sums_handler then_;
  std::size_t missing_ = 0;
  relay::cost_sums sums_;
};

}  // namespace

void ask_key_costs(runtime::pinned_actor& self, const key_usage_source& source, const key_id& key,
                   const relay::cost_question& question, cost_sums_handler then) {
  if (!source.storage) return then(relay::cost_sums{});
  std::make_shared<inquiry>(self, source, key, question, std::move(then))->start();
}

}  // namespace baton::actors
