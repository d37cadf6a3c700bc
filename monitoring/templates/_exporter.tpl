{{- /*
The Deployment of an exporter, to which the caller adds the environment of its container. Takes dict
"root" "store", the name of what it tells about, and "port", where it tells.
*/ -}}
{{- define "monitoring.exporter" -}}
{{- $name := printf "%s-exporter" .store -}}
{{- $values := index .root.Values.exporters .store -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    {{- include "workload.labels" (dict "root" .root "name" $name) | nindent 4 }}
spec:
  replicas: 1
  selector:
    matchLabels:
      {{- include "workload.selector" (dict "name" $name) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "workload.podLabels" (dict "name" $name) | nindent 8 }}
    spec:
      {{- include "workload.pod" (dict "user" 1000) | nindent 6 }}
      containers:
        - name: {{ $name }}
          image: {{ include "workload.image" (dict "image" $values.image "key" (printf "exporters.%s.image" .store)) }}
          {{- include "workload.container" . | nindent 10 }}
          ports:
            - name: metrics
              containerPort: {{ .port }}
          # its first page does not ask the store
          startupProbe:
            httpGet: &alive { path: /, port: metrics }
            periodSeconds: 2
            failureThreshold: 30
          readinessProbe:
            httpGet: *alive
          livenessProbe:
            httpGet: *alive
          resources:
            {{- toYaml $values.resources | nindent 12 }}
{{- end -}}

{{- /*
The Service of an exporter, and the policies that let Prometheus reach it and it reach its store. Takes
the same as "monitoring.exporter", and "storePort".
*/ -}}
{{- define "monitoring.exporterAccess" -}}
{{- $name := printf "%s-exporter" .store -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels:
    {{- include "workload.labels" (dict "root" .root "name" $name) | nindent 4 }}
spec:
  selector:
    {{- include "workload.selector" (dict "name" $name) | nindent 4 }}
  ports:
    - name: metrics
      port: {{ .port }}
      targetPort: metrics
---
{{ include "workload.networkPolicy" (dict "root" .root "name" $name) }}
  ingress:
    - from:
        # both in one peer: these pods in that namespace
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .root.Values.monitoringNamespace }}
          podSelector:
            matchLabels:
              app.kubernetes.io/name: prometheus
      ports:
        {{- include "workload.tcp" .port | nindent 8 }}
  egress:
    - to:
        {{- include "workload.peers" (list .store) | nindent 8 }}
      ports:
        {{- include "workload.tcp" .storePort | nindent 8 }}
---
# The store's own policy does not know the exporter. Policies add up.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $name }}-to-{{ .store }}
  labels:
    {{- include "workload.labels" (dict "root" .root "name" $name) | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "workload.selector" (dict "name" .store) | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - from:
        {{- include "workload.peers" (list $name) | nindent 8 }}
      ports:
        {{- include "workload.tcp" .storePort | nindent 8 }}
{{- end -}}
