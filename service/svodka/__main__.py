"""`python -m svodka`, and the command `svodka`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from svodka.cli import main as run  # not at import: each model's process imports the module that the program began with

    run()


if __name__ == "__main__":
    main()
