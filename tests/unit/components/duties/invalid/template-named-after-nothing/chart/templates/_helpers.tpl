{{- define "labels" -}}
app: cache
{{- end -}}
