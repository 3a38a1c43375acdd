"""Takes from rendered manifests what the pod would give to the program.

Writes tagstream.yaml into FOLDER, and prints the container's variables for a shell to read.

usage: rendered_settings.py MANIFESTS FOLDER
"""

import shlex
import sys
from pathlib import Path

import yaml


def main():
    documents = [d for d in yaml.safe_load_all(Path(sys.argv[1]).read_text()) if d]
    pod = next(d for d in documents if d["kind"] == "StatefulSet")["spec"]["template"]["spec"]
    named = next(v for v in pod["volumes"] if v["name"] == "config")["configMap"]["name"]
    config = next(d for d in documents if d["kind"] == "ConfigMap" and d["metadata"]["name"] == named)
    Path(sys.argv[2], "tagstream.yaml").write_text(config["data"]["tagstream.yaml"])
    for variable in pod["containers"][0]["env"]:
        print(f"export {variable['name']}={shlex.quote(variable.get('value', 'from-elsewhere'))}")


if __name__ == "__main__":
    main()
