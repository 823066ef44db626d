"""One policy of retries, wherever it is told."""

import json
import re

from docs_blocks import ROOT, blocks
from svodka.client.options import OPTIONS, SERVICE_CONFIG


def test_the_docs_tell_the_policy_that_the_clients_have() -> None:
    (told,) = blocks("docs/calling.md", "json", "methodConfig")
    assert json.loads(told) == SERVICE_CONFIG == json.loads(str(dict(OPTIONS)["grpc.service_config"]))


def test_the_node_example_has_it_too() -> None:
    program = (ROOT / "examples" / "node" / "summarize.js").read_text(encoding="utf-8")
    (written,) = re.findall(r"JSON\.stringify\((\{.*?\n\})\);", program, re.DOTALL)
    quoted = re.sub(r"(\w+):", r'"\1":', written)
    assert json.loads(re.sub(r",(\s*[}\]])", r"\1", quoted)) == SERVICE_CONFIG
