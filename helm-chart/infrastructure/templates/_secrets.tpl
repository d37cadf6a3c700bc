{{- /* The Secrets of the product: each key, and its name in a remote store. */ -}}
{{- define "infrastructure.secrets" -}}
host-credentials:
  keys: host
postgresql-credentials:
  host-password: postgresql-host
  password: postgresql
  worker-password: postgresql-worker
  reader-password: postgresql-reader
redis-credentials:
  password: redis
voter-credentials:
  secret: voter
{{- end -}}

{{- /* A new value for a Secret, whose name it takes. The keys of hosts have names: who is let in is told by them. */ -}}
{{- define "infrastructure.generated" -}}
{{ if eq . "host-credentials" }}host:{{ end }}{{ randAlphaNum 40 }}
{{- end -}}
