"""Training. Importing it mends torchvision first, because Lightning and timm import it at once."""

from saliscribe.torchvision_shim import mend_torchvision

mend_torchvision()
