{{- /* The environment of the containers. The names are those of the services' own settings. */ -}}

{{- define "vote-app.env.all" -}}
- name: NODE_ENV
  value: production
- name: LOG_LEVEL
  value: {{ .Values.logLevel }}
- name: OPS_PORT
  value: "9090"
- name: SHUTDOWN_DEADLINE_MS
  value: "15000"
{{- end -}}

{{- /* Of the worker only: vote and result learn from it which poll there is. */ -}}
{{- define "vote-app.env.poll" -}}
- name: POLL_ID
  value: {{ .Values.poll.id | quote }}
- name: POLL_QUESTION
  value: {{ .Values.poll.question | quote }}
{{- range $index, $label := .Values.poll.options }}
- name: OPTION_{{ printf "%c" (add 65 $index) }}
  value: {{ $label | quote }}
{{- end }}
{{- end -}}

{{- define "vote-app.env.redis" -}}
- name: REDIS_HOST
  value: {{ .Values.redis.host }}
- name: REDIS_PORT
  value: {{ .Values.redis.port | quote }}
{{- with .Values.redis.username }}
- name: REDIS_USERNAME
  value: {{ . | quote }}
{{- end }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: redis-credentials
      key: password
- name: REDIS_TLS
  value: {{ .Values.redis.tls | quote }}
- name: QUEUE_PARTITIONS
  value: {{ .Values.redis.partitions | quote }}
{{- end -}}

{{- /* Takes dict "root" "user" and "key", the user's in the Secret. */ -}}
{{- define "vote-app.env.postgresql" -}}
{{- $postgresql := .root.Values.postgresql -}}
- name: POSTGRES_HOST
  value: {{ $postgresql.host }}
- name: POSTGRES_PORT
  value: {{ $postgresql.port | quote }}
- name: POSTGRES_USER
  value: {{ .user | quote }}
{{ include "vote-app.env.postgresqlPassword" (dict "name" "POSTGRES_PASSWORD" "key" .key) }}
- name: POSTGRES_DB
  value: {{ $postgresql.database | quote }}
- name: POSTGRES_SSLMODE
  value: {{ $postgresql.sslmode }}
{{- if $postgresql.caConfigMap }}
- name: POSTGRES_SSL_CA_FILE
  value: /etc/postgresql-ca/ca.crt
{{- end }}
{{- end -}}

{{- define "vote-app.env.postgresqlPassword" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: postgresql-credentials
      key: {{ .key }}
{{- end -}}

{{- /*
A page: its port, the load balancer it believes, and the way to another page where it leads to one. Without an
Ingress that is the other port of the same host, as kubectl port-forward has it. Takes dict "root" "name" "port", and
for the way "otherPage" (the name of the variable) "otherHost" "otherPort".
*/ -}}
{{- define "vote-app.env.page" -}}
{{- $ingress := .root.Values.ingress -}}
- name: PORT
  value: {{ .port | quote }}
# clients that keep their connections are answered and sent away before these are closed
- name: SHUTDOWN_PAUSE_MS
  value: "5000"
{{- if and .otherPage (not $ingress.enabled) }}
- name: {{ .otherPage }}
  value: ":{{ .otherPort }}"
{{- else if .otherHost }}
- name: {{ .otherPage }}
  value: {{ ternary "https" "http" $ingress.alb.https }}://{{ .otherHost }}/
{{- end }}
{{- with include "vote-app.door" . | fromYaml | dig "cidrs" list }}
- name: TRUST_PROXY
  value: {{ join "," . }}
{{- end }}
{{- end -}}

{{- define "vote-app.env.tracing" -}}
{{- with .Values.tracing }}
{{- if .endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .endpoint }}
- name: OTEL_TRACES_SAMPLER
  value: traceidratio
- name: OTEL_TRACES_SAMPLER_ARG
  value: {{ .ratio | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "vote-app.env.vote" -}}
{{ include "vote-app.env.all" . }}
{{ include "vote-app.env.page" (dict "root" . "name" "vote" "port" 8080 "otherPage" "RESULT_URL" "otherHost" .Values.ingress.resultHost "otherPort" 8081) }}
{{ include "vote-app.env.redis" . }}
- name: VOTER_SECRET
  valueFrom:
    secretKeyRef:
      name: voter-credentials
      key: secret
{{- with .Values.vote.votesPerMinute }}
- name: VOTES_PER_MINUTE
  value: {{ . | quote }}
{{- end }}
{{- with .Values.vote.newVotersPerHour }}
- name: NEW_VOTERS_PER_HOUR
  value: {{ . | quote }}
{{- end }}
{{- include "vote-app.env.tracing" . }}
{{- end -}}

{{- define "vote-app.env.result" -}}
{{ include "vote-app.env.all" . }}
{{ include "vote-app.env.page" (dict "root" . "name" "result" "port" 8081 "otherPage" "VOTE_URL" "otherHost" .Values.ingress.voteHost "otherPort" 8080) }}
{{ include "vote-app.env.postgresql" (dict "root" . "user" "voting_reader" "key" "reader-password") }}
{{- end -}}

{{- define "vote-app.env.host" -}}
{{ include "vote-app.env.all" . }}
{{ include "vote-app.env.page" (dict "root" . "name" "host" "port" 8082) }}
{{ include "vote-app.env.redis" . }}
{{ include "vote-app.env.postgresql" (dict "root" . "user" "voting_host" "key" "host-password") }}
- name: HOST_KEYS
  valueFrom:
    secretKeyRef:
      name: host-credentials
      key: keys
{{- end -}}

{{- define "vote-app.env.migrate" -}}
{{ include "vote-app.env.all" . }}
{{ include "vote-app.env.postgresql" (dict "root" . "user" .Values.postgresql.user "key" "password") }}
{{ include "vote-app.env.postgresqlPassword" (dict "name" "POSTGRES_WORKER_PASSWORD" "key" "worker-password") }}
{{ include "vote-app.env.postgresqlPassword" (dict "name" "POSTGRES_READER_PASSWORD" "key" "reader-password") }}
{{ include "vote-app.env.postgresqlPassword" (dict "name" "POSTGRES_HOSTS_PASSWORD" "key" "host-password") }}
{{- end -}}

{{- define "vote-app.env.worker" -}}
{{ include "vote-app.env.all" . }}
{{ include "vote-app.env.poll" . }}
{{ include "vote-app.env.redis" . }}
- name: REDIS_DURABILITY
  value: {{ .Values.redis.durability }}
{{ include "vote-app.env.postgresql" (dict "root" . "user" "voting_worker" "key" "worker-password") }}
{{- include "vote-app.env.tracing" . }}
{{- end -}}
