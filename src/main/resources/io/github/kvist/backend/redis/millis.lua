-- SPDX-License-Identifier: Apache-2.0

-- An instant as a number, which is rounded where it is beyond 2^53.
local function millisOf(packed)
  local high, low = unpackBytes('>I4I4', packed)
  return (high - 2147483648) * 4294967296 + low
end
