"""compare.py MANIFEST TEMPLATE CONFIG: whether a template says what the manifest does, and its zips are there."""
import base64
import hashlib
import json
import os
import sys

import yaml


class Loader(yaml.SafeLoader):
    pass


Loader.add_constructor("!Ref", lambda loader, node: {"Ref": loader.construct_scalar(node)})

manifest_path, template_path, config_path = sys.argv[1:]
manifest = json.load(open(manifest_path))
lock = json.load(open(os.path.join(os.path.dirname(manifest_path), "demine.lock.json")))
template = yaml.load(open(template_path, encoding="utf-8"), Loader)
resources = template["Resources"]
problems = []


def deployed(value):
    """What CloudFormation makes of a property; a plain text is left as it is."""
    if not isinstance(value, dict):
        return value
    (function, (separator, parts)), = value.items()
    return separator.join(parts) if function == "Fn::Join" else f"{function} is not known here"


def same(what, found, wanted):
    if found != wanted:
        problems.append(f"{what}: {found!r}, wanted {wanted!r}")


def digest(uri):
    """Of a zip, by its path from the template's folder."""
    path = os.path.join(os.path.dirname(template_path), uri)
    return base64.b64encode(hashlib.sha256(open(path, "rb").read()).digest()).decode()


functions = {os.path.basename(r["Properties"]["CodeUri"])[:-4]: r["Properties"] for r in resources.values()
             if r["Type"] == "AWS::Serverless::Function"}
layers = {name: r["Properties"] for name, r in resources.items() if r["Type"] == "AWS::Serverless::LayerVersion"}
same("format", template["AWSTemplateFormatVersion"], "2010-09-09")
same("functions", sorted(functions), sorted(manifest["functions"]))
same("layers", sorted(l["LayerName"] for l in layers.values()), sorted(lock["layers"]))
for layer in layers.values():
    kept = lock["layers"][layer["LayerName"]]
    same(layer["LayerName"], digest(layer["ContentUri"]), kept["sha256"])
    same(layer["LayerName"] + " content", layer["Description"], "content " + kept["content"])
    same(layer["LayerName"] + " retained", layer["RetentionPolicy"], "Retain")
attached = 0
for name, wanted in manifest["functions"].items():
    found = functions[name]
    merged = {**template["Globals"]["Function"], **found}
    same(name + " zip", digest(found["CodeUri"]), lock["functions"][name]["sha256"])
    same(name + " environment", {k: deployed(v) for k, v in found.get("Environment", {}).get("Variables", {}).items()}, wanted.get("environment", {}))
    same(name + " memory", found["MemorySize"], wanted.get("memory_mb", 128))
    same(name + " time-out", found["Timeout"], wanted.get("timeout_s", 3))
    same(name + " runtime", merged["Runtime"], wanted.get("runtime", manifest["target"]["runtime"]))
    same(name + " handler", deployed(merged["Handler"]), wanted.get("handler", "bootstrap"))
    same(name + " architecture", merged["Architectures"], [manifest["target"]["architecture"]])
    names = [layers[l["Ref"]]["LayerName"] if isinstance(l, dict) else l for l in found.get("Layers", [])]
    same(name + " layers", names, lock["functions"][name]["layers"] + sorted(wanted.get("layers", {})))
    attached += len(names)
    events = found.get("Events", {})
    same(name + " prewarm", "Warm" in events, "prewarm" in wanted)
    if "Warm" in events:
        same(name + " schedule", events["Warm"]["Properties"]["ScheduleExpression"], wanted["prewarm"])
        same(name + " event", json.loads(events["Warm"]["Properties"]["Input"]), {"warm": True})
if len(layers) == 0 or attached < 4:
    problems.append("the project has no layers to look at")
config = open(config_path).read()
for line in ['version = 0.1', 'stack_name = "every-thing"', 's3_bucket = "packages.example"', 'capabilities = "CAPABILITY_IAM"']:
    if line not in config.splitlines():
        problems.append(f"samconfig.toml: no line {line}")
print("\n".join(problems) if problems else f"{len(functions)} functions, {len(layers)} layers as they should be")
sys.exit(bool(problems))
