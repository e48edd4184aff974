"""The words by which the trust tables name maps and changes; importing them brings no torch."""

from __future__ import annotations

#: The map itself, its negative (the orientation test), and the maps that know nothing of the network.
OWN, INVERTED = "own", "inverted"
NULLS = ("uniform noise", "own spectrum", "centred Gaussian", "edges", "another patient")
#: Shares of the layers, from the output, whose weights are shuffled.
CASCADE = (0.1, 0.5, 1.0)
SHUFFLED = "weights shuffled"
#: The map beside that of a network taught shuffled labels, and of one taught true labels in the same short way.
LABELS_SHUFFLED, LABELS_TRUE = "labels shuffled", "true labels, taught as shortly"
#: The map of the second likeliest class: where it is alike, maps show where something was seen, not what spoke for the
#: class.
RUNNER_UP = "runner-up class"
HARMLESS_NAMES = ("noise", "brighter", "gamma", "mirror")
