"""Writes the Grafana dashboard: rows, panels and queries stand below, everything else follows.

usage: dashboard.py >ops/grafana/dashboards/tagstream.json
"""

import json

COLUMNS = 24
HEIGHT = 8

SELECT = 'job="$job", instance=~"$instance"'


def rate(metric, labels=""):
    return f"rate({metric}{{{SELECT}{labels}}}[$__rate_interval])"


def latency(quantile):
    return f"histogram_quantile({quantile}, sum by (le) ({rate('tagstream_latency_seconds_bucket')}))"


LAG = f"sum(kafka_consumer_fetch_manager_records_lag{{{SELECT}}} >= 0)"

DEVICE_TIME = rate("tagstream_stage_service_seconds_sum", ', stage="device"')
DEVICE_BATCHES = rate("tagstream_stage_service_seconds_count", ', stage="device"')

# Rows of panels; a panel is title, unit, what to know of it, and its queries with their legends.
ROWS = {
    "What users feel": [
        ("Latency", "s", "From an event's own time to its result being handed to the producer; until a consumer sees it, the commit comes on top.",
         {latency(0.5): "half of the results", latency(0.95): "95 %", latency(0.99): "99 %"}),
        ("Results", "cps", "Events answered a second.",
         {f"sum by (outcome) ({rate('tagstream_results_total')})": "{{outcome}}"}),
        ("Events that wait", "short", "Published and not yet fetched, all partitions.", {LAG: "lag"}),
        ("Rejects by reason", "cps", "Each is in the rejects topic with a sentence that says what was found.",
         {f"sum by (reason) ({rate('tagstream_rejects_total')}) > 0": "{{reason}}"}),
        ("Most probable labels", "cps", "The ten most frequent. A shift without a new label set or model is a shift of the pictures.",
         {f"topk(10, sum by (label_set, label) ({rate('tagstream_labels_total')}))": "{{label_set}}: {{label}}"}),
        ("In force", "table", "Models and label sets of the instances. More than one line of a kind: a change is under way.",
         {f"count by (model, revision, device, compute) (tagstream_model_info{{{SELECT}}})": "{{model}} {{revision}} on {{device}} in {{compute}}",
          f"count by (label_set, version) (tagstream_label_set_info{{{SELECT}}})": "label set {{label_set}} {{version}}"}),
    ],
    "Pipeline": [
        ("Utilisation of the stages", "percentunit", "Share of their time in which a stage's threads are busy: the stage near 1 is what limits the rate. await_batch is the decoders waiting for the device.",
         {f"sum by (stage) ({rate('tagstream_stage_service_seconds_sum')}) / sum by (stage) (tagstream_stage_workers{{{SELECT}}})": "{{stage}}"}),
        ("Queue time", "s", "Mean wait of an image for a thread of the stage, or for the device.",
         {f"sum by (stage) ({rate('tagstream_stage_queue_seconds_sum')}) / sum by (stage) ({rate('tagstream_stage_queue_seconds_count')})": "{{stage}}"}),
        ("Service time", "s", "Mean time in the stage: of an image, at the device of a batch.",
         {f"sum by (stage) ({rate('tagstream_stage_service_seconds_sum')}) / sum by (stage) ({rate('tagstream_stage_service_seconds_count')})": "{{stage}}"}),
    ],
    "Device": [
        ("Busy", "percentunit", "Share of the time in which the device had at least one batch.",
         {rate("tagstream_device_busy_seconds_total"): "{{instance}} {{device}}"}),
        ("Batch size", "short", "Images in a batch. Small ones on a busy device: raise batch.maxSize; on an idle one: nothing waits.",
         {f"sum by (device) ({rate('tagstream_batch_size_sum')}) / sum by (device) ({rate('tagstream_batch_size_count')})": "mean {{device}}",
          f"histogram_quantile(0.95, sum by (le) ({rate('tagstream_batch_size_bucket')}))": "95 %"}),
        ("Time of a batch", "s", "Mean.",
         {f"sum by (instance) ({DEVICE_TIME}) / sum by (instance) ({DEVICE_BATCHES})": "{{instance}}"}),
    ],
    "Commit and lag": [
        ("Lag by partition", "short", "One alone: its publishers' keys, or a partition without an owner.",
         {f"sum by (topic, partition) (kafka_consumer_fetch_manager_records_lag{{{SELECT}}} >= 0)": "{{topic}}-{{partition}}"}),
        ("Commit lag", "short", "Records from the offset last committed to the one last taken up: what a crash would have tagged again.",
         {f"tagstream_commit_lag_records{{{SELECT}}}": "{{topic}}-{{partition}}"}),
        ("In flight", "short", "Records in work or waiting for their turn.",
         {f"tagstream_pending_records{{{SELECT}}}": "{{instance}}"}),
        ("Bytes in flight", "bytes", "Bounded by partitions × limits.pendingBytes.",
         {f"tagstream_pending_bytes{{{SELECT}}}": "{{instance}}"}),
        ("State", "short", "Instances by the state of Kafka Streams.",
         {f"sum by (state) (tagstream_stream_state{{{SELECT}}}) > 0": "{{state}}"}),
        ("Threads replaced, label sets refused", "short", "Within five minutes.",
         {f"increase(tagstream_thread_replacements_total{{{SELECT}}}[5m])": "threads of {{instance}}",
          f"increase(tagstream_label_sets_rejected_total{{{SELECT}}}[5m])": "label sets at {{instance}}"}),
    ],
    "JVM and process": [
        ("Heap", "bytes", "Used, and the most there is.",
         {f'sum by (instance) (jvm_memory_used_bytes{{{SELECT}, area="heap"}})': "{{instance}}",
          f'sum by (instance) (jvm_memory_max_bytes{{{SELECT}, area="heap"}} > 0)': "{{instance}}, most"}),
        ("Garbage collection", "percentunit", "Share of the time in pauses.",
         {f"sum by (instance) ({rate('jvm_gc_pause_seconds_sum')})": "{{instance}}"}),
        ("CPU", "percentunit", "Share of the cores that the JVM counts on.",
         {f"process_cpu_usage{{{SELECT}}}": "{{instance}}"}),
        ("Uptime", "s", "A drop is a restart.", {f"process_uptime_seconds{{{SELECT}}}": "{{instance}}"}),
    ],
}

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


