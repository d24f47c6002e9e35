// v1's overview of everything, for dashboards.
#pragma once

#include "admin/call.hpp"
#include "relay/account_report.hpp"

namespace baton::admin::v1 {

// {"overview","recentActivity","systemAverages","realtimeMetrics","systemHealth","systemTimezone"}.
// Today is that of time.utc_offset. Errors: the store's.
result<ordered_json> dashboard_json(desk& at, const std::vector<relay::account_report>& reports,
                                    wall_time now);

}  // namespace baton::admin::v1
