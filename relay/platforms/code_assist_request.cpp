#include "relay/platforms/code_assist_request.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "relay/platforms/gemini_inspection.hpp"
#include "relay/platforms/gemini_query.hpp"

namespace baton::relay {
namespace {

using simdjson::ondemand::value;

enum field : std::size_t { model, inner_request };
constexpr std::array<known_field, 2> fields = {{{"model", true}, {"request", true}}};

class inspection final : public body_inspection {
 public:
  inspection(std::string_view body, operation op, request_facts& facts)
      : body_inspection(body, fields), op_(op), facts_(facts) {}

  result<void> inspect() {
    if (auto walked = run(); !walked) return walked;
    if (op_ == operation::assist) return {};
    if (op_ == operation::generate && !has(model)) {
      return malformed_field("model", "Field required");
    }
    if (!has(inner_request)) return malformed_field("request", "Field required");
    gemini_inspection inner(text(inner_request), op_, facts_);
    if (auto inspected = inner.inspect(); !inspected) return inspected;
    if (!has(model)) take_inner_model(inner.model_text());
    return {};
  }

 private:
  result<void> read(std::size_t which, value value) override {
    if (which == model) return read_model("model", value, facts_);
    simdjson::ondemand::json_type type{};
    if (!value.type().get(type) && type == simdjson::ondemand::json_type::object) return {};
    return malformed_field("request", "Must be an object");
  }

  void take_inner_model(std::string_view quoted) {
    constexpr std::string_view prefix = "\"models/";
    if (!quoted.starts_with(prefix) || quoted.size() <= prefix.size() + 1) return;
    if (quoted.size() > model_bytes_max || quoted.find('\\') != quoted.npos) return;
    facts_.model = quoted.substr(prefix.size(), quoted.size() - prefix.size() - 1);
    facts_.model_offset = offset_of(facts_.model);
  }

  operation op_;
  request_facts& facts_;
};

// Google's methods begin with a verb: these only ask or tell something about the account.
bool is_about_account(std::string_view method) {
  constexpr std::array<std::string_view, 8> verbs = {"load",     "onboard", "list",   "get",
                                                     "retrieve", "set",     "record", "fetch"};
  const auto is_letter = [](char c) { return text::lower(c) >= 'a' && text::lower(c) <= 'z'; };
  return std::all_of(method.begin(), method.end(), is_letter) &&
         std::any_of(verbs.begin(), verbs.end(),
                     [method](std::string_view verb) { return method.starts_with(verb); });
}

// An operation's name is an id; asking how far it has come makes no model work.
bool is_known(const client_request& request) {
  return request.route.upstream_path.ends_with("/operations/{}") ||
         is_about_account(request.parameter);
}

}  // namespace

result<request_facts> inspect_code_assist_request(const client_request& request) {
  const auto op = request.route.op;
  if (op == operation::assist && !is_known(request)) {
    return downstream_error(error_code::not_found,
                            "There is no such method: " + std::string(request.parameter));
  }
  result<request_facts> facts = request_facts{};  // filled in place
  const auto format = read_gemini_query(request);
  if (!format) return format.error();
  facts->stream = request.route.streams;
  facts->stream_format = *format;
  facts->estimated_input_tokens = request.padded_body.size() / 4;
  if (op == operation::assist && request.padded_body.empty()) return facts;
  auto read = inspection(request.padded_body, op, *facts).inspect();
  if (!read) facts = read.error();
  return facts;
}

}  // namespace baton::relay
