"""`run.py` and `manage.py`: the environment, and who gets a database."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import manage
import run
from eplan.home import signs_of_production

PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose lock file holds one tiny requirement that the test installs without the network: none."""
    monkeypatch.setattr(run, "ROOT", str(tmp_path))
    monkeypatch.setattr(run, "STATE", str(tmp_path / ".eplan"))
    (tmp_path / "requirements.txt").write_text("# nothing is needed\n")
    return tmp_path


def test_the_script_needs_the_standard_library_alone_and_reads_on_old_pythons():
    text = (PROJECT / "run.py").read_text()
    tree = ast.parse(text, feature_version=(3, 6))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_an_old_python_is_turned_away_in_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert run.main([]) == f"e-PlanNACC needs Python 3.11 or newer; {sys.executable} is Python 3.9."


def test_an_environment_is_made_once_and_follows_the_lock_file(project):
    first = run.environment("requirements.txt")
    assert subprocess.check_output([first, "-c", "import sys; print(sys.prefix != sys.base_prefix)"]) == b"True\n"
    made = os.stat(first, follow_symlinks=False).st_mtime_ns
    assert run.environment("requirements.txt") == first
    assert os.stat(first, follow_symlinks=False).st_mtime_ns == made
    (project / "requirements.txt").write_text("# changed\n")
    assert run.fingerprint("requirements.txt") not in first


def test_an_environment_that_was_killed_half_way_is_made_again(project):
    folder = project / ".eplan" / f"venv-{run.fingerprint('requirements.txt')}"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("not yet a Python")
    python = run.environment("requirements.txt")
    assert subprocess.call([python, "-c", ""]) == 0


def test_two_starts_at_once_make_one_environment(project, monkeypatch):
    code = (
        "import sys, run; run.ROOT = sys.argv[1]; run.STATE = sys.argv[1] + '/.eplan';"
        "print(run.environment('requirements.txt'))"
    )
    command = [sys.executable, "-c", code, project]
    starts = [
        subprocess.Popen(command, cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    answers = [start.communicate() for start in starts]
    assert len({path for path, _ in answers}) == 1
    assert sum("Preparing" in words for _, words in answers) == 1


def test_packages_that_cannot_be_installed_end_in_one_sentence(project, monkeypatch, capfd):
    (project / "requirements.txt").write_text("no-hash @ file:///nowhere/no_hash-1.0-py3-none-any.whl\n")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert run.main(["version"]).startswith("The packages could not be installed")
    assert not list(project.glob(".eplan/venv-*/finished"))
    assert "ERROR" in capfd.readouterr().err


def test_a_missing_venv_module_is_named(monkeypatch):
    monkeypatch.setattr(run, "has_ensurepip", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(run.SetupError, match=r"apt install python3\.\d+-venv"):
        run.need_ensurepip()


def test_root_on_debian_installs_the_missing_module_itself(monkeypatch):
    commands = []
    monkeypatch.setattr(run, "has_ensurepip", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(run, "run", lambda command: commands.append(command) or len(commands) > 1)
    run.need_ensurepip()
    assert [command[1] for command in commands] == ["install", "update", "install"]
    assert commands[-1][-1] == f"python3.{sys.version_info.minor}-venv"


def test_a_read_only_project_is_named(project, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "makedirs", refuse)
    assert run.main([]) == f"The environment could not be made in {project}/.eplan: Read-only file system."


def test_every_word_but_test_goes_to_the_application_environment(project, monkeypatch):
    handed_over = []
    monkeypatch.setattr(run, "environment", lambda lock: f"/{lock}/bin/python")
    monkeypatch.setattr(os, "execve", lambda *arguments: handed_over.append(arguments))
    monkeypatch.setattr(os, "chdir", lambda path: None)
    monkeypatch.delenv("EPLAN_MODE", raising=False)
    run.main([])
    run.main(["test", "-k", "score"])
    run.main(["--port", "9000"])
    (demo, words, environ), (dev, test_words, _), (_, moved, _) = handed_over
    assert moved[2:] == ["demo", "--port", "9000"]
    assert demo == "/requirements.txt/bin/python"
    assert words[1:] == [f"{project}/manage.py", "demo"]
    assert environ["EPLAN_MODE"] == "demonstration"
    assert dev == "/requirements-dev.txt/bin/python"
    assert test_words[2:] == ["test", "-k", "score"]


@pytest.mark.parametrize(
    ("environ", "signs"),
    [
        ({"EPLAN_MODE": "production"}, "EPLAN_MODE is production"),
        ({"SECRET_KEY": "x" * 50}, "SECRET_KEY is set"),
        ({"ALLOWED_HOSTS": "localhost, plan.nacc.go.th"}, "ALLOWED_HOSTS names plan.nacc.go.th"),
        ({"ALLOWED_HOSTS": "localhost,127.0.0.1"}, ""),
        ({"EPLAN_MODE": "demonstration", "DATABASE_URL": "postgres://x/y"}, ""),
    ],
)
def test_production_settings_are_recognised(environ, signs):
    assert signs_of_production(environ) == signs


@pytest.mark.parametrize("name", ["EPLAN_MODE=production", "SECRET_KEY=abc", "ALLOWED_HOSTS=plan.nacc.go.th"])
def test_the_demonstration_refuses_production_settings(name, monkeypatch):
    for known in ("EPLAN_MODE", "SECRET_KEY", "ALLOWED_HOSTS"):
        monkeypatch.delenv(known, raising=False)
    monkeypatch.setenv(*name.split("="))
    assert "does not run with production settings" in manage.main(["demo"])


@pytest.mark.parametrize(
    ("command", "environ", "brings_its_own"),
    [
        ("migrate", {"EPLAN_MODE": "demonstration"}, True),
        ("migrate", {"EPLAN_MODE": "production"}, False),
        ("migrate", {}, False),
        ("migrate", {"EPLAN_MODE": "demonstration", "DATABASE_URL": "postgres://x/y"}, False),
        ("check", {"EPLAN_MODE": "demonstration"}, False),
        ("--help", {"EPLAN_MODE": "demonstration"}, False),
        ("demo", {"EPLAN_MODE": "demonstration"}, False),
        ("test", {}, True),
    ],
)
def test_a_command_brings_its_own_server_only_outside_production(command, environ, brings_its_own, monkeypatch):
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.setattr(manage, "demonstration_database", lambda home: "own")
    monkeypatch.setattr(manage, "test_database", lambda: "own")
    assert (manage.database_for(command) == "own") is brings_its_own


def test_the_commands_of_production_say_which_variable_is_missing():
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("EPLAN", "DATABASE", "DJANGO"))
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=PROJECT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr
