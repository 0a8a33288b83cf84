{{- define "fullname" -}}{{ .Release.Name }}-kube-prometheus{{- end }}

{{- define "registry" -}}{{ (index . 0).Values.global.imageRegistry | default (index . 1) }}{{- end }}

{{- define "pullSecrets" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- end }}

{{- /* Labels of the stack's own objects. */}}
{{- define "stack.labels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.Version }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
chart: {{ .Chart.Name }}-{{ .Chart.Version }}
release: {{ .Release.Name }}
heritage: {{ .Release.Service }}
{{- end }}

{{- /* Metadata of one of the stack's own objects: context, part, "" or the namespace. */}}
{{- define "stack.metadata" -}}
name: {{ include "fullname" (index . 0) }}-{{ index . 1 }}
{{- with index . 2 }}
namespace: {{ . }}
{{- end }}
labels:
  app: kube-prometheus-stack-{{ index . 1 }}
  {{- include "stack.labels" (index . 0) | nindent 2 }}
{{- end }}

{{- define "operator.labels" -}}
app: kube-prometheus-stack-operator
app.kubernetes.io/name: kube-prometheus-stack-prometheus-operator
app.kubernetes.io/component: prometheus-operator
{{ include "stack.labels" . }}
{{- end }}

{{- /* Selector and labels of one of the charts within: context, name, chart version, version. */}}
{{- define "part.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "part.labels" -}}
helm.sh/chart: {{ index . 1 }}-{{ index . 2 }}
{{ include "part.selector" . }}
app.kubernetes.io/version: {{ index . 3 }}
{{- end }}

{{- define "exporter.labels" -}}
{{ include "part.labels" . }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
app.kubernetes.io/component: metrics
app.kubernetes.io/part-of: {{ index . 1 }}
release: {{ (index . 0).Release.Name }}
{{- end }}

{{- define "restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "nobody" -}}
fsGroup: {{ . }}
runAsGroup: {{ . }}
runAsNonRoot: true
runAsUser: {{ ternary 1000 . (eq (toString .) "2000") }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- /* Probes at a path of a port: path, port. */}}
{{- define "probes" -}}
livenessProbe: { httpGet: { path: {{ index . 0 }}, port: {{ index . 1 }} } }
readinessProbe: { httpGet: { path: {{ index . 0 }}, port: {{ index . 1 }} } }
{{- end }}
