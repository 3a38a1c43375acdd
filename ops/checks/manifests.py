"""Validates rendered Kubernetes manifests.

Against the schemas of the given Kubernetes versions and of the given custom resource definitions, where
an unknown field is an error; then against what no schema can say: that names within the release lead
somewhere, and that every pod is as closed as the chart promises.

usage: manifests.py --kubernetes 1.27,1.37 [--crd FILE]... MANIFESTS
"""

import argparse
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

LONGEST_STOP_SECONDS = 60  # of StopSignal


class UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def strict(schema):
    """The same schema with unknown fields forbidden, which Kubernetes would drop without a word."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        result.pop("type", None)
    if (isinstance(schema.get("properties"), dict) and "type" in schema
            and "additionalProperties" not in schema
            and not schema.get("x-kubernetes-preserve-unknown-fields")):
        result["additionalProperties"] = False
    return result


def custom_resources(files):
    """Schemas by apiVersion and kind."""
    schemas = {}
    for file in files:
        definition = yaml.load(Path(file).read_text(), UniqueKeyLoader)["spec"]
        for version in definition["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"].update(
                apiVersion={"type": "string"}, kind={"type": "string"}, metadata={"type": "object"})
            schemas[f"{definition['group']}/{version['name']}", definition["names"]["kind"]] = schema
    return schemas


def against_schemas(document, versions, custom):
    schema = custom.get((document["apiVersion"], document["kind"]))
    if schema is not None:
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            yield f"{'.'.join(map(str, error.path))}: {error.message}"
        return
    for version in versions:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError as error:
            yield f"Kubernetes {version}: {error.message}"


def pod_of(document):
    """The pod template's metadata and spec, if the document has one."""
    template = document.get("spec", {}).get("template")
    return (template["metadata"], template["spec"]) if template else (None, None)


def containers_of(pod):
    return pod.get("initContainers", []) + pod["containers"]


def closed_pod(pod):
    context = pod.get("securityContext", {})
    if not context.get("runAsNonRoot") or not context.get("runAsUser"):
        yield "the pod may run as root"
    if pod.get("automountServiceAccountToken") is not False:
        yield "the service account's token is mounted"
    if pod.get("enableServiceLinks") is not False:
        yield "variables of services reach the program, which reads TAGSTREAM_… as settings"
    for container in containers_of(pod):
        own = container.get("securityContext", {})
        if own.get("readOnlyRootFilesystem") is not True or own.get("allowPrivilegeEscalation") is not False:
            yield f"container {container['name']} has a writable root or may gain privileges"
        if own.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"container {container['name']} keeps capabilities"
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield f"container {container['name']} has no memory limit"


def names_within_pod(document, pod):
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    volumes |= {claim["metadata"]["name"] for claim in document["spec"].get("volumeClaimTemplates", [])}
    mounted = set()
    for container in containers_of(pod):
        paths = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
        if len(paths) != len(set(paths)):
            yield f"container {container['name']} mounts two volumes at one path"
        mounted |= {mount["name"] for mount in container.get("volumeMounts", [])}
        variables = [variable["name"] for variable in container.get("env", [])]
        if len(variables) != len(set(variables)):
            yield f"container {container['name']} has a variable twice"
        ports = {port.get("name") for port in container.get("ports", [])}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            port = container.get(probe, {}).get("httpGet", {}).get("port")
            if isinstance(port, str) and port not in ports:
                yield f"the {probe} asks port {port}, which container {container['name']} does not have"
    for name in sorted(mounted - volumes):
        yield f"volume {name} is mounted and does not exist"
    for name in sorted(volumes - mounted):
        yield f"volume {name} exists and is not mounted"


def long_enough_stop(document, pod):
    if document["kind"] == "StatefulSet":
        grace = pod.get("terminationGracePeriodSeconds", 30)
        if grace <= LONGEST_STOP_SECONDS:
            yield f"the pod is killed after {grace} s, while a stop may take {LONGEST_STOP_SECONDS} s"


def names_within_release(documents):
    """Pairs of a document and what it names that is not there."""
    existing = {(document["kind"], document["metadata"]["name"]) for document in documents}
    pod_labels = [pod_of(document)[0]["labels"] for document in documents if pod_of(document)[0]]
    for document in documents:
        for volume in (pod_of(document)[1] or {}).get("volumes", []):
            wanted = ("ConfigMap", volume.get("configMap", {}).get("name"))
            if wanted[1] and wanted not in existing:
                yield document, f"names {wanted[0]} {wanted[1]}, which is not there"
        account = (pod_of(document)[1] or {}).get("serviceAccountName")
        if account and ("ServiceAccount", account) not in existing:
            yield document, f"names ServiceAccount {account}, which is not there"
        target = document.get("spec", {}).get("scaleTargetRef")
        if target and (target["kind"], target["name"]) not in existing:
            yield document, f"scales {target['kind']} {target['name']}, which is not there"
        if target and any(other.get("spec", {}).get("replicas") is not None for other in documents):
            yield document, "scales what has a fixed number of replicas as well"
        service = document.get("spec", {}).get("serviceName")
        if service and ("Service", service) not in existing:
            yield document, f"names Service {service}, which is not there"
        selector = document.get("spec", {}).get("selector") or document.get("spec", {}).get("podSelector")
        if selector:
            wanted = selector.get("matchLabels", selector)
            if not any(wanted.items() <= labels.items() for labels in pod_labels):
                yield document, f"selects {wanted}, which no pod has"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kubernetes", required=True)
    parser.add_argument("--crd", action="append", default=[])
    parser.add_argument("manifests", type=Path)
    arguments = parser.parse_args()

    try:
        documents = [d for d in yaml.load_all(arguments.manifests.read_text(), UniqueKeyLoader) if d]
    except yaml.YAMLError as error:
        sys.exit(f"{arguments.manifests}: {error}")
    if not documents:
        sys.exit(f"{arguments.manifests}: there is no manifest in it")
    custom = custom_resources(arguments.crd)
    problems = []
    for document in documents:
        found = list(against_schemas(document, arguments.kubernetes.split(","), custom))
        _, pod = pod_of(document)
        if pod and not found:
            found += [*closed_pod(pod), *names_within_pod(document, pod), *long_enough_stop(document, pod)]
        problems += [(document, problem) for problem in found]
    if not problems:
        problems = list(names_within_release(documents))
    for document, problem in problems:
        print(f"{document['kind']} {document['metadata']['name']}: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    print(f"{arguments.manifests.name}: {len(documents)} manifests fit")


if __name__ == "__main__":
    main()
