{{- define "platform.labels" -}}
app.kubernetes.io/name: {{ .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
app.kubernetes.io/component: platform
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: gitops-gen
{{- end }}

{{- /* What others depend on stays, whatever is removed from Git, and stays too when the umbrella,
installed as a Helm release, is uninstalled. */}}
{{- define "platform.keep" -}}
argocd.argoproj.io/sync-options: Prune=false,Delete=false
argocd.argoproj.io/compare-options: IgnoreExtraneous
helm.sh/resource-policy: keep
{{- end }}
