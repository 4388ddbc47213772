{{/* Labels of selectors, which are immutable in the cluster: never add others. */}}
{{- define "tier.selector" -}}
app.kubernetes.io/name: {{ .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "tier.labels" -}}
{{ include "tier.selector" . }}
app.kubernetes.io/component: {{ .Values.computed.role | quote }}
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: "gitops-gen"
{{- end }}

{{/* Labels of the Pods. NetworkPolicies select the last one, which Pods of migrations have too. */}}
{{- define "tier.podLabels" -}}
{{ include "tier.labels" . }}
{{- with .Values.podLabels }}
{{ toYaml . }}
{{- end }}
gitops-gen.io/tier: {{ .Values.computed.name | quote }}
{{- end }}

{{/* Labels of a migration's Pods, which the Service and PodDisruptionBudget must not select. */}}
{{- define "tier.migrationLabels" -}}
app.kubernetes.io/name: {{ printf "%s-migrate" .Values.computed.name | quote }}
app.kubernetes.io/instance: {{ .Values.computed.name | quote }}
app.kubernetes.io/component: "migration"
app.kubernetes.io/part-of: {{ .Values.computed.partOf | quote }}
app.kubernetes.io/managed-by: "gitops-gen"
{{- end }}

{{/* Annotations of the objects that a migration needs, which are synced before it. */}}
{{- define "tier.beforeMigration" -}}
{{- if .Values.migrate -}}
argocd.argoproj.io/sync-wave: "-2"
{{- end }}
{{- end }}

{{/* The common fields of the Pods of Deployment, CronJob and migration. */}}
{{- define "tier.pod" -}}
serviceAccountName: {{ .Values.computed.name | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ int64 . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- with .Values.runAsUser }}
  runAsUser: {{ int64 . }}
  {{- end }}
  {{- with .Values.runAsGroup | default .Values.runAsUser }}
  runAsGroup: {{ int64 . }}
  fsGroup: {{ int64 . }}
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.computed.volumes }}
volumes:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* An image reference in the form that the kubelet expects. */}}
{{- define "tier.image" -}}
{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}{{ with .digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The common fields of their containers. */}}
{{- define "tier.container" -}}
image: {{ include "tier.image" .Values.image | quote }}
{{- with .Values.image.pullPolicy }}
imagePullPolicy: {{ . | quote }}
{{- end }}
securityContext:
  allowPrivilegeEscalation: false
  privileged: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: ["ALL"]
{{- with .Values.computed.env }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.computed.volumeMounts }}
volumeMounts:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* A Pod that fails because its node is drained or lost does not count as a retry of the Job. */}}
{{- define "tier.jobFailures" -}}
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
{{- end }}
