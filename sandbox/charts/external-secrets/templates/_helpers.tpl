{{- define "selector" -}}
app.kubernetes.io/name: {{ last . }}
app.kubernetes.io/instance: {{ (first .).Release.Name }}
{{- end }}
{{- define "labels" -}}
{{ include "selector" . }}
app.kubernetes.io/version: {{ (first .).Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ (first .).Release.Service }}
helm.sh/chart: external-secrets-{{ (first .).Chart.Version }}
{{- end }}
{{- define "image" -}}
{{ (last .).image.repository }}:{{ (last .).image.tag | default (first .).Chart.AppVersion }}
{{- end }}
