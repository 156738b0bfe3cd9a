-- Sends the requests of a file in turn (bench/load/README.md), for wrk. The file has one a line: METHOD TARGET [JSON].
-- Environment: FIRSTLINE_BENCH_REQUESTS (the file), FIRSTLINE_BENCH_TOKEN (bearer token). A POST gets an
-- Idempotency-Key that no other request has. wrk itself counts every answer whose status is 400 or more.

local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local function random_prefix()
    local source = assert(io.open("/dev/urandom", "rb"))
    local bytes = source:read(8)
    source:close()
    return (bytes:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

-- The request as bytes; of a POST what comes before and after its key.
local function prepare(line)
    local method, target, body = line:match("^(%u+) (%S+) ?(.*)$")
    assert(method, "no METHOD TARGET: " .. line)
    local token = os.getenv("FIRSTLINE_BENCH_TOKEN")
    local head = method .. " " .. target .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if token and token ~= "" then head = head .. "Authorization: Bearer " .. token .. "\r\n" end
    if body ~= "" then
        head = head .. "Content-Type: application/json\r\nContent-Length: " .. #body .. "\r\n"
    end
    if method == "POST" then return head .. "Idempotency-Key: ", "\r\n\r\n" .. body end
    return head .. "\r\n" .. body, nil
end

local before, after, place, keys, prefix = {}, {}, 0, 0, ""

function init()
    local path = assert(os.getenv("FIRSTLINE_BENCH_REQUESTS"), "FIRSTLINE_BENCH_REQUESTS names no file")
    for line in io.lines(path) do
        local i = #before + 1
        before[i], after[i] = prepare(line)
        after[i] = after[i] or false
    end
    assert(#before > 0, path .. " holds no request")
    prefix = random_prefix() .. "-" .. number .. "-"
    place = number * 7 % #before
end

function request()
    place = place % #before + 1
    if not after[place] then return before[place] end
    keys = keys + 1
    return before[place] .. prefix .. keys .. after[place]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"count":%d,"errors":%d,"seconds":%.6f,"rate":%.1f,"p50_ms":%.3f,"p90_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f}\n',
        summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        summary.duration / 1e6, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
        latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
