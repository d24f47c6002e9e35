-- wrk script: POSTs a Messages request of 400 bytes and prints the result as one JSON line.
-- Usage: wrk … -s post.lua URL -- KEY

function init(args)
  local start = '{"model":"claude-sonnet-4-20250514","max_tokens":1024,"messages":[{"role":"user","content":"'
  local finish = '"}]}'
  wrk.method = "POST"
  wrk.headers["x-api-key"] = args[1]
  wrk.headers["anthropic-version"] = "2023-06-01"
  wrk.headers["content-type"] = "application/json"
  wrk.body = start .. string.rep("x", 400 - #start - #finish) .. finish
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"p50_us":%.0f,"p99_us":%.0f,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
