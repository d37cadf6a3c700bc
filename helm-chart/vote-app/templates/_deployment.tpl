{{- /*
A service's Deployment. Takes dict "root" "name"; for a service that may be scaled "autoscaling", the values of what
decides how many replicas there are; and for a service with a page "page", its port.
*/ -}}
{{- define "vote-app.deployment" -}}
{{- $values := index .root.Values .name -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- include "workload.labels" . | nindent 4 }}
spec:
  replicas: {{ include "vote-app.replicas" . }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "workload.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "workload.podLabels" . | nindent 8 }}
    spec:
      {{- include "workload.pod" (dict "root" .root "user" 1000 "priority" "service") | nindent 6 }}
      # the pauses before and after SIGTERM, the service's own deadline, and five seconds to spare
      terminationGracePeriodSeconds: {{ ternary 45 20 (hasKey . "page") }}
      topologySpreadConstraints:
        {{- include "vote-app.spread" . | nindent 8 }}
      {{- if eq .name "worker" }}
      initContainers:
        {{- include "vote-app.migrate" . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "workload.image" (dict "image" $values.image "key" (printf "%s.image" .name) "root" .root) }}
          {{- include "workload.container" . | nindent 10 }}
          env:
            {{- include (printf "vote-app.env.%s" .name) .root | nindent 12 }}
          ports:
            {{- if .page }}
            - name: http
              containerPort: {{ .page }}
            {{- end }}
            - name: ops
              containerPort: 9090
          # it may wait for its stores as long as they need; it only has to be alive
          startupProbe:
            httpGet: &alive { path: /healthz, port: ops }
            periodSeconds: 2
            failureThreshold: 30
          readinessProbe:
            httpGet: { path: /readyz, port: ops }
            periodSeconds: 5
            timeoutSeconds: 3
          livenessProbe:
            httpGet: *alive
            periodSeconds: 10
            timeoutSeconds: 5
          {{- if .page }}
          lifecycle:
            preStop:
              # the load balancer still sends requests until it has heard that this pod goes
              sleep:
                seconds: 20
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- include "vote-app.mounts" . | nindent 12 }}
      volumes:
        {{- include "vote-app.volumes" . | nindent 8 }}
{{- end -}}

{{- /*
How many replicas to ask for. Where an autoscaler decides, as many as there are: with fewer the release would take
away what runs, and with no number at all Kubernetes would make it one. What was stopped begins again with the least,
because no autoscaler touches what has none. Takes the same as "vote-app.deployment".
*/ -}}
{{- define "vote-app.replicas" -}}
{{- if and .autoscaling .autoscaling.enabled -}}
{{- lookup "apps/v1" "Deployment" .root.Release.Namespace .name | dig "spec" "replicas" 0 | default .autoscaling.minReplicas -}}
{{- else -}}
{{- (index .root.Values .name).replicas -}}
{{- end -}}
{{- end -}}

{{- /*
What runs before the worker: it makes the roles in PostgreSQL and the tables. It alone has the owner's password,
which is gone from the pod when the worker runs. Takes the worker's dict.
*/ -}}
{{- define "vote-app.migrate" -}}
{{- $worker := .root.Values.worker -}}
- name: migrate
  image: {{ include "workload.image" (dict "image" $worker.image "key" "worker.image" "root" .root) }}
  {{- include "workload.container" . | nindent 2 }}
  args: [worker/src/migrate/main.ts]
  env:
    {{- include "vote-app.env.migrate" .root | nindent 4 }}
  resources:
    {{- toYaml $worker.resources | nindent 4 }}
  volumeMounts:
    {{- include "vote-app.mounts" . | nindent 4 }}
{{- end -}}

{{- /* Even over zones, and over nodes as far as possible, counting the pods of the same revision only. */ -}}
{{- define "vote-app.spread" -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
{{- $isZone := hasSuffix "zone" $key }}
{{- if not $isZone }}{{ "\n" }}{{ end -}}
- topologyKey: {{ $key }}
  maxSkew: 1
  whenUnsatisfiable: {{ ternary $.root.Values.whenUnevenOverZones "ScheduleAnyway" $isZone }}
  labelSelector:
    matchLabels:
      {{- include "workload.selector" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}

{{- define "vote-app.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- if and .root.Values.postgresql.caConfigMap (ne .name "vote") }}
- name: postgresql-ca
  mountPath: /etc/postgresql-ca
  readOnly: true
{{- end }}
{{- end -}}

{{- define "vote-app.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 16Mi
{{- with .root.Values.postgresql.caConfigMap }}
{{- if ne $.name "vote" }}
- name: postgresql-ca
  configMap:
    name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
