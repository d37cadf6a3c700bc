{{- /*
The container that makes a dump. It knows the owner's password, because a dump holds everything, and nothing of AWS.
*/ -}}
{{- define "postgresql.dump" -}}
- name: dump
  image: {{ include "workload.image" (dict "image" .Values.image "key" "image") }}
  {{- include "workload.container" . | nindent 2 }}
  command:
    - sh
    - -euc
    # a dump has its name only once it is complete and can be read
    - |
      dump="/backups/$(date -u +%Y-%m-%dT%H-%M-%SZ).dump"
      rm -f /backups/*.partial
      # who owns it, and who may do what, is what the worker's migrate makes
      pg_dump --format=custom --no-owner --no-privileges --file="$dump.partial"
      pg_restore --list "$dump.partial" >/dev/null
      mv "$dump.partial" "$dump"
      {{- if .Values.backup.claim }}
      ls /backups/*.dump | sort | head -n -{{ .Values.backup.keep }} | xargs -r rm
      {{- end }}
      ls -l /backups
  env:
    - name: PGHOST
      value: postgresql
    - name: PGUSER
      value: {{ .Values.user }}
    - name: PGDATABASE
      value: {{ .Values.database }}
    - name: PGPASSWORD
      {{- include "postgresql.password" . | nindent 6 }}
  resources:
    {{- toYaml .Values.backup.resources | nindent 4 }}
  volumeMounts:
    - name: backups
      mountPath: /backups
    - name: tmp
      mountPath: /tmp
{{- end -}}

{{- /*
The container that puts the dump into the bucket. It may add to it, and knows no password. The bucket's own
rules forget what is old.
*/ -}}
{{- define "postgresql.upload" -}}
{{- with .Values.backup.s3 -}}
- name: upload
  image: {{ include "workload.image" (dict "image" .image "key" "backup.s3.image") }}
  {{- include "workload.container" $ | nindent 2 }}
  command: [aws, s3, cp, --no-progress, --recursive, /backups, s3://{{ .bucket }}/postgresql/]
  env:
    - name: AWS_REGION
      value: {{ required "backup.s3.region: set it to the region of the bucket, such as us-east-1." .region }}
    # the CLI writes its cache there
    - name: HOME
      value: /tmp
  resources:
    {{- toYaml $.Values.backup.resources | nindent 4 }}
  volumeMounts:
    - name: backups
      mountPath: /backups
      readOnly: true
    - name: tmp
      mountPath: /tmp
{{- end -}}
{{- end -}}
