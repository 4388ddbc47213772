local result = { status = "Progressing", message = "waiting for its first comparison" }
local status = obj.status
if status == nil or status.health == nil then
  return result
end
-- A child that left Git cannot be compared, and is never Synced again. Degraded ends a sync of root
-- that waits for it; root tries again with the newest commit, and removes the child.
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "ComparisonError" then
    return { status = "Degraded", message = condition.message }
  end
end
if status.operationState ~= nil and status.operationState.phase == "Running" then
  result.message = "syncing"
  return result
end
-- A child whose objects are missing reports Healthy, so its health alone is not enough.
if status.sync == nil or status.sync.status ~= "Synced" then
  result.message = "not synced"
  return result
end
result.status = status.health.status
result.message = status.health.message
return result
