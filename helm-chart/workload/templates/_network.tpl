{{- /* The head of a policy for the pods of one workload, which then lists all that is allowed. Takes dict "root" "name". */ -}}
{{- define "workload.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "workload.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "workload.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
{{- end -}}

{{- /* Peers of a rule: the pods of the named workloads in this namespace. Takes a list of names. */ -}}
{{- define "workload.peers" -}}
{{- range $index, $name := . }}
{{- if $index }}{{ "\n" }}{{ end -}}
- podSelector:
    matchLabels:
      {{- include "workload.selector" (dict "name" $name) | nindent 6 }}
{{- end }}
{{- end -}}

{{- /* One TCP port of a rule. */ -}}
{{- define "workload.tcp" -}}
- protocol: TCP
  port: {{ . }}
{{- end -}}
