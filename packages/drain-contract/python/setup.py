import json
from pathlib import Path

from setuptools import setup

# The npm package around this directory has the same version: the two speak the same contract.
setup(version=json.loads((Path(__file__).resolve().parent.parent / "package.json").read_text())["version"])
