#include "actors/usage_batch.hpp"

#include <algorithm>
#include <utility>

#include "relay/route.hpp"
#include "storage/ledger/ledger_codec.hpp"

namespace baton::actors {
namespace {

// Whether a request is in the sums of usage: it is of a kind that is billed, and has reached an
// account's upstream. Others use nothing.
bool is_counted(const relay::request_record& ended) {
  return ended.account && ended.reached_upstream && relay::is_billed(ended.route->op);
}

storage::usage_record_view view_of(const relay::request_record& ended) {
  storage::usage_record_view view;
  view.request_id = ended.request_id;
  view.finished = ended.finished;
  view.key = ended.key->id.value();
  if (ended.account) {
    view.account = ended.account->config.id.value();
    view.platform = ended.account->config.platform;
  }
  view.route = ended.route->label;
  view.model_asked = ended.model_asked;
  view.model = ended.model;
  view.tokens = ended.usage;
  view.cost_nanousd = ended.cost.nanousd;
  view.rated_nanousd = ended.cost.rated_nanousd;
  if (ended.priced_by) view.price_version = ended.priced_by->version();
  view.priced_by_fallback = ended.cost.by_fallback;
  view.usage_estimated = ended.usage_estimated;
  view.stream = ended.stream;
  view.counted = is_counted(ended);
  view.status = ended.status;
  view.outcome = relay::to_string(ended.how);
  if (ended.failure) view.error = to_string(*ended.failure);
  view.attempts = ended.attempts;
  view.duration = ended.duration;
  view.time_to_first_byte = ended.time_to_first_byte;
  return view;
}

}  // namespace

void usage_collector::add(const relay::request_record& ended) {
  if (!ended.key || ended.route == nullptr || !relay::is_relayed(ended.route->op)) return;
  const auto view = view_of(ended);
  storage::append_record(batch_.records, view);
  tally_.add(view);
  batch_.first = empty() ? ended.finished : std::min(batch_.first, ended.finished);
  batch_.last = empty() ? ended.finished : std::max(batch_.last, ended.finished);
  ++batch_.count;
}

usage_batch usage_collector::take() {
  auto taken = std::exchange(batch_, {});
  taken.rows = tally_.take();
  return taken;
}

}  // namespace baton::actors
