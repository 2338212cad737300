"""Static files out of packages: Bootstrap and Sarabun."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from fontTools.ttLib import TTFont

from eplan.finders import LETTERS, BootstrapFinder, PreparedFinder, SarabunFinder

HASHED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@pytest.fixture
def prepared_here(settings, tmp_path):
    """An empty place to prepare and collect in, as on a new machine."""
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "prepared"


def test_collecting_gives_every_file_a_hashed_name(settings, prepared_here):
    settings.STORAGES = HASHED

    call_command("collectstatic", interactive=False, verbosity=0)

    root = Path(settings.STATIC_ROOT)
    for path in ("vendor/bootstrap.min.css", "css/tokens.css", "fonts/sarabun-400.woff2", "fonts/sarabun-600.woff2"):
        name = staticfiles_storage.stored_name(path)
        assert name != path
        assert (root / name).is_file()
    tokens = (root / staticfiles_storage.stored_name("css/tokens.css")).read_text()
    assert Path(staticfiles_storage.stored_name("fonts/sarabun-400.woff2")).name in tokens
    assert list(root.glob("vendor/bootstrap.min.*.css.br"))


def test_bootstrap_comes_without_its_source_map_but_with_its_licence(prepared_here):
    assert "sourceMappingURL" not in Path(BootstrapFinder().find("vendor/bootstrap.min.css")).read_text()
    assert "MIT" in Path(BootstrapFinder().find("vendor/bootstrap-licence.txt")).read_text()


def test_sarabun_keeps_the_letters_of_thai_and_the_rules_that_place_its_marks(prepared_here):
    for weight in (400, 600):
        with TTFont(SarabunFinder().find(f"fonts/sarabun-{weight}.woff2")) as font:
            letters = set(font.getBestCmap())
            places = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
            swaps = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
        assert {ord(letter) for letter in "กฮะาำิีึืุูเแโใไๅๆ็่้๊๋์ํฯฤฦ๐๙฿Az09→≥–“”"} <= letters
        assert letters <= set(LETTERS)
        assert {"mark", "mkmk"} <= places
        assert "ccmp" in swaps
    assert "SIL Open Font License" in Path(SarabunFinder().find("fonts/sarabun-licence.txt")).read_text()


def test_the_fonts_are_small(prepared_here):
    assert all(Path(path).stat().st_size < 40_000 for path in Path(SarabunFinder().storage().location).rglob("*.woff2"))


def test_a_file_that_was_not_prepared_is_not_found(prepared_here):
    assert BootstrapFinder().find("vendor/bootstrap.min.js") is None
    assert BootstrapFinder().find("vendor/bootstrap.min.js", find_all=True) == []


class CountingFinder(PreparedFinder):
    package = "bootstrap-wrapper"
    recipe = "counted"
    prepared = 0

    def prepare(self, folder):
        CountingFinder.prepared += 1
        (folder / "a.txt").write_text("a")


def test_files_are_prepared_once(prepared_here, monkeypatch):
    monkeypatch.setattr(CountingFinder, "prepared", 0)

    CountingFinder().find("a.txt")
    CountingFinder().find("a.txt")

    assert CountingFinder.prepared == 1
    assert [folder.name for folder in prepared_here.iterdir()] == [Path(CountingFinder().storage().location).name]


class OvertakenFinder(PreparedFinder):
    package = "bootstrap-wrapper"
    recipe = "overtaken"

    def prepare(self, folder):
        """While this one works, another process finishes the same job."""
        OvertakenFinder.prepare = lambda self, folder: (folder / "a.txt").write_text("theirs")
        OvertakenFinder().storage()
        (folder / "a.txt").write_text("ours")


def test_two_processes_may_prepare_at_once(prepared_here):
    assert Path(OvertakenFinder().find("a.txt")).read_text() == "theirs"
    assert len(list(prepared_here.iterdir())) == 1


def test_a_preparation_that_fails_leaves_nothing_behind(prepared_here, monkeypatch):
    def full_disk(self, folder):
        raise OSError("No space left on device")

    monkeypatch.setattr(CountingFinder, "prepare", full_disk)

    with pytest.raises(OSError, match="No space left"):
        CountingFinder().find("a.txt")
    assert list(prepared_here.iterdir()) == []


def test_django_finds_what_the_packages_give(prepared_here):
    assert finders.find("vendor/bootstrap.min.css")
    assert finders.find("fonts/sarabun-400.woff2")
