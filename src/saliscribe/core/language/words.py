"""How each code is written: one value, one wording, so that sentences can be read back."""

from __future__ import annotations

from collections.abc import Mapping

CLASS: Mapping[object, str] = {
    "glioma": "glioma",
    "meningioma": "meningioma",
    "pituitary": "pituitary tumour",
}
A_CLASS: Mapping[object, str] = {
    "glioma": "a glioma", "meningioma": "a meningioma", "pituitary": "a pituitary tumour",
}  # fmt: skip
PLAIN_CLASS: Mapping[object, str] = {
    "glioma": "a glioma (a tumour that starts in the brain tissue itself)",
    "meningioma": "a meningioma (a tumour of the membranes around the brain)",
    "pituitary": "a tumour of the pituitary gland (a small gland at the base of the brain)",
}
#: What the probability of the class is called, and when. Only a probability scaled by a temperature is called
#: calibrated; without that word nothing is claimed about it.
PROBABILITY: tuple[tuple[str, Mapping[str, bool]], ...] = (
    ("calibrated probability", {"F5.calibrated": True}),
    ("probability", {}),
)
FORMAT: Mapping[object, str] = {
    "raster_picture": "two-dimensional picture",
    "matlab_slice": "slice from a MATLAB file",
    "dicom_image": "DICOM image",
    "volume_slice": "slice of a volume",
    "array_slice": "slice given as an array",
}
SEQUENCE: Mapping[object, str] = {
    "t1_post_contrast": "contrast-enhanced T1-weighted MRI",
    "t1": "T1-weighted MRI without contrast",
    "t2": "T2-weighted MRI",
    "flair": "FLAIR MRI",
    "other": "another kind of image",
}
PLANE: Mapping[object, str] = {"axial": "axial", "coronal": "coronal", "sagittal": "sagittal"}
PLAIN_PLANE: Mapping[object, str] = {
    "axial": "a horizontal slice", "coronal": "a slice parallel to the face", "sagittal": "a slice from front to back",
}  # fmt: skip
SOURCE: Mapping[object, str] = {
    "segmentation_head": "its segmentation head",
    "gradcam": "its Grad-CAM heat map",
    "gradcam++": "its Grad-CAM++ heat map",
    "scorecam": "its ScoreCAM heat map",
}
METHOD: Mapping[object, str] = {"gradcam": "Grad-CAM", "gradcam++": "Grad-CAM++", "scorecam": "ScoreCAM"}
ARCHITECTURE: Mapping[object, str] = {
    "vgg16": "VGG16", "vgg19": "VGG19", "resnet50": "ResNet50", "resnet50v2": "ResNet50V2",
    "xception": "Xception",
    "inception_v3": "InceptionV3", "inception_resnet_v2": "InceptionResNetV2", "densenet121": "DenseNet121",
    "efficientnet_b0": "EfficientNet-B0", "efficientnet_lite0": "EfficientNet-Lite0",
    "other": "convolutional",
}  # fmt: skip
WARNING: Mapping[object, str] = {
    "not_brain_like": "a picture that does not look like a brain MRI",
    "not_t1_post_contrast": "a sequence that may not be contrast-enhanced T1",
    "low_contrast": "low contrast",
    "low_resolution": "low resolution",
    "blurred_or_noisy": "blur or noise",
    "head_cut_off": "a head that is cut off by the border",
    "uneven_pixels": "pixels that are not square",
    "colour_picture": "a colour picture",
    "text_in_picture": "text or marks in the picture",
    "inverted_grey": "inverted grey levels",
    "spacing_doubtful": "a doubtful pixel spacing",
    "nearly_blank": "a nearly blank picture",
    "several_panels": "several panels in one picture",
    "orientation_doubtful": "a doubtful orientation",
    "brain_not_found": "a brain outline that was not found",
    "unsure_region": "a region that the network delineates less firmly than it does most tumours",
    "failed_map_region": "a region cut from a heat map that failed its trust test",
    "untested_map_region": "a region cut from a heat map that nobody tested for trust",
    "missing_slices": "gaps between the slices",
    "other": "a peculiarity of the file",
}
PLAIN_WARNING: Mapping[object, str] = {
    "not_brain_like": "a picture that does not look like a head scan",
    "not_t1_post_contrast": "a type of scan that it may not know",
    "low_contrast": "a pale picture",
    "low_resolution": "a coarse picture",
    "blurred_or_noisy": "a blurred or grainy picture",
    "head_cut_off": "a head that is cut off at the edge",
    "uneven_pixels": "a stretched picture",
    "colour_picture": "a picture in colour",
    "text_in_picture": "writing in the picture",
    "inverted_grey": "swapped shades of grey",
    "spacing_doubtful": "a scale that may be wrong",
    "nearly_blank": "a nearly empty picture",
    "several_panels": "several pictures in one",
    "orientation_doubtful": "an uncertain direction of view",
    "brain_not_found": "a brain outline that was not found",
    "unsure_region": "a marked area that it is less sure of than usual",
    "failed_map_region": "a marked area that rests on a coloured map which failed its test",
    "untested_map_region": "a marked area that rests on a coloured map which nobody tested",
    "missing_slices": "gaps in the scan",
    "other": "something unusual about the file",
}
TOPIC: Mapping[object, str] = {
    "oedema": "oedema",
    "diffusion_restriction": "restricted diffusion",
    "perfusion": "perfusion",
    "haemorrhage_or_calcification": "haemorrhage or calcification",
    "enhancement_pattern": "the pattern of enhancement",
    "midline_shift": "midline shift",
    "hydrocephalus_or_herniation": "hydrocephalus or herniation",
    "who_grade": "WHO grade",
    "molecular_type": "molecular type",
    "other_slices": "the rest of the head",
    "other_disease": "other disease",
    "growth_or_comparison": "growth or comparison with earlier scans",
    "symptoms": "symptoms",
    "treatment": "treatment",
    "prognosis": "prognosis",
    "side": "the side of the body",
}
PLAIN_TOPIC: Mapping[object, str] = {
    "oedema": "swelling",
    "diffusion_restriction": "water movement in the tissue",
    "perfusion": "blood flow",
    "haemorrhage_or_calcification": "bleeding or calcium",
    "enhancement_pattern": "how the tumour takes up contrast agent",
    "midline_shift": "whether the brain is pushed aside",
    "hydrocephalus_or_herniation": "whether fluid or pressure builds up",
    "who_grade": "how aggressive the tumour is",
    "molecular_type": "the molecular make-up of the tumour",
    "other_slices": "the rest of the head",
    "other_disease": "other illnesses",
    "growth_or_comparison": "whether anything has changed since earlier scans",
    "symptoms": "your symptoms",
    "treatment": "which treatment is right",
    "prognosis": "what the future holds",
    "side": "whether it is on the left or right of the body",
}
AGREEMENT: Mapping[object, str] = {
    "good": "agrees well",
    "partial": "agrees in part",
    "poor": "agrees poorly",
}
SIDE: Mapping[object, str] = {"left": "left", "right": "right"}
IMAGE_SIDE: Mapping[object, str] = {"image-left": "on the left", "image-right": "on the right"}
GRADE: Mapping[object, str] = {"A": "A", "B": "B", "C": "C", "D": "D"}
#: Plain-language frequency words stand beside the percentage, never instead of it.
PLAIN_CERTAINTY: Mapping[object, str] = {
    "consistent_with": "quite sure", "probable": "fairly sure", "possible": "unsure",
    "indeterminate": "very unsure",
}  # fmt: skip
COUNT_WORDS: Mapping[object, str] = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine",
    10: "ten",
}  # fmt: skip
DOUBT: Mapping[object, str] = {
    "nothing_delineated": "no region goes on through neighbouring slices",
    "no_enhancement": "the region is hardly brighter than brain",
    "scattered": "the delineation is scattered over the volume",
    "thin": "the region is thinner than a tumour of its kind would be",
    "slices_disagree": "the slices disagree on the class",
    "region_moves": "the region does not continue from slice to slice",
    "unsure_region": "the region has soft edges",
    "input_warnings": "the input check objects to most of the slices",
}
#: Why the maps of a method are not trusted: each is the finding of one check of a study.
TRUST_CHECK: Mapping[object, str] = {
    "faithfulness": "the pixels they mark matter no more to the network than those of a map that knows nothing of it",
    "pointing": "they point at the tumour no more often than a map that knows nothing of the network",
    "direction": "they are no better than their own negatives",
    "weights": "they hardly change when the weights are shuffled",
    "labels": "they hardly change when the network is taught shuffled labels",
    "harmless": "they change when the picture is changed harmlessly",
}
