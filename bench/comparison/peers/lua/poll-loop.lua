-- Polls the app once a second until the result is available.
local job = ngx.var.job
local number = 0
while true do
    local response = ngx.location.capture("/poll/" .. job .. "/" .. number, { method = ngx.HTTP_POST })
    if response.status >= 200 and response.status < 300 then
        ngx.status = response.status
        ngx.header.content_type = response.header["Content-Type"]
        ngx.header.content_length = #response.body
        ngx.print(response.body)
        return
    end
    number = number + 1
    ngx.sleep(1)
end
