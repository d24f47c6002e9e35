#include "admin/field_error.hpp"

#include <memory>
#include <utility>

namespace baton::admin {

namespace {

error naming(error failure, std::string_view field) {
  failure.details = std::make_shared<const error_details>(error_details{std::string(field), {}});
  return failure;
}

}  // namespace

error field_error(std::string_view field, std::string_view what) {
  return naming(
      downstream_error(error_code::invalid_argument, std::string(field).append(": ").append(what)),
      field);
}

std::string_view field_of(const error& failure) {
  if (failure.code != error_code::invalid_argument || !failure.details) return {};
  return failure.details->name;
}

error with_named_field(error failure) {
  if (failure.code != error_code::invalid_argument || failure.details) return failure;
  const auto field = failure.text.substr(0, failure.text.find_first_of(" ,:"));
  return naming(std::move(failure), field);
}

}  // namespace baton::admin
