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

{{- /* From the load balancer, and from those who test, to a page. Takes dict "root" "port" "testers". */ -}}
{{- define "vote-app.ingress.page" -}}
- from:
    {{- range .root.Values.ingress.fromCidrs }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
    {{- range .root.Values.ingress.fromNamespaces }}
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
