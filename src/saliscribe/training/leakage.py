"""Near-duplicate slices (also mirrored ones) on two sides of a split: found and reported before training."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from saliscribe.io.labelled_pixels import read_pixels
from saliscribe.metrics.duplicates import near_duplicates
from saliscribe.training.splits import Split
