{{- define "postgres.labels" -}}
app.kubernetes.io/name: {{ .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
app.kubernetes.io/component: database
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: gitops-gen
{{- end }}

{{- define "postgres.selector" -}}
app.kubernetes.io/name: {{ .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
{{- end }}

{{- define "postgres.exporterName" -}}
{{ .Values.computed.name }}-exporter
{{- end }}

{{- define "postgres.exporterLabels" -}}
app.kubernetes.io/name: {{ include "postgres.exporterName" . | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
app.kubernetes.io/component: metrics
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: gitops-gen
{{- end }}

{{- define "postgres.exporterSelector" -}}
app.kubernetes.io/name: {{ include "postgres.exporterName" . | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
{{- end }}

{{- /* What the running database needs stays, whatever is removed from Git, and stays too when the
umbrella, installed as a Helm release, is uninstalled. */}}
{{- define "postgres.keep" -}}
{{ include "postgres.keepInArgoCD" . }}
helm.sh/resource-policy: keep
{{- end }}

{{- /* For the claim template, which the API server never lets change: these lines are final. Helm
does not own the claims that the StatefulSet makes. */}}
{{- define "postgres.keepInArgoCD" -}}
argocd.argoproj.io/sync-options: Prune=false,Delete=false
argocd.argoproj.io/compare-options: IgnoreExtraneous
{{- end }}

{{- define "postgres.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop:
    - ALL
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
{{- end }}

{{- /* Over TCP: during the first start a temporary server has the socket alone. As the tiers'
role: the superuser's try would be refused, and logged each time. It needs no password. */}}
{{- define "postgres.isReady" -}}
- pg_isready
- --quiet
- --host=127.0.0.1
- {{ printf "--username=%s" .Values.user | quote }}
- {{ printf "--dbname=%s" .Values.database | quote }}
{{- end }}
