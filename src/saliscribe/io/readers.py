"""The table of file formats. A new format is one reader file and one line here (and its signature in ``sniff``)."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

#: Format -> reader, a function ``FileBytes -> Volume``. ``facts["extensions"]`` are lower case, with the dot.
READERS = Registry(
    "reader",
    {
        "png": Entry(
            "saliscribe.io.raster:read_raster", "a PNG picture", ("PIL",), facts={"extensions": (".png",)}
        ),
        "jpeg": Entry(
            "saliscribe.io.raster:read_raster",
            "a JPEG picture",
            ("PIL",),
            facts={"extensions": (".jpg", ".jpeg", ".jpe")},
        ),
        "tiff": Entry(
            "saliscribe.io.tiff:read_tiff",
            "a TIFF picture or stack",
            ("PIL",),
            facts={"extensions": (".tif", ".tiff")},
        ),
        "bmp": Entry(
            "saliscribe.io.raster:read_raster", "a BMP picture", ("PIL",), facts={"extensions": (".bmp",)}
        ),
        "mat": Entry(
            "saliscribe.io.figshare_mat:read_mat",
            "a MATLAB file with a cjdata struct",
            ("h5py", "scipy"),
            facts={"extensions": (".mat",)},
        ),
        "dicom": Entry(
            "saliscribe.io.dicom:read_dicom",
            "a DICOM image",
            ("pydicom",),
            facts={"extensions": (".dcm", ".dicom", ".ima")},
        ),
        "nifti": Entry(
            "saliscribe.io.nifti:read_nifti",
            "a NIfTI image",
            ("nibabel",),
            facts={"extensions": (".nii", ".nii.gz")},
        ),
        "nrrd": Entry(
            "saliscribe.io.nrrd:read_nrrd", "an NRRD image", (), facts={"extensions": (".nrrd", ".nhdr")}
        ),
    },
)
