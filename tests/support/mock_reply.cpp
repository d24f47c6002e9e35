#include "tests/support/mock_reply.hpp"

#include <ctime>

#include "tests/support/mock_openai.hpp"
#include "tests/support/mock_signature.hpp"

namespace baton::mock {

namespace {

constexpr std::string_view wrong_signature = "InvalidSignatureException";
constexpr std::string_view wrong_signature_text =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";

reply refuse(int status, error_document error) {
  return {reply::kind::document, status, std::move(error.body), std::move(error.header_lines)};
}

reply refuse(const dialect& speaks, int status, std::string_view type = {},
             std::string_view message = {}) {
  return refuse(status, speaks.error(status, type, message));
}

// Whether the body has to be JSON.
bool has_body(operation what) {
  switch (what) {
    case operation::generate:
    case operation::compact:
    case operation::count_tokens:
    case operation::embed:
    case operation::embed_batch: return true;
    default: return false;
  }
}

// What is wrong with the request itself.
dialect::refusal find_fault(const request& asked) {
  constexpr int bad_request = 400;
  const route& way = asked.way;
  const body_facts& facts = asked.facts;
  if (has_body(way.what)) {
    if (!facts.problem.empty()) return {bad_request, "", facts.problem};
    if (way.model_needed && way.model.empty() && !facts.has_model)
      return {bad_request, "", "model: Field required"};
  }
  return way.speaks->check(asked.head, way, facts);
}

// A request that is answered before its body is here cannot be checked.
bool has_wrong_signature(const request& asked) {
  return asked.head.source == credential_source::signature && asked.body_complete &&
         !is_signed(asked.head, asked.body, std::time(nullptr));
}

// Refuses what refers to an answer that the credential has not made.
std::optional<reply> refuse_unknown_answer(const request& asked, const credential_record& record) {
  const auto known = [&record](std::string_view id) {
    return record.remembered_model(id).has_value();
  };
  if (!asked.way.id.empty() && !known(asked.way.id)) {
    return refuse(404, unknown_response(asked.way.id));
  }
  const std::string& previous = asked.facts.previous_response;
  if (!previous.empty() && !known(previous)) {
    return refuse(400, unknown_previous_response(previous));
  }
  return std::nullopt;
}

bool makes_answer(operation what) {
  return what == operation::generate || what == operation::compact;
}

}  // namespace

answer_form form_of(const route& way, const body_facts& facts) {
  answer_form form;
  form.speaks = way.speaks;
  form.model = facts.model.empty() ? way.model : facts.model;
  form.tool = facts.tool;
  form.include_usage = facts.include_usage;
  form.array = way.array;
  form.code_assist = way.code_assist;
  return form;
}

reply choose_reply(const request& asked, const answer_plan& plan, credential_record& record,
                   const stamp& values) {
  const behaviour& script = plan.script;
  const route& way = asked.way;
  const bool streamed = way.what == operation::generate && (way.streamed || asked.facts.stream);
  if (script.garbage) return {reply::kind::garbage};
  if (has_wrong_signature(asked))
    return refuse(bedrock(), 403, wrong_signature, wrong_signature_text);
  if (way.what == operation::unknown) return refuse(*way.speaks, 404);
  if (!way.method_allowed) return refuse(*way.speaks, 405);
  if (script.status != 200 || !script.body.empty() || (script.error_in_200 && !streamed)) {
    return {reply::kind::planned};
  }
  if (const auto fault = find_fault(asked); fault.status != 0) {
    return refuse(*way.speaks, fault.status, fault.type, fault.message);
  }
  if (way.speaks->keeps_answers()) {
    if (auto refusal = refuse_unknown_answer(asked, record)) return *std::move(refusal);
    if (makes_answer(way.what)) record.remember(values, plan.form.model);
  }
  if (streamed) return {reply::kind::stream};
  if (way.what == operation::generate) return {reply::kind::planned};
  answer_form form = plan.form;
  if (!way.id.empty()) {
    form.model = record.remembered_model(way.id).value_or("");
    if (way.what == operation::delete_response) record.forget(way.id);
  }
  return {reply::kind::document, 200, way.speaks->side_answer(way, script, form)};
}

}  // namespace baton::mock
