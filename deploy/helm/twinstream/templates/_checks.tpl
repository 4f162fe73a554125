{{/* What a schema of single values cannot say; each stops the install with a sentence. */}}
{{- define "twinstream.checks" -}}
{{- range $option, $value := .Values.config }}
{{- if kindIs "float64" $value }}
{{- if or (ge $value 9007199254740992.0) (le $value -9007199254740992.0) }}
{{- fail (printf "config's %s is a number of more digits than Helm keeps, which reads it as %.0f: write it as a string, in quotes" $option $value) }}
{{- end }}
{{- end }}
{{- end }}
{{- $name := include "twinstream.name" . }}
{{- if not (regexMatch "^[a-z]" $name) }}
{{- fail (printf "the release is named %s, and its Service would be %s: a Service's name begins with a letter, so give the release one that does" .Release.Name $name) }}
{{- end }}
{{- $registry := index .Values.config "schema.registry.url" | default "" | toString | trim -}}
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
{{- if not (or $registry (index .Values.config "avro.serde.class")) }}
{{- fail "config has no schema.registry.url: name the schema registry, for example http://registry:8081" }}
{{- end }}
{{- if hasPrefix "mock:" $registry }}
{{- fail "schema.registry.url is a mock: its schemas die with their process; name a real registry" }}
{{- end }}
{{- if and .Values.networkPolicy.enabled .Values.networkPolicy.ports }}
{{- $ports := list }}
{{- range .Values.networkPolicy.ports }}
{{- $ports = append $ports (int . | toString) }}
{{- end }}
{{- /* An option of one client alone has a prefix, as schema.registry. or consumer. */}}
{{- $addresses := "(^|[.])(bootstrap[.]servers|schema[.]registry[.]url|sasl[.]oauthbearer[.](token|jwks)[.]endpoint[.]url|bearer[.]auth[.]issuer[.]endpoint[.]url)$" }}
{{- range $option, $value := .Values.config }}
{{- if regexMatch $addresses $option }}
{{- range splitList "," ($value | toString) }}
{{- $port := include "twinstream.port" (trim .) }}
{{- if and $port (not (has $port $ports)) }}
{{- fail (printf "%s wants port %s, which networkPolicy.ports does not have: add it there, or nothing reaches it" $option $port) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
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
{{- if .Values.autoscaling.enabled }}
{{- range list "bootstrap.servers" "application.id" }}
{{- $value := index $.Values.config . | toString }}
{{- if contains "${" $value }}
{{- fail (printf "%s is %s, which KEDA takes as it stands: autoscaling.enabled wants the value itself" . $value) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.strimzi.enabled (not .Values.strimzi.cluster) }}
{{- fail "strimzi.enabled is true, but strimzi.cluster is empty: give the name of the Kafka resource" }}
{{- end }}
{{- if .Values.strimzi.enabled }}
{{- $age := include "twinstream.maxAge" . }}
{{- if not (and (regexMatch "^[0-9]{1,18}$" $age) (ge (int64 $age) 10000)) }}
{{- fail (printf "erasure.max.age.ms is %s: strimzi.enabled wants it in whole milliseconds, 10000 at least; the topics' retention follows from it" $age) }}
{{- end }}
{{- $seen := dict }}
{{- range concat (include "twinstream.inputs" . | fromJsonArray) (include "twinstream.outputs" . | fromJsonArray) }}
{{- $resource := include "twinstream.resource" . }}
{{- if not (and $resource (regexMatch "^[a-zA-Z0-9._-]{1,249}$" .)) }}
{{- fail (printf "the topic %s has no name that Kafka takes: strimzi.enabled wants letters and digits, with '.', '_' and '-' between them, 249 at most" .) }}
{{- end }}
{{- if hasKey $seen $resource }}
{{- fail (printf "the topics %s and %s would both be the KafkaTopic %s: rename one" (get $seen $resource) . $resource) }}
{{- end }}
{{- $_ := set $seen $resource . }}
{{- end }}
{{- end }}
{{- if and .Values.strimzi.user.enabled (not .Values.strimzi.enabled) }}
{{- fail "strimzi.user.enabled is true, but strimzi.enabled is false: the user is one of its resources" }}
{{- end }}
{{- $id := include "twinstream.applicationId" . }}
{{- if and .Values.strimzi.user.enabled (contains "${" $id) }}
{{- fail (printf "application.id is %s, which Strimzi takes as it stands: strimzi.user.enabled wants the value itself" $id) }}
{{- end }}
{{- if lt (int .Values.terminationGracePeriodSeconds) 55 }}
{{- fail (printf "terminationGracePeriodSeconds is %d: the application takes up to 50 s to end, so give it 55 or more" (int .Values.terminationGracePeriodSeconds)) }}
{{- end }}
{{- end }}
