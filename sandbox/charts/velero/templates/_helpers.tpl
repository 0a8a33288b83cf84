{{- define "labels" -}}
app.kubernetes.io/name: velero
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: velero-{{ .Chart.Version }}
{{- end }}
{{- define "versioned" -}}
{{ include "labels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion }}
{{- end }}
