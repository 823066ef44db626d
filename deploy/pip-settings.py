"""Carry this machine's pip settings into a build.

Writes a pip.conf with what `pip config list` tells, environment included, and prints the files and folders that it names, one a line: the
build needs them at the same places.
"""

import ast
import configparser
import subprocess
import sys
from pathlib import Path

SETTINGS = ("cert", "constraint", "default-timeout", "extra-index-url", "find-links", "index-url", "proxy", "trusted-host")


def main() -> None:
    """Write the file that the first argument names."""
    listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True).stdout
    found = {}
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in ("global", "install", ":env:") and name in SETTINGS:
            found[name] = ast.literal_eval(value)  # pip prints the value as Python writes it
    config = configparser.RawConfigParser()
    config["global"] = found
    with Path(sys.argv[1]).open("w", encoding="utf-8") as file:
        config.write(file)
    for path in sorted({path for name, value in found.items() for path in named(name, value)}):
        print(path)  # noqa: T201


def named(setting: str, value: str) -> list[Path]:
    """Return the files and folders of a setting's value; for the pages of an index, the folder above, where the packages may lie."""
    paths = [Path(word.removeprefix("file://")) for word in str(value).split() if word.removeprefix("file://").startswith("/")]
    return [path.parent if setting.endswith("index-url") else path for path in paths if path.exists()]


main()
