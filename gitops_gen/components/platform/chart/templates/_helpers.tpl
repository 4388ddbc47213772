{{- define "platform.labels" -}}
app.kubernetes.io/name: {{ .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
app.kubernetes.io/component: platform
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: gitops-gen
{{- end }}

{{- /* Annotations that keep objects which other components need, if they are removed from Git or if
the umbrella chart is uninstalled as a Helm release. */}}
{{- define "platform.keep" -}}
argocd.argoproj.io/sync-options: Prune=false,Delete=false
argocd.argoproj.io/compare-options: IgnoreExtraneous
helm.sh/resource-policy: keep
{{- end }}
