#include "storage/usage_face.hpp"

namespace baton::storage {

face_parts parts_of(usage_face face) {
  switch (face) {
    case usage_face::detail: return {true, true, true};
    case usage_face::models: return {false, true, true};
    case usage_face::keys: return {true, false, false};
    case usage_face::sum: return {false, false, false};
    case usage_face::key_models: break;
  }
  return {true, false, true};
}

int usage_kind(usage_face face, period length) {
  switch (length) {
    case period::hour: return static_cast<int>(face) + 1;
    case period::day: return static_cast<int>(face) + 2;
    case period::month:
    case period::all: break;
  }
  return static_cast<int>(face) + 3;
}

series_name series_of(usage_face face, const usage_row& row) {
  const auto parts = parts_of(face);
  series_name name;
  if (parts.key) name.key = row.key.value();
  if (parts.model) name.model = row.model;
  if (parts.account) {
    name.account = row.account.value();
    name.platform = row.platform;
  }
  return name;
}

usage_face face_for(const usage_query& query) {
  const bool key = !query.keys.empty() || query.group == usage_group::key;
  const bool model = !query.models.empty() || query.group == usage_group::model;
  const bool account = !query.accounts.empty() || !query.platforms.empty() ||
                       query.group == usage_group::account || query.group == usage_group::platform;
  if (!key) return account || model ? usage_face::models : usage_face::sum;
  if (account) return usage_face::detail;
  return model ? usage_face::key_models : usage_face::keys;
}

}  // namespace baton::storage
