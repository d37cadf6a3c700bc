{{- /* The Secrets of the product: each key, and its name in a remote store. */ -}}
{{- define "infrastructure.secrets" -}}
postgresql-credentials:
  password: postgresql
  worker-password: postgresql-worker
  reader-password: postgresql-reader
redis-credentials:
  password: redis
voter-credentials:
  secret: voter
{{- end -}}
