-- SPDX-License-Identifier: Apache-2.0

-- Whether a key comes before another: unsigned bytes, whatever the locale.
local function isBelow(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then
      return x < y
    end
  end
  return #a < #b
end
