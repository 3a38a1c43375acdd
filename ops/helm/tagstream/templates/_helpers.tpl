{{- define "tagstream.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 45 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "tagstream.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tagstream.labels" -}}
{{ include "tagstream.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "tagstream.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{- define "tagstream.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "tagstream.fullname" .) -}}
{{- end -}}

{{/* tagstream.yaml: what the chart decides, under what the values say. */}}
{{- define "tagstream.config" -}}
{{- $own := dict "web" (dict "host" "0.0.0.0" "port" (int .Values.web.port)) -}}
{{- if .Values.gpu.enabled -}}
{{- $devices := list -}}
{{- range $number := until (int .Values.gpu.count) -}}
{{- $devices = append $devices (printf "cuda:%d" $number) -}}
{{- end -}}
{{- $_ := set $own "model" (dict "device" (ternary (first $devices) $devices (eq (len $devices) 1))) -}}
{{- end -}}
{{- if .Values.labelSets -}}
{{- $files := list -}}
{{- range $name := keys .Values.labelSets | sortAlpha -}}
{{- $files = append $files (printf "/etc/tagstream/labels/%s" $name) -}}
{{- end -}}
{{- $_ := set $own "labels" (dict "files" $files) -}}
{{- end -}}
{{- mustMergeOverwrite $own (deepCopy .Values.config) | toYaml -}}
{{- end -}}

{{/* A memory quantity of Kubernetes' or a heap size of the JVM's, in MiB; 0 for forms that are not read here. */}}
{{- define "tagstream.mebibytes" -}}
{{- $text := . | toString -}}
{{- $number := regexFind "^[0-9]+" $text | int64 -}}
{{- $unit := regexReplaceAll "^[0-9]+" $text "" -}}
{{- if has $unit (list "Gi" "g" "G") -}}{{ mul $number 1024 }}
{{- else if has $unit (list "Mi" "m" "M") -}}{{ $number }}
{{- else if has $unit (list "Ki" "k" "K") -}}{{ div $number 1024 }}
{{- else -}}0
{{- end -}}
{{- end -}}

{{/* Pods that have partitions for all their threads. */}}
{{- define "tagstream.usefulReplicas" -}}
{{- $partitions := int .Values.config.topics.partitions -}}
{{- $threads := int .Values.config.application.threads -}}
{{- div (add $partitions $threads -1) $threads -}}
{{- end -}}

{{- define "tagstream.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .Values.securityContext.runAsUser }}
runAsGroup: {{ .Values.securityContext.runAsGroup }}
fsGroup: {{ .Values.securityContext.fsGroup }}
# A store of many gigabytes is not walked at each start.
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "tagstream.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Settings from secrets. */}}
{{- define "tagstream.secretEnv" -}}
{{- range $name, $ref := .Values.secretEnv }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef: {name: {{ $ref.secret }}, key: {{ $ref.key }}}
{{- end }}
{{- end -}}

{{- define "tagstream.secretMounts" -}}
{{- range $name, $ref := .Values.secretFiles }}
- name: secret-{{ $name }}
  mountPath: /etc/tagstream/secrets/{{ $name }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "tagstream.secretVolumes" -}}
{{- range $name, $ref := .Values.secretFiles }}
- name: secret-{{ $name }}
  secret:
    secretName: {{ $ref.secret }}
{{- end }}
{{- end -}}

{{/* The folders that the image writes to. */}}
{{- define "tagstream.writableMounts" -}}
- {name: data, mountPath: /var/lib/tagstream}
- {name: tmp, mountPath: /tmp}
{{- end -}}

{{- define "tagstream.writableVolumes" -}}
- name: data
  emptyDir: {sizeLimit: {{ .Values.writable.sizeLimit }}}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.writable.sizeLimit }}}
{{- end -}}

{{/* Pulls the model that the configuration names. What is there and whole needs no hub, so that pods restart without one. */}}
{{- define "tagstream.pullContainer" -}}
- name: pull
  image: {{ include "tagstream.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [sh, -c, 'tagstream model verify "$MODEL" || exec tagstream model pull "$MODEL"']
  env:
    - name: MODEL
      value: {{ .Values.config.model.path | quote }}
    {{- with .Values.modelStore.hubUrl }}
    - name: TAGSTREAM_HUB_URL
      value: {{ . | quote }}
    {{- end }}
    {{- with .Values.modelStore.tokenSecret }}
    - name: TAGSTREAM_HUB_TOKEN
      valueFrom:
        secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
    {{- end }}
  resources: {{- toYaml .Values.resources | nindent 4 }}
  securityContext: {{- include "tagstream.containerSecurityContext" . | nindent 4 }}
  volumeMounts:
    {{- include "tagstream.writableMounts" . | nindent 4 }}
    - {name: models, mountPath: /var/lib/tagstream/models}
{{- end -}}
