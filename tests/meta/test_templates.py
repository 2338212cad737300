"""Rules over all templates, style sheets and scripts: nothing inline, nothing from elsewhere, nothing missing."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLES = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
SCRIPTS = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))


def each(files):
    return pytest.mark.parametrize("file", files, ids=[str(file.relative_to(settings.BASE_DIR)) for file in files])


@each(TEMPLATES)
def test_a_template_holds_no_script_and_no_style_of_its_own(file):
    source = file.read_text()

    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|<script[^>]*>\s*[^<\s]", source) == []
    assert re.findall(r"<style|\sstyle\s*=", source) == []
    assert re.findall(r"<[^>]*\son\w+\s*=|javascript:", source) == []


@each(TEMPLATES)
def test_a_template_fetches_nothing_from_elsewhere(file):
    fetched = re.findall(
        r"<(?:link|script|img|iframe|source|use|form)\b[^>]*?(?:href|src|action)=\"([^\"]*)", file.read_text()
    )

    assert [address for address in fetched if re.match(r"(?:https?:)?//|data:", address)] == []


@each(TEMPLATES)
def test_every_static_file_that_a_template_names_exists(file):
    named = re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]|{{ static_url }}([^\"]+)", file.read_text())

    assert [path for pair in named for path in pair if path and not finders.find(path)] == []


@each(TEMPLATES)
def test_every_template_compiles(file):
    engines["django"].get_template(str(file.relative_to(settings.BASE_DIR / "templates")))


@each(TEMPLATES)
def test_every_class_that_a_template_wears_is_known_to_a_style_sheet_or_a_script(file):
    styles = "".join(Path(path).read_text() for path in (*STYLES, finders.find("vendor/bootstrap.min.css"), *SCRIPTS))
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles))
    written = re.sub(r"{%.*?%}", " ", re.sub(r"{{.*?}}", "?", file.read_text()))  # what is half computed cannot be told

    worn = {name for names in re.findall(r'class="([^"]*)"', written) for name in names.split() if "?" not in name}

    assert worn - known == set()


@each(STYLES)
def test_a_style_sheet_fetches_only_our_own_files(file):
    addresses = re.findall(r"url\(['\"]?([^'\")]+)", file.read_text())

    assert [path for path in addresses if not finders.find(f"css/{path}".replace("css/../", ""))] == []
    assert "@import" not in file.read_text()


@each([file for file in STYLES if file.name != "tokens.css"])
def test_colours_are_named_in_the_tokens_alone(file):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", file.read_text()) == []


@each([*STYLES])
def test_every_custom_property_that_is_used_is_defined(file):
    everywhere = "".join(style.read_text() for style in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", file.read_text()))

    assert used - set(re.findall(r"(--[\w-]+):", everywhere)) == set()


@each(SCRIPTS)
def test_a_script_reaches_for_nothing_outside(file):
    assert re.findall(r"https?:|\beval\(|innerHTML|insertAdjacentHTML|document\.write", file.read_text()) == []
