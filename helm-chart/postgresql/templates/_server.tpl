{{- /* Who and where the server is, for the server itself and for its clients. */ -}}
{{- define "postgresql.password" -}}
valueFrom:
  secretKeyRef:
    name: postgresql-credentials
    key: password
{{- end -}}
