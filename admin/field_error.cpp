#include "admin/field_error.hpp"

#include <memory>

namespace baton::admin {

error field_error(std::string_view field, std::string_view what) {
  auto failure =
      downstream_error(error_code::invalid_argument, std::string(field).append(": ").append(what));
  failure.details = std::make_shared<const error_details>(error_details{std::string(field), {}});
  return failure;
}

std::string_view field_of(const error& failure) {
  if (failure.code != error_code::invalid_argument || !failure.details) return {};
  return failure.details->name;
}

}  // namespace baton::admin
