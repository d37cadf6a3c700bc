{{- /* The Secrets of the product, each with its key and its name in a remote store. */ -}}
{{- define "infrastructure.secrets" -}}
postgresql-credentials: { key: password, remote: postgresql }
redis-credentials: { key: password, remote: redis }
voter-credentials: { key: secret, remote: voter }
{{- end -}}
