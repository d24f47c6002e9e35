#include "relay/platforms/bedrock_routes.hpp"

#include <array>

#include "relay/platforms/bedrock_api.hpp"

namespace baton::relay {
namespace {

constexpr route invoke(std::string_view path, std::string_view upstream_path, bool streams) {
  return {"POST",           path,   operation::generate, &bedrock_invoke, upstream_path,
          "bedrock_invoke", streams};
}

constexpr std::array table{
    invoke("/bedrock/model/{}/invoke", "/model/{}/invoke", false),
    invoke("/bedrock/model/{}/invoke-with-response-stream", "/model/{}/invoke-with-response-stream",
           true),
};

}  // namespace

std::span<const route> bedrock_routes() {
  return table;
}

}  // namespace baton::relay
