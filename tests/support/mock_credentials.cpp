#include "tests/support/mock_credentials.hpp"

#include <algorithm>

namespace baton::mock {

credential_record::credential_record(std::string credential, behaviour script, behaviour normal)
    : credential_(std::move(credential)), normal_(std::move(normal)), script_(std::move(script)) {}

void credential_record::behave(behaviour script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
  requests_ = 0;
  plan_.reset();
}

// Whether the next request gets script_.
bool credential_record::scripted() const {
  if (script_.times != 0 && requests_ >= script_.times) return false;
  const auto [good, bad] = script_.flap;
  return bad == 0 || requests_ % (std::uint64_t{good} + bad) >= good;
}

credential_record::reception credential_record::receives() const {
  const std::lock_guard lock(mutex_);
  const behaviour& next = scripted() ? script_ : normal_;
  return {next.early, next.read_bytes_per_s};
}

std::shared_ptr<const answer_plan> credential_record::begin(std::string_view head,
                                                            std::string_view body,
                                                            answer_form form) {
  const std::lock_guard lock(mutex_);
  const bool use_script = scripted();
  const behaviour& script = use_script ? script_ : normal_;
  // Without a call the tools make no difference.
  if (!script.tool_call) form.tool.clear();
  if (!plan_ || plan_is_scripted_ != use_script || plan_->form != form) {
    plan_ = make_plan(script, form);
    plan_is_scripted_ = use_script;
  }
  ++requests_;
  ++counts_.requests;
  counts_.in_flight_max = std::max(counts_.in_flight_max, ++counts_.in_flight);
  counts_.last_head = head;
  counts_.last_body = body;
  return plan_;
}

void credential_record::end(outcome how) {
  const std::lock_guard lock(mutex_);
  --counts_.in_flight;
  switch (how) {
    case outcome::completed: ++counts_.answers_completed; break;
    case outcome::cut: ++counts_.answers_cut; break;
    case outcome::aborted: ++counts_.client_aborts; break;
  }
}

void credential_record::remember(const stamp& values, std::string model) {
  const std::lock_guard lock(mutex_);
  if (answers_.size() == answers_max) answers_.pop_front();
  answers_.push_back({values.id, std::move(model)});
}

std::optional<std::string> credential_record::remembered_model(std::string_view response_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = find(response_id);
  return found == answers_.end() ? std::nullopt : std::optional(found->model);
}

void credential_record::forget(std::string_view response_id) {
  const std::lock_guard lock(mutex_);
  const auto found = find(response_id);
  if (found != answers_.end()) answers_.erase(found);
}

credential_record::kept_answers::const_iterator credential_record::find(
    std::string_view response_id) const {
  constexpr std::string_view prefix = "resp_";
  if (!response_id.starts_with(prefix)) return answers_.end();
  response_id.remove_prefix(prefix.size());
  return std::find_if(answers_.begin(), answers_.end(), [response_id](const kept_answer& each) {
    return std::string_view(each.id.data(), each.id.size()) == response_id;
  });
}

credential_statistics credential_record::snapshot() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void credential_record::clear() {
  const std::lock_guard lock(mutex_);
  const std::uint64_t in_flight = counts_.in_flight;
  counts_ = {};
  counts_.in_flight = counts_.in_flight_max = in_flight;
}

credential_record& credential_book::find(std::string_view credential) {
  const std::lock_guard lock(mutex_);
  auto found = records_.find(credential);
  if (found == records_.end()) {
    if (records_.size() >= records_max) credential = "(others)";
    auto record = std::make_unique<credential_record>(std::string(credential),
                                                      behaviour_of(credential), normal_);
    found = records_.try_emplace(std::string(credential), std::move(record)).first;
  }
  return *found->second;
}

void credential_book::behave(std::string_view credential, behaviour script) {
  find(credential).behave(std::move(script));
}

behaviour credential_book::behaviour_of(std::string_view credential) const {
  behaviour refusal;
  if (credential.empty()) {
    refusal.status = 401;
    refusal.error_message = "The request carries no credential";
    return refusal;
  }
  if (!is_script(credential)) return normal_;
  auto script = parse_behaviour(credential, normal_);
  if (script) return *std::move(script);
  refusal.status = 400;
  refusal.error_message = script.error().text;
  return refusal;
}

void credential_book::add_to(statistics& values) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [credential, record] : records_) {
    credential_statistics counts = record->snapshot();
    if (counts.requests == 0) continue;
    values.requests += counts.requests;
    values.answers_completed += counts.answers_completed;
    values.answers_cut += counts.answers_cut;
    values.client_aborts += counts.client_aborts;
    if (record.get() == last_) {
      values.last_head = counts.last_head;
      values.last_body = counts.last_body;
    }
    values.credentials.emplace(credential, std::move(counts));
  }
  values.malformed_requests = malformed_;
}

void credential_book::clear() {
  const std::lock_guard lock(mutex_);
  for (const auto& [credential, record] : records_) record->clear();
  malformed_ = 0;
}

}  // namespace baton::mock
