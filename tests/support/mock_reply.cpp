#include "tests/support/mock_reply.hpp"

namespace baton::mock {

namespace {

reply refuse(const dialect& speaks, int status, std::string_view type = {},
             std::string_view message = {}) {
  error_document error = speaks.error(status, type, message);
  return {reply::kind::document, status, std::move(error.body), std::move(error.header_lines)};
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
  const auto [head, way, facts] = asked;
  if (has_body(way.what)) {
    if (!facts.problem.empty()) return {bad_request, "", facts.problem};
    if (way.model.empty() && !facts.has_model) return {bad_request, "", "model: Field required"};
  }
  return way.speaks->check(head, way, facts);
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

reply choose_reply(const request& asked, const answer_plan& plan) {
  const behaviour& script = plan.script;
  const route& way = asked.way;
  const bool streamed = way.what == operation::generate && (way.streamed || asked.facts.stream);
  if (script.garbage) return {reply::kind::garbage};
  if (way.what == operation::unknown) return refuse(*way.speaks, 404);
  if (!way.method_allowed) return refuse(*way.speaks, 405);
  if (script.status != 200 || !script.body.empty() || (script.error_in_200 && !streamed)) {
    return {reply::kind::planned};
  }
  if (const auto fault = find_fault(asked); fault.status != 0) {
    return refuse(*way.speaks, fault.status, fault.type, fault.message);
  }
  if (streamed) return {reply::kind::stream};
  if (way.what == operation::generate) return {reply::kind::planned};
  return {reply::kind::document, 200, way.speaks->side_answer(way, script, plan.form)};
}

}  // namespace baton::mock
