// GET …/models: what a key may ask for, in the shape of the API that asks. The names are those that
// the key's accounts have lists of; for accounts that take every model, those that the prices know
// of the API's own vendor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "relay/api_key.hpp"
#include "relay/header_source.hpp"
#include "relay/model_offer.hpp"
#include "relay/pricing.hpp"
#include "relay/route.hpp"

namespace baton::relay {

// Whose list is asked for. Three vendors' clients call GET /v1/models: those of Anthropic send
// anthropic-version, those of Google x-goog-api-key or, in the query, `key`; what is left is
// OpenAI's.
const api& model_list_api(const route& asked, const header_source& headers, std::string_view query);

// The names, in order. Baton's own routes list those of every API that the key may use, when
// OpenAI's shape is asked for; all others those of their own API.
class model_list {
 public:
  model_list(const route& asked, const api& shape, const model_offer& offer, const api_key& key,
             const price_table& prices);

  // The whole list; and one model of it, or nothing if it is not there.
  std::string body() const;
  std::optional<std::string> body_of(std::string_view model) const;

 private:
  struct entry {
    std::string name;
    const api* protocol;
  };
  const api& shape_;
  std::vector<entry> entries_;
};

}  // namespace baton::relay
