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

{{- /* Annotations that keep objects which the running database needs, if they are removed from Git
or if the umbrella chart is uninstalled as a Helm release. */}}
{{- define "postgres.keep" -}}
{{ include "postgres.keepInArgoCD" . }}
helm.sh/resource-policy: keep
{{- end }}

{{- /* Annotations of the volumeClaimTemplates, which are immutable: never change these lines. Helm
does not manage the PersistentVolumeClaims that the StatefulSet creates. */}}
{{- define "postgres.keepInArgoCD" -}}
argocd.argoproj.io/sync-options: Prune=false,Delete=false
argocd.argoproj.io/compare-options: IgnoreExtraneous
{{- end }}

{{- /* An image reference in the form that the kubelet expects. */}}
{{- define "postgres.image" -}}
{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}

{{- /* postgresql.conf, sorted by name. The settings here are those that the StatefulSet, its probes
and its Services rely on. */}}
{{- define "postgres.configuration" -}}
{{- $owned := dict
  "hba_file" "'/etc/postgresql/pg_hba.conf'"
  "listen_addresses" "'*'"
  "port" .Values.computed.port
  "unix_socket_directories" "'/var/run/postgresql'"
}}
{{- $lines := list }}
{{- range $name, $text := merge $owned (.Values.parameters | default dict) }}
{{- $lines = append $lines (printf "%s = %v" $name $text) }}
{{- end }}
{{- join "\n" $lines }}
{{- end }}

{{- /* pg_hba.conf, of which Postgres uses the first line that matches a connection. The socket is
accessible only in the container, which also has access to the data files. */}}
{{- define "postgres.authentication" -}}
local all all trust
host all postgres all reject
host all all all scram-sha-256
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

{{- /* Uses TCP, because a temporary server of the first start listens only on the socket. Uses the
role of the tiers, because logins of the superuser are rejected and logged. Needs no password. */}}
{{- define "postgres.isReady" -}}
- pg_isready
- --quiet
- --host=127.0.0.1
- {{ printf "--username=%s" .Values.user | quote }}
- {{ printf "--dbname=%s" .Values.database | quote }}
{{- end }}
