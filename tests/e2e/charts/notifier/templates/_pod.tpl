{{- define "notifier.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  seccompProfile: {type: RuntimeDefault}
containers:
  - name: notifier
    image: ghcr.io/acme/notifier:1.0.0
    securityContext:
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL]}
{{- end }}
