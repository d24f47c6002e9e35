#include "admin/v1/answers.hpp"

#include <utility>

namespace baton::admin::v1 {

answer success(ordered_json data) {
  return json_answer({{"success", true}, {"data", std::move(data)}});
}

answer success_message(std::string_view message, ordered_json more) {
  ordered_json told = {{"success", true}, {"message", message}};
  told.update(more);
  return json_answer(told);
}

}  // namespace baton::admin::v1
