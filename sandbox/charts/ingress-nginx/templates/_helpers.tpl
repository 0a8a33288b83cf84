{{- define "selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{ include "selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- /* Metadata of an object: context, name, component and whether the object lies in the namespace. */}}
{{- define "metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 }}
{{- if index . 3 }}
namespace: {{ $root.Release.Namespace }}
{{- end }}
labels: {{- include "labels" $root | nindent 2 }}
{{- with index . 2 }}
  app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}
