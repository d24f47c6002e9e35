# Reads samples ("subject metric value"), prints the medians as a table with a ratio to HAProxy, and
# appends them to `results` as one JSON line for each subject. `about` is the start of these lines:
# JSON members that describe the run.

function median(list,   values, count, i, j, kept) {
  count = split(list, values, " ")
  for (i = 2; i <= count; i++) {
    kept = values[i] + 0
    for (j = i - 1; j > 0 && values[j] + 0 > kept; j--) values[j + 1] = values[j]
    values[j + 1] = kept
  }
  return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
}

function row(metric, label, format,   s, line, printed, base) {
  line = sprintf("%-34s", label)
  for (s = 1; s <= subject_count; s++) {
    printed = (subjects[s], metric) in samples ? \
        sprintf(format, median(samples[subjects[s], metric])) : "-"
    line = line sprintf("%12s", printed)
  }
  base = ("haproxy", metric) in samples ? median(samples["haproxy", metric]) : 0
  if (("baton", metric) in samples && base > 0) {
    line = line sprintf("%16.2f", median(samples["baton", metric]) / base)
  }
  print line
}

{
  if (!($1 in seen)) {
    seen[$1] = 1
    subjects[++subject_count] = $1
  }
  if (!($2 in known)) {
    known[$2] = 1
    metrics[++metric_count] = $2
  }
  samples[$1, $2] = samples[$1, $2] " " $3
}

END {
  header = sprintf("%-34s", "")
  for (s = 1; s <= subject_count; s++) header = header sprintf("%12s", subjects[s])
  print header sprintf("%16s", "baton/haproxy")
  if ("c64_requests_per_s" in known) {
    print "JSON, 64 connections"
    row("c64_requests_per_s", "  requests/s", "%.0f")
    row("c64_cpu_us_per_request", "  CPU us per request", "%.1f")
    row("c64_p50_us", "  latency p50 us", "%.0f")
    row("c64_p99_us", "  latency p99 us", "%.0f")
    row("c64_errors", "  errors", "%d")
  }
  if ("c1_requests_per_s" in known) {
    print "JSON, 1 connection"
    row("c1_requests_per_s", "  requests/s", "%.0f")
    row("c1_cpu_us_per_request", "  CPU us per request", "%.1f")
    row("c1_p50_us", "  latency p50 us", "%.0f")
    row("c1_p99_us", "  latency p99 us", "%.0f")
    row("c1_errors", "  errors", "%d")
  }
  if ("stream_events_per_s" in known) {
    print stream_count " live event streams"
    row("stream_events_per_s", "  events/s", "%.0f")
    row("stream_cpu_us_per_event", "  CPU us per event", "%.1f")
    row("stream_p50_us", "  delay p50 us", "%.1f")
    row("stream_p99_us", "  delay p99 us", "%.1f")
    row("stream_max_us", "  delay max us", "%.0f")
    row("stream_broken", "  broken or refused", "%d")
    row("stream_rss_kb", "  memory kB", "%.0f")
    row("stream_kb_each", "  memory kB per stream", "%.1f")
  }
  print "idle"
  row("idle_rss_kb", "  memory kB", "%.0f")

  for (s = 1; s <= subject_count; s++) {
    line = "{" about ",\"subject\":\"" subjects[s] "\""
    for (m = 1; m <= metric_count; m++) {
      if (!((subjects[s], metrics[m]) in samples)) continue
      line = line sprintf(",\"%s\":%.10g", metrics[m], median(samples[subjects[s], metrics[m]]))
    }
    print line "}" >> results
  }
}
