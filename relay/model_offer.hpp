// Which models the accounts of a key name.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace baton::relay {

class api;

// Of the accounts that answer one API.
struct api_offer {
  const api* protocol = nullptr;
  std::set<std::string, std::less<>> models;  // as clients ask for them
  bool any = false;                           // some account takes every model
};
using model_offer = std::vector<api_offer>;

}  // namespace baton::relay
