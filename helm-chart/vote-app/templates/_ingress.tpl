{{- /*
The Ingress of a page. Takes dict "root" "name" "port" "host", and "attributes", more attributes of the
target group.
*/ -}}
{{- define "vote-app.ingress" -}}
{{- $ingress := .root.Values.ingress -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .name }}-ingress
  labels:
    {{- include "workload.labels" . | nindent 4 }}
  {{- if eq $ingress.className "alb" }}
  annotations:
    {{- $scheme := ternary $ingress.alb.hostScheme $ingress.alb.scheme (eq .name "host") }}
    {{- include "vote-app.alb" (dict "alb" $ingress.alb "scheme" $scheme "attributes" .attributes) | nindent 4 }}
  {{- end }}
spec:
  ingressClassName: {{ $ingress.className }}
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ .name }}
                port:
                  name: http
      {{- with .host }}
      host: {{ . }}
      {{- end }}
{{- end -}}

{{- /*
Whether host has an Ingress: on the class alb it is made, and internal unless told otherwise; elsewhere only a name of
its own keeps its page apart from those for everybody. Takes the root.
*/ -}}
{{- define "vote-app.hasHostIngress" -}}
{{- with .Values.ingress }}{{ if and .enabled (or .hostHost (eq .className "alb")) }}true{{ end }}{{ end -}}
{{- end -}}

{{- /* Annotations for the AWS Load Balancer Controller. Takes dict "alb", its values, "scheme" "attributes". */ -}}
{{- define "vote-app.alb" -}}
alb.ingress.kubernetes.io/scheme: {{ .scheme }}
# straight to the pods, whose readiness the controller knows
alb.ingress.kubernetes.io/target-type: ip
alb.ingress.kubernetes.io/healthcheck-path: /healthz
# longer than a silent Socket.IO connection lasts, shorter than the services keep an idle one open
alb.ingress.kubernetes.io/load-balancer-attributes: idle_timeout.timeout_seconds=60,routing.http.drop_invalid_header_fields.enabled=true
# shorter than the pods wait before they stop
alb.ingress.kubernetes.io/target-group-attributes: {{ concat (list "deregistration_delay.timeout_seconds=15") .attributes | join "," }}
{{- if .alb.https }}
alb.ingress.kubernetes.io/listen-ports: '[{"HTTP":80},{"HTTPS":443}]'
alb.ingress.kubernetes.io/ssl-redirect: "443"
alb.ingress.kubernetes.io/ssl-policy: {{ .alb.sslPolicy }}
alb.ingress.kubernetes.io/certificate-arn: {{ required "ingress.alb.certificateArn: https needs the ARN of a certificate in AWS Certificate Manager. Set it with --set, or set ingress.alb.https to false." .alb.certificateArn }}
{{- else }}
alb.ingress.kubernetes.io/listen-ports: '[{"HTTP":80}]'
{{- end }}
{{- with .alb.tags }}
{{- $pairs := list }}
{{- range $key, $value := . }}{{ $pairs = append $pairs (printf "%s=%s" $key $value) }}{{ end }}
alb.ingress.kubernetes.io/tags: {{ join "," $pairs }}
{{- end }}
{{- end -}}
