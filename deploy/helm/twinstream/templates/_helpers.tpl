{{/* A release may have dots in its name, a Service may not. */}}
{{- define "twinstream.name" -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- if not (contains "twinstream" $release) }}{{ $release = printf "%s-twinstream" $release }}{{ end -}}
{{ $release | trunc 50 | trimAll "-" }}
{{- end }}

{{- define "twinstream.selector" -}}
app.kubernetes.io/name: twinstream
app.kubernetes.io/instance: {{ .Release.Name | quote }}
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

{{/* The same as a value of a Java properties file, in one line. */}}
{{- define "twinstream.property" -}}
{{ include "twinstream.value" . | replace "\\" "\\\\" | replace "\n" "\\n" | replace "\r" "\\r" }}
{{- end }}

{{- define "twinstream.applicationId" -}}
{{ include "twinstream.value" (index .Values.config "application.id" | default "twinstream") }}
{{- end }}

{{/* The name of a topic, of (list $ OPTION): the application's defaults are the options' names without .topic. */}}
{{- define "twinstream.topic" -}}
{{- $option := index . 1 -}}
{{ include "twinstream.value" (index (index . 0).Values.config $option | default ($option | trimSuffix ".topic" | replace "." "-")) | trim }}
{{- end }}

{{- define "twinstream.deadLetters" -}}
{{ include "twinstream.topic" (list . "documents.topic") }}-dlq
{{- end }}

{{/* Names of the topics that others write, and of those that others read, as JSON. */}}
{{- define "twinstream.inputs" -}}
{{- $names := list -}}
{{- range list "documents.topic" "checks.topic" "pair.marks.topic" -}}
{{- $names = append $names (include "twinstream.topic" (list $ .)) -}}
{{- end -}}
{{ toJson $names }}
{{- end }}

{{- define "twinstream.outputs" -}}
{{- $names := list (include "twinstream.deadLetters" .) -}}
{{- range list "near.duplicates.topic" "cluster.members.topic" "clusters.topic" "encodings.topic" "check.results.topic" -}}
{{- $names = append $names (include "twinstream.topic" (list $ .)) -}}
{{- end -}}
{{ toJson $names }}
{{- end }}

{{/* The name of a topic as one of Kubernetes: labels of a-z, 0-9 and inner hyphens, dots between them. */}}
{{- define "twinstream.resource" -}}
{{ regexReplaceAll "-*[.][.-]*" (regexReplaceAll "[^a-z0-9.]" (lower .) "-") "." | trimAll "-." }}
{{- end }}

{{/* Milliseconds; the topics' retention follows from it. */}}
{{- define "twinstream.maxAge" -}}
{{ include "twinstream.value" (index .Values.config "erasure.max.age.ms" | default 604800000) | trim }}
{{- end }}

{{/* The port of an address; nothing where it is not written out. */}}
{{- define "twinstream.port" -}}
{{- $scheme := regexFind "^[a-zA-Z_]+://" . -}}
{{- $host := regexReplaceAll "^.*@" (regexReplaceAll "[/?#].*$" (trimPrefix $scheme .) "") "" -}}
{{- if regexMatch ":[0-9]+$" $host -}}
{{ regexFind "[0-9]+$" $host }}
{{- else if not (contains "${" .) -}}
{{ get (dict "http://" "80" "https://" "443") (lower $scheme) }}
{{- end }}
{{- end }}

{{/* Strimzi has v1 since 0.49, and nothing else since 1.0.0: what is older only where the cluster says so. */}}
{{- define "twinstream.strimziApi" -}}
{{- $served := .Capabilities.APIVersions -}}
kafka.strimzi.io/{{ ternary "v1beta2" "v1" (and (has "kafka.strimzi.io/v1beta2" $served) (not (has "kafka.strimzi.io/v1" $served))) }}
{{- end }}

{{- define "twinstream.partitions" -}}
{{ include "twinstream.value" (index .Values.config "internal.partitions" | default 12) }}
{{- end }}
