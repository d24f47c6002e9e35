// A client's request for tests of APIs and platforms, made of its method and path.
//
//   request_sample sample("POST", "/v1/messages?beta=true", R"({"model":"m",…})");
//   const auto facts = sample.inspect();
//   EXPECT_EQ(sample.target(ready), "/v1/messages?beta=true");
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "relay/padded_text.test.hpp"
#include "relay/percent_text.hpp"
#include "relay/platform.hpp"

namespace baton::relay {

class request_sample {
 public:
  // `headers`: lines with their CRLFs.
  request_sample(std::string_view method, std::string target, std::string_view body = "",
                 std::string headers = "", char filler = '\0')
      : target_(std::move(target)),
        header_text_(std::move(headers)),
        headers_(header_text_),
        body_(body, filler),
        match_(match_route(method, path())) {
    if (match_.found == nullptr) throw std::runtime_error("there is no route " + target_);
    parameter_ = percent_decode(match_.parameter).value();
  }
  request_sample(const request_sample&) = delete;

  const relay::route& route() const { return *match_.found; }
  const api& protocol() const { return *match_.protocol; }
  client_request request() const { return {route(), headers_, parameter_, query(), body_.view()}; }
  std::string_view body() const { return body_.view(); }

  result<request_facts> inspect() const { return protocol().inspect(request()); }
  session_facts session(std::string_view scope = "key-1") const {
    return protocol().session(request(), inspect().value(), scope);
  }

  // As sent to an account.
  std::string target(const ready_account& to, std::string_view model = {}) const {
    std::string head;
    outgoing(to, model, [&](const auto& out) { to.platform->append_target(head, out); });
    return head;
  }
  std::string credential(const ready_account& to) const {
    std::string head;
    outgoing(to, {}, [&](const auto& out) { to.platform->append_credential(head, out); });
    return head;
  }
  std::string edited_body(const ready_account& to, std::string_view model = {}) const {
    body_edits edits;
    outgoing(to, model, [&](const auto& out) { to.platform->edit_body(edits, out); });
    std::string edited;
    std::size_t taken = 0;
    for (const auto& each : edits.list) {
      edited.append(body().substr(taken, each.offset - taken)).append(each.text);
      taken = each.offset + each.removed_bytes;
    }
    return edited.append(body().substr(taken));
  }

  // What `use` is given is the request as it leaves for the account; `model`: as sent upstream, if
  // it is not what the client asked for.
  template <class Use>
  void outgoing(const ready_account& to, std::string_view model, Use use) const {
    const auto facts = inspect().value();
    if (model.empty()) model = to.config.upstream_model(facts.model);
    const bool named_in_path = !facts.model_offset && model != facts.model;
    const auto escaped = named_in_path ? percent_encode(model) : std::string(match_.parameter);
    const std::vector<std::string_view> pieces{body()};
    use(outgoing_request{.account = to,
                         .route = route(),
                         .facts = facts,
                         .headers = headers_,
                         .parameter = escaped,
                         .query = query(),
                         .model = model,
                         .body = pieces,
                         .now = {}});
  }

 private:
  std::string_view path() const { return std::string_view(target_).substr(0, target_.find('?')); }
  std::string_view query() const {
    const auto mark = target_.find('?');
    return mark == std::string::npos ? "" : std::string_view(target_).substr(mark + 1);
  }

  std::string target_;
  std::string header_text_;
  header_lines headers_;
  padded_text body_;
  route_match match_;
  std::string parameter_;
};

}  // namespace baton::relay
