"""The table of what ``bench`` compares; listing it imports no torch and no peer."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

_HERE = "saliscribe.saliency.contenders"

#: ``facts``: which method it computes; ``needs`` tells which peer must be installed.
CONTENDERS = Registry(
    "bench contender",
    {
        "scorecam exact": Entry(f"{_HERE}:ours_exact", facts={"method": "scorecam"}),
        "scorecam bfloat16": Entry(f"{_HERE}:ours_bfloat16", facts={"method": "scorecam"}),
        "scorecam anytime": Entry(f"{_HERE}:ours_anytime", facts={"method": "scorecam"}),
        "scorecam anytime bfloat16": Entry(f"{_HERE}:ours_anytime_bfloat16", facts={"method": "scorecam"}),
        "pytorch-grad-cam ScoreCAM": Entry(
            f"{_HERE}:peer_scorecam", needs=("pytorch_grad_cam",), facts={"method": "scorecam"}
        ),
        "TorchCAM ScoreCAM": Entry(
            f"{_HERE}:torchcam_scorecam", needs=("torchcam",), facts={"method": "scorecam"}
        ),
        "gradcam": Entry(f"{_HERE}:ours_gradcam", facts={"method": "gradcam"}),
        "pytorch-grad-cam GradCAM": Entry(
            f"{_HERE}:peer_gradcam", needs=("pytorch_grad_cam",), facts={"method": "gradcam"}
        ),
        "TorchCAM GradCAM": Entry(
            f"{_HERE}:torchcam_gradcam", needs=("torchcam",), facts={"method": "gradcam"}
        ),
        "captum LayerGradCam": Entry(
            f"{_HERE}:captum_gradcam", needs=("captum",), facts={"method": "gradcam"}
        ),
        "gradcam++": Entry(f"{_HERE}:ours_gradcam_plus_plus", facts={"method": "gradcam++"}),
        "pytorch-grad-cam GradCAM++": Entry(
            f"{_HERE}:peer_gradcam_plus_plus", needs=("pytorch_grad_cam",), facts={"method": "gradcam++"}
        ),
    },
)
