"""``python -m saliscribe`` is the same program as ``saliscribe``."""

from __future__ import annotations

from saliscribe.cli.main import main

if __name__ == "__main__":
    main()
