-- The health of an Application as another Application sees it: without this check the waves
-- between components order nothing. Healthy only when it is synced and at rest.
local health = {status = "Progressing", message = "waits for its first sync"}
if obj.status == nil or obj.status.health == nil then
  return health
end
health.status = obj.status.health.status or "Progressing"
health.message = obj.status.health.message or ""
if obj.status.sync == nil or obj.status.sync.status ~= "Synced" then
  health.status = "Progressing"
  health.message = "is not synced yet"
end
if obj.status.operationState ~= nil and obj.status.operationState.phase == "Running" then
  health.status = "Progressing"
  health.message = obj.status.operationState.message or "is being synced"
end
return health
