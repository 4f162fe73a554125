{{- define "twinstream.name" -}}
{{- if contains "twinstream" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-twinstream" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "twinstream.selector" -}}
app.kubernetes.io/name: twinstream
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "twinstream.labels" -}}
{{ include "twinstream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* A number as it was written: Helm reads 536870912 as 5.36870912e+08. */}}
{{- define "twinstream.value" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ printf "%.0f" . }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{- define "twinstream.applicationId" -}}
{{ index .Values.config "application.id" | default "twinstream" }}
{{- end }}

{{- define "twinstream.documents" -}}
{{ index .Values.config "documents.topic" | default "documents" }}
{{- end }}

{{- define "twinstream.partitions" -}}
{{ include "twinstream.value" (index .Values.config "internal.partitions" | default 12) }}
{{- end }}
