// The configuration of a running server, as the administration shows and changes it.
#pragma once

#include <functional>

#include "admin/call.hpp"
#include "app/config.hpp"

namespace baton::app {

// Belongs to the thread of the administration.
class running_config final : public admin::live_config {
 public:
  running_config(const config& started_with, std::function<void()> reload_prices)
      : values_(started_with), reload_prices_(std::move(reload_prices)) {}

  nlohmann::ordered_json show() const override;
  result<nlohmann::ordered_json> changes(const nlohmann::json& wanted) const override;
  void change(const nlohmann::json& wanted) override;
  void reload_prices() override { reload_prices_(); }

 private:
  config values_;
  std::function<void()> reload_prices_;
};

}  // namespace baton::app
