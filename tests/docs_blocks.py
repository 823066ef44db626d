"""Programs and command lines as the docs show them, for tests that run them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ("README.md", "docs/calling.md")


def blocks(file: str, language: str, holding: str) -> list[str]:
    """The code blocks of a file in a language that match a pattern."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block for block in found if re.search(holding, block, re.DOTALL)]
