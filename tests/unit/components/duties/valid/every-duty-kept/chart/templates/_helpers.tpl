{{- define "cache.labels" -}}
app: cache
{{- end -}}
