{{- define "ingress.labels" -}}
app.kubernetes.io/name: {{ .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
app.kubernetes.io/component: ingress
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: gitops-gen
{{- end }}
