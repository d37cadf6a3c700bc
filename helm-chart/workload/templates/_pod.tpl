{{- /*
Who a pod runs as and what it is denied. Takes dict "root"; "user", the number of the image's own user;
"priority": service, data-store, or none for what may wait; and "account", for one that AWS has to know.
*/ -}}
{{- define "workload.pod" -}}
serviceAccountName: {{ .account | default "voting-app-sa" }}
automountServiceAccountToken: false
# or the Service named redis would set REDIS_PORT to tcp://…
enableServiceLinks: false
{{- with .priority }}
priorityClassName: {{ $.root.Release.Namespace }}-{{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "workload.container" -}}
imagePullPolicy: IfNotPresent
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{- /*
The reference of an image, by digest when there is one. Takes dict "image" "key", where key is what
to name in a complaint; for an image of ours also "root": a released chart runs the images of its own version.
*/ -}}
{{- define "workload.image" -}}
{{- with .image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else if eq .tag "latest" -}}
{{- fail (printf "%s.tag: latest means something else tomorrow. Set %s.tag to sha-<commit>, or set %s.digest." $.key $.key $.key) -}}
{{- else if .tag -}}
{{ .repository }}:{{ .tag }}
{{- else if and $.root (not (hasSuffix "-dev" $.root.Chart.AppVersion)) -}}
{{ .repository }}:{{ $.root.Chart.AppVersion }}
{{- else -}}
{{- fail (printf "%s: nothing says which image to run. Set %s.tag or %s.digest." $.key $.key $.key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
