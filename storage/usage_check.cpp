#include "storage/usage_check.hpp"

#include <algorithm>
#include <utility>

namespace baton::storage {

usage_check& usage_check::operator+=(usage_check&& other) {
  rows += other.rows;
  disagreements += other.disagreements;
  mended += other.mended;
  for (auto& each : other.shown) {
    if (shown.size() < shown_max) shown.push_back(std::move(each));
  }
  return *this;
}

}  // namespace baton::storage
