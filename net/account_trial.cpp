#include "net/account_trial.hpp"

#include <algorithm>

#include "net/upstream_attempt.hpp"
#include "relay/path_parameter.hpp"
#include "relay/upstream_message.hpp"

namespace baton::net {
namespace {

constexpr milliseconds trial_max{30'000};
// Name, connection, proxy and TLS may each take as long.
constexpr milliseconds connecting_max{7'000};
constexpr std::uint32_t head_bytes_max = 16 * 1024;

// The same account, in less patience.
relay::ready_account_ptr for_trial(const relay::ready_account& account,
                                   const relay_settings& usual) {
  auto copy = std::make_shared<relay::ready_account>(account);
  auto& own = copy->config.timeouts;
  own.total = std::min(own.total.value_or(trial_max), trial_max);
  own.connect = std::min(own.connect.value_or(usual.connect), connecting_max);
  own.tls_handshake = std::min(own.tls_handshake.value_or(usual.tls_handshake), connecting_max);
  copy->config.on_disconnect = {};
  return copy;
}

std::string head_of(const relay::trial_request& asked) {
  return "POST " + asked.path +
         " HTTP/1.1\r\nhost: baton\r\nuser-agent: baton\r\ncontent-type: application/json\r\n" +
         asked.header_lines + "content-length: " + std::to_string(asked.body.size()) + "\r\n\r\n";
}

std::string_view words_for(std::optional<relay::failure_kind> blame) {
  using relay::failure_kind;
  switch (blame.value_or(failure_kind::error_event)) {
    case failure_kind::unauthorized: return "The credential was refused";
    case failure_kind::forbidden: return "The account may not do this";
    case failure_kind::blocked: return "The account is disabled at its upstream";
    case failure_kind::rate_limited: return "The upstream limits this account";
    case failure_kind::overloaded: return "The upstream is overloaded";
    case failure_kind::server_error: return "The upstream has failed";
    default: return "The upstream refused the request";
  }
}

// A web page also comes with status 200. Empty: nothing of the answer was read.
bool may_be_json(std::string_view beginning) {
  const auto first = beginning.find_first_not_of(" \t\r\n");
  return first == beginning.npos || beginning[first] == '{';
}

// One request of Baton's own, on the operator's connection, which it only watches.
class trial {
 public:
  trial(exchange& ex, const relay::trial_request& asked)
      : outer_(ex),
        head_text_(head_of(asked)),
        padded_body_(asked.body + std::string(relay::json_padding_bytes, '\0')),
        own_(ex.worker, ex.port, ex.client, ex.guard, head_),
        scratch_(ex.worker.scratch.take()) {
    own_.body = std::string_view(padded_body_).substr(0, asked.body.size());
    own_.end = ex.end;
    own_.record.request_id = ex.record.request_id;
    tried_.model = asked.model.value_or("");
  }
  trial(const trial&) = delete;
  trial& operator=(const trial&) = delete;
  ~trial() {
    outer_.guard.end_by(outer_.end);
    outer_.worker.scratch.give_back(std::move(scratch_));
  }

  task<result<relay::account_trial>> run(relay::ready_account_ptr account) {
    auto inspected = inspect();
    if (!inspected) co_return inspected.error();
    own_.guard.serve_with(nullptr);
    upstream_attempt attempt(own_, *match_.found, match_.parameter, facts_, account, *scratch_);
    const auto outcome = co_await attempt.run(true);
    if (outcome.client_gone) {
      co_return internal_error(error_code::cancelled, "the operator has left");
    }
    tried_.latency = std::chrono::duration_cast<milliseconds>(steady_now() - own_.started);
    judge(outcome, attempt);
    tried_.problem = relay::without_secrets(std::move(tried_.problem), account->config);
    co_return std::move(tried_);
  }

 private:
  result<void> inspect() {
    request_parser parser(head_, head_bytes_max);
    const auto parsed = parser.parse_head(head_text_);
    if (!parsed) return parsed.error();
    match_ = relay::match_route(head_.method, head_.path);
    own_.protocol = match_.protocol;
    auto parameter = relay::read_path_parameter(match_.parameter);
    if (!parameter) return parameter.error();
    parameter_ = *std::move(parameter);
    auto facts = own_.protocol->inspect({.route = *match_.found,
                                         .headers = head_.fields,
                                         .parameter = parameter_,
                                         .query = head_.query,
                                         .padded_body = own_.body});
    if (!facts) return facts.error();
    facts_ = *facts;
    return {};
  }

  void judge(const attempt_outcome& outcome, const upstream_attempt& attempt) {
    if (outcome.failure) {
      tried_.problem = outcome.failure->text;
      return;
    }
    const auto& refused = outcome.refused;
    tried_.status = refused ? refused->status : scratch_->answer.status;
    const bool answered = !refused && tried_.status < 300;
    tried_.works = answered && may_be_json(attempt.beginning());
    if (tried_.works) return;
    tried_.problem =
        answered ? "The answer is not one of this API" : words_for(outcome.verdict.blame);
    const auto said =
        relay::upstream_message(refused ? std::string_view(refused->body) : attempt.beginning());
    tried_.problem += " (" + std::to_string(tried_.status) + ")";
    if (!said.empty()) tried_.problem += ": " + said;
  }

  exchange& outer_;
  const std::string head_text_;
  const std::string padded_body_;
  request_head head_;
  exchange own_;
  std::unique_ptr<relay_scratch> scratch_;
  relay::route_match match_;
  std::string parameter_;  // unescaped
  relay::request_facts facts_;
  relay::account_trial tried_;
};

// What an upstream says that does not have the path.
bool is_elsewhere(const relay::account_trial& tried) {
  return tried.status == 404 || tried.status == 405;
}

}  // namespace

task<result<relay::account_trial>> try_account(exchange& ex, relay::ready_account_ptr account,
                                               std::string model) {
  const auto trials = relay::trials_of(*account, model);
  if (!trials) co_return trials.error();
  const auto tried_as = for_trial(*account, ex.worker.settings);
  result<relay::account_trial> tried = relay::account_trial{};
  for (const auto& asked : *trials) {
    trial one(ex, asked);
    tried = co_await one.run(tried_as);
    if (!tried || !is_elsewhere(*tried)) break;
  }
  co_return tried;
}

}  // namespace baton::net
