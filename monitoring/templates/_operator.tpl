{{- /* Whether the cluster knows the operator's types; empty when not, or when they are not wanted. */ -}}
{{- define "monitoring.hasOperator" -}}
{{- if and .Values.prometheusOperator.enabled (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") }}yes{{ end -}}
{{- end -}}

{{- /*
Has Prometheus ask the Service of this name. Takes dict "root" "name", and "port", the name of the port.
*/ -}}
{{- define "monitoring.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ .name }}
  labels:
    {{- include "workload.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "workload.selector" . | nindent 6 }}
  endpoints:
    - port: {{ .port }}
      interval: 15s
{{- end -}}
