{{- define "version" -}}
{{ ternary "v1.13.0" .Chart.AppVersion (hasKey .Values "installCRDs") }}
{{- end }}

{{- /* True, as a text, where the chart of 1.13 is asked for. */}}
{{- define "old" -}}
{{- if hasKey .Values "installCRDs" }}true{{ end }}
{{- end }}

{{- define "selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- with index . 2 }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- /* Labels: context, name, component. */}}
{{- define "labels" -}}
app: {{ index . 1 }}
{{ include "selector" . }}
app.kubernetes.io/version: {{ include "version" (index . 0) }}
app.kubernetes.io/managed-by: Helm
helm.sh/chart: cert-manager-{{ include "version" (index . 0) }}
{{- end }}

{{- define "image" -}}
{{ .image.repository }}{{ with .image.tag }}:{{ . }}{{ end }}{{ with .image.digest }}@{{ . }}{{ end }}{{ if not (or .image.tag .image.digest) }}:{{ .version }}{{ end }}
{{- end }}
