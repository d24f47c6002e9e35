-- wrk script: POSTs a request of about 400 bytes to one of Baton's APIs and prints the result as one
-- JSON line. Usage: wrk … -s platform.lua URL -- KEY API

local apis = {
  messages = {"/v1/messages", '{"model":"claude-sonnet-4-5","max_tokens":1024,"messages":[{"role":"user","content":"%s"}]}'},
  bedrock_native = {"/bedrock/model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/invoke",
    '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1024,"messages":[{"role":"user","content":"%s"}]}'},
  responses = {"/v1/responses", '{"model":"gpt-5.1","max_output_tokens":1024,"store":false,"input":"%s"}'},
  chat = {"/v1/chat/completions", '{"model":"gpt-5.1","max_tokens":1024,"messages":[{"role":"user","content":"%s"}]}'},
  azure_chat = {"/azure/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
    '{"model":"gpt-4o","max_tokens":1024,"messages":[{"role":"user","content":"%s"}]}'},
  gemini = {"/v1beta/models/gemini-2.5-flash:generateContent",
    '{"generationConfig":{"maxOutputTokens":1024},"contents":[{"role":"user","parts":[{"text":"%s"}]}]}'},
  code_assist = {"/v1internal:generateContent",
    '{"model":"gemini-2.5-pro","project":"p","request":{"contents":[{"role":"user","parts":[{"text":"%s"}]}]}}'},
}

function init(args)
  local path, body = apis[args[2]][1], apis[args[2]][2]
  wrk.method = "POST"
  wrk.path = path
  wrk.headers["authorization"] = "Bearer " .. args[1]
  wrk.headers["content-type"] = "application/json"
  wrk.body = string.format(body, string.rep("x", 400 - #body + 2))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"duration_us":%d,"errors":%d}\n', summary.requests,
    summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
