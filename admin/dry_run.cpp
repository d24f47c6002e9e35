#include "admin/dry_run.hpp"

#include <array>
#include <memory>
#include <utility>

#include "admin/account_views.hpp"
#include "admin/field.hpp"
#include "relay/api.hpp"
#include "relay/path_parameter.hpp"
#include "relay/route.hpp"

namespace baton::admin {
namespace {

// What the body of the call says, checked one by one.
struct wanted {
  relay::api_key_ptr key;
  std::string path = "/v1/messages";
  json request = json::object();
};

result<std::string> text_member(const json& body, const char* name) {
  const auto sent = body.find(name);
  if (sent == body.end() || sent->is_null()) return std::string();
  if (!sent->is_string()) return field_error(name, "must be a text");
  return sent->get<std::string>();
}

// An API reads what it knows of these, and passes over the rest.
json made_request(const std::string& model, const std::string& session) {
  json request = {{"messages", json::array({{{"role", "user"}, {"content", "?"}}})},
                  {"input", "?"},
                  {"max_tokens", 1}};
  if (!model.empty()) request["model"] = model;
  if (session.empty()) return request;
  request["metadata"] = {{"user_id", session}};
  request["prompt_cache_key"] = session;
  request["session_id"] = session;
  return request;
}

result<wanted> read(const call& made) {
  const auto body = body_of(made);
  if (!body) return body.error();
  if (auto known = check_names(*body, {}, {"key", "path", "model", "session", "request"}); !known) {
    return known.error();
  }
  std::array<std::string, 4> texts;
  std::size_t next = 0;
  for (const auto* name : {"key", "path", "model", "session"}) {
    auto text = text_member(*body, name);
    if (!text) return text.error();
    texts[next++] = *std::move(text);
  }
  auto& [key, path, model, session] = texts;
  if (key.empty()) return field_error("key", "is required: the id or the name of a key");
  const auto stored = made.at.store.find_key(key);
  if (!stored) return field_error("key", "there is no such key");
  wanted asked;
  asked.key = std::make_shared<const relay::api_key>(*stored);
  if (!path.empty()) asked.path = std::move(path);
  asked.request = made_request(model, session);
  const auto request = body->find("request");
  if (request == body->end()) return asked;
  if (!request->is_object()) return field_error("request", "must be an object: a client's body");
  if (!model.empty() || !session.empty()) {
    return field_error("request", "stands for model and session: give it alone");
  }
  asked.request = *request;
  return asked;
}

// The choice that such a request would be.
result<explain_choice> choice_of(const wanted& asked, wall_time now) {
  const auto match = relay::match_route("POST", asked.path);
  if (match.found == nullptr || !relay::is_relayed(match.found->op)) {
    return field_error("path", "is no path that requests are relayed from, by POST");
  }
  const auto& key = *asked.key;
  if (auto usable = relay::check_usable(key, now); !usable) return usable.error();
  if (auto may = relay::check_service(key, match.protocol->service()); !may) return may.error();
  const auto parameter = relay::read_path_parameter(match.parameter);
  if (!parameter) return parameter.error();
  auto padded = asked.request.dump(-1, ' ', false, json::error_handler_t::replace);
  const auto length = padded.size();
  padded.append(relay::json_padding_bytes, ' ');
  const relay::header_lines headers("");
  const relay::client_request request{
      *match.found, headers, *parameter, {}, std::string_view(padded).substr(0, length)};
  const auto facts = match.protocol->inspect(request);
  if (!facts) return facts.error();
  if (auto may = relay::check_model(key, facts->model); !may) return may.error();
  explain_choice choice{match.protocol, std::string(facts->model), asked.key, {}};
  if (!relay::has_session(match.found->op)) return choice;
  const auto session = match.protocol->session(request, *facts, key.id.value());
  if (session.named || session.bound) choice.session = session;
  return choice;
}

// What a client would be told is an answer here; what is wrong with the call is an error.
outcome refused(const error& failure) {
  if (failure.code == error_code::invalid_argument) return failure;
  relay::choice_explanation explanation;
  explanation.refusal = failure;
  return json_answer(explanation_json(explanation));
}

}  // namespace

outcome dry_run(call& made) {
  const auto asked = read(made);
  if (!asked) return asked.error();
  auto choice = choice_of(*asked, made.now.wall);
  if (!choice) return refused(choice.error());
  if (!made.found.choice) return errand(*std::move(choice));
  if (!*made.found.choice) return made.found.choice->error();
  return json_answer(explanation_json(**made.found.choice));
}

}  // namespace baton::admin
