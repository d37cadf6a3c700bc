{{- /* What stands beside each Deployment. All take the same as "vote-app.deployment". */ -}}

{{- /* The worker has no page; its Service is for the metrics only. */ -}}
{{- define "vote-app.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "workload.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "workload.selector" . | nindent 4 }}
  ports:
    {{- if .page }}
    - name: http
      port: {{ .page }}
      targetPort: http
    {{- end }}
    - name: ops
      port: 9090
      targetPort: ops
{{- end -}}

{{- define "vote-app.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "workload.labels" . | nindent 4 }}
spec:
  # of any number of replicas one may go at a time, so that a node can always be drained
  maxUnavailable: 1
  # a pod that does not work protects nobody
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "workload.selector" . | nindent 6 }}
{{- end -}}

{{- define "vote-app.autoscaler" -}}
{{- with (index .root.Values .name).autoscaling }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $.name }}
  labels:
    {{- include "workload.labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $.name }}
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .cpuPercent }}
{{- end }}
{{- end -}}
