// What Prometheus expects of every process: CPU, memory, file descriptors, start time; and which
// build of Baton this is.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace baton::metrics {

// Reads /proc/self. A figure that cannot be read is left out. Any thread.
std::vector<prometheus::MetricFamily> collect_process_metrics();

}  // namespace baton::metrics
