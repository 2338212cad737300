"""The commands of docs/running.md bring a dump back whole: rows, rules, counts, and who may do what."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from eplan.home import roles_of
from eplan.postgres import EmbeddedPostgres
from eplan.postgres.binaries import find_binaries
from tests.scale.conftest import ROOT, asked

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
CONTENT = "SELECT count(*), md5(string_agg(line::text, '|' ORDER BY line::text)) FROM {} AS line"
# By their names: PostgreSQL may write the same condition in other words once it has been restored.
EVERY_RULE = """
SELECT conrelid::regclass::text, conname
  FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace
UNION ALL SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2
"""


@pytest.fixture
def empty(tmp_path):
    """Another server, whose database and roles are there and empty: the environment that names them."""
    with EmbeddedPostgres(tmp_path / "second", durable=False) as server:
        yield roles_of(server)


def commands():
    """The two shell blocks under "Backup and restore"."""
    chapter = (ROOT / "docs" / "running.md").read_text("utf-8").split("## Backup and restore")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def content_of(url):
    """What every table holds: table → number and fingerprint of its rows."""
    return {table: asked(url, CONTENT.format(table)) for (table,) in asked(url, TABLES)}


def run(block, folder, names):
    """Run a block of the page in `folder`, with PostgreSQL's own programs and the environment `names`."""
    programs = Path(find_binaries())
    if not shutil.which("pg_dump", path=programs):
        pytest.skip("this PostgreSQL comes without pg_dump")
    (folder / "manage.py").exists() or (folder / "manage.py").symlink_to(ROOT / "manage.py")
    search = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = os.environ | {"EPLAN_MODE": "test", "PATH": search, "LC_ALL": "C.UTF-8"} | names
    done = subprocess.run(
        ["bash", "-euc", block], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_dump_is_restored_as_the_page_says(cluster, empty, tmp_path):
    dump, restore = commands()
    run(dump, tmp_path, {"DATABASE_OWNER_URL": cluster.primary.url("scale")})
    said = run(restore, tmp_path, empty)
    assert "ตรงกันทุกแถว" in said
    before, after = cluster.primary.url("scale"), empty["DATABASE_OWNER_URL"]
    assert content_of(after) == content_of(before)
    assert asked(after, EVERY_RULE) == asked(before, EVERY_RULE)
    assert asked(empty["DATABASE_URL"], "SELECT count(*) > 0 FROM lao_auditentry") == [(True,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        asked(empty["DATABASE_URL"], "DELETE FROM lao_auditentry")