def panel(number, title, unit, description, queries, grid):
    table = unit == "table"
    return {
        "id": number,
        "type": "table" if table else "timeseries",
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "gridPos": grid,
        "fieldConfig": {"defaults": {} if table else {"unit": unit, "min": 0, "custom": {"fillOpacity": 8, "showPoints": "never"}}, "overrides": []},
        "options": {} if table else {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}},
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": DATASOURCE, "expr": expression, "legendFormat": legend,
             **({"instant": True, "format": "table"} if table else {})}
            for index, (expression, legend) in enumerate(queries.items())
        ],
        **({"transformations": [{"id": "merge", "options": {}}, {"id": "organize", "options": {"excludeByName": {"Time": True}}}]} if table else {}),
    }


def panels():
    result, y = [], 0
    for row, members in ROWS.items():
        result.append({"id": len(result) + 1, "type": "row", "title": row, "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1}})
        y += 1
        across = 3 if len(members) % 3 == 0 else 2
        width = COLUMNS // across
        for index, member in enumerate(members):
            if index and index % across == 0:
                y += HEIGHT
            grid = {"x": width * (index % across), "y": y, "w": width, "h": HEIGHT}
            result.append(panel(len(result) + 1, *member, grid))
        y += HEIGHT
    return result


def variable(name, label, query, **more):
    return {"name": name, "label": label, "type": "query", "datasource": DATASOURCE, "refresh": 2,
            "query": {"query": query, "refId": name}, "current": {}, **more}


def dashboard():
    return {
        "uid": "tagstream",
        "title": "Tagstream",
        "tags": ["tagstream"],
        "editable": True,
        "schemaVersion": 39,
        "time": {"from": "now-1h", "to": "now"},
        "refresh": "10s",
        "timezone": "browser",
        "annotations": {"list": [{"name": "Starts", "type": "dashboard", "datasource": DATASOURCE, "enable": True, "iconColor": "blue",
                                  "expr": f"changes(process_start_time_seconds{{{SELECT}}}[1m]) > 0", "titleFormat": "{{instance}} started"}]},
        "templating": {"list": [
            {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}},
            variable("job", "Job", "label_values(tagstream_stream_state, job)"),
            variable("instance", "Instance", 'label_values(tagstream_stream_state{job="$job"}, instance)',
                     multi=True, includeAll=True, allValue=".*"),
        ]},
        "panels": panels(),
    }


if __name__ == "__main__":
    print(json.dumps(dashboard(), indent=2, ensure_ascii=False))
