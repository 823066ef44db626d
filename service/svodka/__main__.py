"""`python -m svodka`: the same as `svodka`."""

from svodka.cli import main

if __name__ == "__main__":
    main()
