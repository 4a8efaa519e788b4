-- SPDX-License-Identifier: Apache-2.0
-- Numbers of 64 bits travel as 8 bytes, the sign bit flipped, so that they are exact and sort as they count. They are
-- compared by their halves: Lua's own < on strings follows the locale of the server.

local call, sub, pack, unpackBytes = redis.call, string.sub, struct.pack, struct.unpack
local NEVER = '\255\255\255\255\255\255\255\255'

local function isLater(a, b)
  if a == b or b == NEVER then
    return false
  end
  if a == NEVER then
    return true
  end
  local aHigh, aLow = unpackBytes('>I4I4', a)
  local bHigh, bLow = unpackBytes('>I4I4', b)
  return aHigh > bHigh or (aHigh == bHigh and aLow > bLow)
end

-- By what deadlines are judged now. A clock is 'S' for the server's or 'C' for the client's own, then the instant by which
-- the client has acted before, or that of its clock. Time never goes back.
local function instant(clock, last)
  local now = sub(clock, 2)
  if sub(clock, 1, 1) == 'S' then
    local time = call('TIME')
    local millis = time[1] * 1000 + math.floor(time[2] / 1000)
    local high = math.floor(millis / 4294967296)
    local read = pack('>I4I4', high + 2147483648, millis - high * 4294967296)
    if isLater(read, now) then
      now = read
    end
  end
  if isLater(last, now) then
    return last
  end
  return now
end
