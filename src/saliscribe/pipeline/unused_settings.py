"""What the user stated and a header overrules: said in one line, never dropped in silence."""

from __future__ import annotations

from saliscribe.core.names import Plane
from saliscribe.core.volume import Volume
from saliscribe.pipeline.settings import ExplainSettings


def unused_settings(settings: ExplainSettings, image: Volume, plane: Plane | None) -> tuple[str, ...]:
    """One line naming the stated options that an image with geometry of its own does not need, if there are any.

    ``plane`` is the plane that was found; a stated plane that agrees with it needs no word.
    """
    if image.affine is None:
        return ()
    stated = {
        f"--plane {settings.plane}": settings.known_plane not in (None, plane),
        f"--orientation {settings.orientation}": settings.orientation != "unknown",
        f"--level-mm {settings.level_mm:g}" if settings.level_mm is not None else "": not image.is_slice,
    }
    unused = [option for option, idle in stated.items() if option and idle]
    return (f"not used, because the header states how the image lies: {', '.join(unused)}",) if unused else ()
