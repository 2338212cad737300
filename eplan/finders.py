"""Static files that come out of Python packages: Bootstrap's style sheet and the Sarabun typeface.

Both are prepared once, in a folder beside `STATIC_ROOT` that is named after the versions they were made from, and are
collected from there like any other static file. Nothing is fetched from anywhere.
"""

import hashlib
import re
import shutil
import tempfile
from importlib.metadata import distribution
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import get_files
from django.core.files.storage import FileSystemStorage

SOURCE_MAP = re.compile(r"\s*/\*# sourceMappingURL=\S+ \*/\s*$")

# What the pages are written with: Thai, Latin with its accents, punctuation, arrows, the baht sign, mathematical signs.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x0E01, 0x0E3B),
    *range(0x0E3F, 0x0E5C),
    *range(0x2010, 0x2023),
    *range(0x2190, 0x2194),
    *(0x200B, 0x200C, 0x200D, 0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122),
    *(0x2212, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265),
]
WEIGHTS = {400: "Regular", 600: "SemiBold"}


class PreparedFinder(BaseFinder):
    """Serves the files that `prepare` writes into a folder; subclasses say which package they come from."""

    package = ""
    recipe = ""

    def prepare(self, folder):
        """Write the files, under the paths they are to be served at, into the empty `folder`."""
        raise NotImplementedError

    def storage(self):
        """The storage over the prepared folder; the first call of all makes it, later ones find it.

        Two processes may prepare at once: each works in a folder of its own and the first to finish names it.
        """
        key = hashlib.sha256(self.recipe.encode()).hexdigest()[:8]
        home = Path(settings.STATIC_ROOT).parent / "prepared"
        folder = home / f"{self.package}-{distribution(self.package).version}-{key}"
        if not folder.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            workshop = Path(tempfile.mkdtemp(dir=home))
            try:
                self.prepare(workshop)
                workshop.chmod(0o755)
                workshop.rename(folder)
            except OSError:
                if not folder.is_dir():
                    raise
            finally:
                shutil.rmtree(workshop, ignore_errors=True)
        return FileSystemStorage(location=folder)

    def find(self, path, find_all=False, **kwargs):
        """The absolute path of the prepared file `path`, or nothing; a list of them where `find_all` is set."""
        storage = self.storage()
        found = [storage.path(path)] if storage.exists(path) else []
        return found if find_all else (found or [None])[0]

    def list(self, ignore_patterns):
        """Pairs of (path, storage) for `collectstatic`."""
        storage = self.storage()
        for path in get_files(storage, ignore_patterns):
            yield path, storage


class BootstrapFinder(PreparedFinder):
    """Bootstrap's style sheet as `vendor/bootstrap.min.css`.

    Without the pointer to its source map, which hashed file names would have us serve as well.
    """

    package = "bootstrap-wrapper"
    recipe = SOURCE_MAP.pattern

    def prepare(self, folder):
        """Copy the style sheet and its licence."""
        source = Path(distribution(self.package).locate_file("bootstrap"))
        vendor = folder / "vendor"
        vendor.mkdir()
        css = (source / "css" / "bootstrap.min.css").read_text(encoding="utf-8")
        (vendor / "bootstrap.min.css").write_text(SOURCE_MAP.sub("\n", css), encoding="utf-8")
        shutil.copyfile(source / "LICENSE", vendor / "bootstrap-licence.txt")


class SarabunFinder(PreparedFinder):
    """Sarabun as small web fonts, `fonts/sarabun-<weight>.woff2`, with its licence beside them."""

    package = "fontpkg-sarabun"
    recipe = f"{LETTERS} {WEIGHTS} {distribution('fonttools').version}"

    def prepare(self, folder):
        """Cut each weight down to LETTERS; every layout feature stays, for without them Thai marks collide."""
        from fontTools import subset  # slow to import, and needed only the first time

        source = Path(distribution(self.package).locate_file("fontpkg_sarabun"))
        fonts = folder / "fonts"
        fonts.mkdir()
        options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False, notdef_outline=True)
        for weight, style in WEIGHTS.items():
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=LETTERS)
            with subset.load_font(source / "files" / f"Sarabun-{style}.ttf", options) as font:
                cutter.subset(font)
                subset.save_font(font, fonts / f"sarabun-{weight}.woff2", options)
        shutil.copyfile(source / "LICENSE", fonts / "sarabun-licence.txt")
