"""The table of saliency methods; listing it imports no torch."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

CAM_METHODS = Registry(
    "saliency method",
    {
        "gradcam": Entry(
            "saliscribe.saliency.method_maps:gradcam_map",
            "Grad-CAM: channels weighted by their mean gradient",
            needs=("torch",),
            facts={
                "paper": "Selvaraju 2017, arXiv:1610.02391",
                "cost": "one forward and backward pass, shared",
            },
        ),
        "gradcam++": Entry(
            "saliscribe.saliency.method_maps:gradcam_plus_plus_map",
            "Grad-CAM++: gradients weighted per pixel",
            needs=("torch",),
            facts={
                "paper": "Chattopadhyay 2018, arXiv:1710.11063",
                "cost": "one forward and backward pass, shared",
            },
        ),
        "scorecam": Entry(
            "saliscribe.saliency.method_maps:scorecam_map",
            "ScoreCAM: channels weighted by the score of the input that they mask",
            needs=("torch",),
            facts={"paper": "Wang 2020, arXiv:1910.01279", "cost": "one forward pass per channel at most"},
        ),
    },
)
