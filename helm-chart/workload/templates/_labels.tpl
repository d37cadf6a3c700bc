{{- /*
What selects the pods of one workload, for good: selectors cannot be changed later.
Takes dict "name".
*/ -}}
{{- define "workload.selector" -}}
app.kubernetes.io/name: {{ .name }}
{{- end -}}

{{- /* Labels of every object. Takes dict "root" "name". */ -}}
{{- define "workload.labels" -}}
{{ include "workload.selector" . }}
app.kubernetes.io/part-of: voting-app
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- /* Labels of pods: those that stay the same over upgrades, so that none restarts for a label. */ -}}
{{- define "workload.podLabels" -}}
{{ include "workload.selector" . }}
app.kubernetes.io/part-of: voting-app
{{- end -}}
