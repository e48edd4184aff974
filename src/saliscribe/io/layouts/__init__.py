"""Layouts of labelled data sets, one per file; each has ``detect(root)`` and ``read(root)``."""
