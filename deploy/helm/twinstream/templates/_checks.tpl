{{/* What a schema of single values cannot say; each stops the install with a sentence. */}}
{{- define "twinstream.checks" -}}
{{- $partitions := include "twinstream.partitions" . | int -}}
{{- $most := ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled | int -}}
{{- $least := ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled | int -}}
{{- $standby := index .Values.config "state.standby.replicas" | default 0 | int -}}
{{- if not (index .Values.config "bootstrap.servers") }}
{{- fail "config has no bootstrap.servers: name the Kafka brokers, host:port, separated by commas" }}
{{- end }}
{{- range list "state.dir" "http.port" "group.instance.id" }}
{{- if hasKey $.Values.config . }}
{{- fail (printf "config sets %s, which this chart sets itself: leave it out" .) }}
{{- end }}
{{- end }}
{{- if not (index .Values.config "schema.registry.url") }}
{{- fail "config has no schema.registry.url: name the schema registry, for example http://registry:8081" }}
{{- end }}
{{- if hasPrefix "mock:" (index .Values.config "schema.registry.url") }}
{{- fail "schema.registry.url is a mock: its schemas die with their process; name a real registry" }}
{{- end }}
{{- if gt $most $partitions }}
{{- fail (printf "there may be %d instances, but internal.partitions is %d: at most that many have work" $most $partitions) }}
{{- end }}
{{- if gt $least $most }}
{{- fail (printf "autoscaling.minReplicas is %d and maxReplicas %d: the first must not be larger" $least $most) }}
{{- end }}
{{- if ge $standby $least }}
{{- fail (printf "state.standby.replicas is %d: it wants at least %d instances, but there may be %d" $standby (add $standby 1) $least) }}
{{- end }}
{{- if and .Values.strimzi.enabled (not .Values.strimzi.cluster) }}
{{- fail "strimzi.enabled is true, but strimzi.cluster is empty: give the name of the Kafka resource" }}
{{- end }}
{{- if and .Values.strimzi.user.enabled (not .Values.strimzi.enabled) }}
{{- fail "strimzi.user.enabled is true, but strimzi.enabled is false: the user is one of its resources" }}
{{- end }}
{{- if lt (int .Values.terminationGracePeriodSeconds) 35 }}
{{- fail (printf "terminationGracePeriodSeconds is %d: the application takes up to 30 s to end, so give it 35 or more" (int .Values.terminationGracePeriodSeconds)) }}
{{- end }}
{{- end }}
