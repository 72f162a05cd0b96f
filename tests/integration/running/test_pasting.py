"""The README's commands that make files, pasted from a folder where the program was run, and pasted twice."""

import re
from pathlib import Path

import pytest

from tests.factories.debian import bare_machine, blocks, section


def used_folder(root: Path) -> Path:
    """Return a folder with this program as it is after it was run and tested there."""
    folder = root / "source"
    kept = ("requirements.txt", "conference/app.py", "templates/mail/README.md", "templates/web/error.html")
    left = (".venv/bin/pip", ".git/HEAD", "instance/conference.db", "conference/__pycache__/app.pyc")
    for path in (*kept, *left):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("#!/bin/bash\nexit 1\n", encoding="utf-8")
    (folder / ".venv/bin/pip").chmod(0o755)
    return folder


@pytest.mark.parametrize("title", ["Install it on Debian", "Upgrade"])
def test_what_running_the_program_left_in_its_folder_is_not_installed(tmp_path: Path, title: str) -> None:
    machine, source = bare_machine(tmp_path), used_folder(tmp_path)
    (tmp_path / "opt").mkdir()
    machine.changes["/opt/conference"] = f"{tmp_path}/opt/conference"
    # As venv does, which leaves a pip alone that is there.
    pip = f'[ -e "$3/bin/pip" ] || {{ mkdir -p "$3/bin" && cp {tmp_path}/shims/pip "$3/bin/pip"; }}'
    for name, text in {"python3": pip, "pip": f'echo "$0 $*" >> {tmp_path}/noted/pip'}.items():
        (tmp_path / "shims" / name).write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        (tmp_path / "shims" / name).chmod(0o755)
    (commands,) = re.findall(r"(?ms)^here=.*?^ln -sfn [^\n]*\n", section(title))
    machine.paste(f"cd {source}\n{commands}")
    installed = (tmp_path / "opt/conference").resolve()
    assert [line.split()[0] for line in machine.noted("pip")] == [f"{installed}/.venv/bin/pip"] * 2
    found = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert found == {
        ".venv/bin/pip",
        "requirements.txt",
        "conference/app.py",
        "templates/mail/README.md",
        "templates/web/error.html",
    }


def test_a_public_certificate_asks_nothing_and_may_be_pasted_again(tmp_path: Path) -> None:
    machine, told = bare_machine(tmp_path), blocks()
    for block in ("5a", "5b", "5b"):
        machine.paste(told[block])
    for call in machine.noted("certbot"):
        assert {"-n", "--agree-tos", "-m"} <= set(call.split())
    key = machine.place("/etc/ssl/conference/key.pem").readlink()
    assert key.parts[-2:] == ("conference.example", "privkey.pem")
