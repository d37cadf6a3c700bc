{{- /* Rules that several policies have. */ -}}

{{- /* To a store: its pods, or the addresses of a managed one. Takes dict "name" "store", its values. */ -}}
{{- define "vote-app.egress.store" -}}
- to:
    {{- range .store.externalCidrs }}
    - ipBlock:
        cidr: {{ . }}
    {{- else }}
    {{- include "workload.peers" (list .name) | nindent 4 }}
    {{- end }}
  ports:
    {{- include "workload.tcp" .store.port | nindent 4 }}
{{- end -}}

{{- /* To the collector of traces, when there is one. */ -}}
{{- define "vote-app.egress.collector" -}}
{{- with .Values.tracing.endpoint }}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ $.Values.monitoringNamespace }}
  ports:
    {{- include "workload.tcp" (regexFind "[0-9]+$" .) | nindent 4 }}
{{- end }}
{{- end -}}

{{- /*
Where requests of browsers to a page come from, as YAML with "cidrs" and "namespaces". Nowhere from for host while it
has no Ingress. Takes dict "root" "name".
*/ -}}
{{- define "vote-app.door" -}}
{{- with .root.Values.ingress -}}
{{- if ne $.name "host" -}}
{{ dict "cidrs" .fromCidrs "namespaces" .fromNamespaces | toYaml }}
{{- else if include "vote-app.hasHostIngress" $.root -}}
{{ dict "cidrs" (.hostFromCidrs | default .fromCidrs) "namespaces" .fromNamespaces | toYaml }}
{{- else -}}
{}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* From the load balancer, and from those who test, to a page. Takes dict "root" "name" "port" "testers". */ -}}
{{- define "vote-app.ingress.page" -}}
{{- $door := include "vote-app.door" . | fromYaml -}}
- from:
    {{- range $door.cidrs }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
    {{- range $door.namespaces }}
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ . }}
    {{- end }}
    {{- include "workload.peers" .testers | nindent 4 }}
  ports:
    {{- include "workload.tcp" .port | nindent 4 }}
{{- end -}}

{{- /* From Prometheus to the metrics. */ -}}
{{- define "vote-app.ingress.metrics" -}}
- from:
    # both in one peer: these pods in that namespace
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Values.monitoringNamespace }}
      podSelector:
        matchLabels:
          app.kubernetes.io/name: prometheus
  ports:
    {{- include "workload.tcp" 9090 | nindent 4 }}
{{- end -}}
