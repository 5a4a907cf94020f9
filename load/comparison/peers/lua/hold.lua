-- Asks the app once a second, until it has the result.
local job = ngx.var.job
local number = 0
while true do
    local answer = ngx.location.capture("/poll/" .. job .. "/" .. number, { method = ngx.HTTP_POST })
    if answer.status >= 200 and answer.status < 300 then
        ngx.status = answer.status
        ngx.header.content_type = answer.header["Content-Type"]
        ngx.header.content_length = #answer.body
        ngx.print(answer.body)
        return
    end
    number = number + 1
    ngx.sleep(1)
end
