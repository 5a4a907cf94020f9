-- Waits for the message with the job's result, on a connection to Redis of its own. A job that ended before it
-- subscribed has left its result under a key.
local redis = require "nginx.redis"

local function connect()
    local server = redis:new()
    server:set_timeouts(2000, 2000, 60000)
    assert(server:connect("127.0.0.1", @REDIS@))
    return server
end

local key = "result:" .. ngx.var.job
local subscribed = connect()
assert(subscribed:subscribe(key))
local other = connect()
local result = assert(other:get(key))
other:set_keepalive(10000, 100)
if result == ngx.null then
    local message = assert(subscribed:read_reply())
    result = message[3]
end
subscribed:close()
ngx.header.content_type = "text/plain"
ngx.header.content_length = #result
ngx.print(result)
