"""What the image and the guide install is what the programs need."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import yaml

from commands import BINARY, ENCLAVE_BINARY, ROOT

ALWAYS_THERE = {"libc6", "libgcc-s1"}


def installed(text: str) -> set[str]:
    """The packages of an `apt-get install`."""
    match = re.search(r"apt-get install((?:[^\n]*\\\n)*[^\n&]*)", text)
    assert match
    return {word for word in match[1].replace("\\", " ").split() if not word.startswith("-")}


def image() -> set[str]:
    runtime = (ROOT / "deploy/container/Dockerfile").read_text().split("\nFROM ")[-1]
    return installed(runtime)


def test_image_and_guide_install_the_same() -> None:
    assert image() - installed((ROOT / "docs/hardening.md").read_text()) == {"curl", "tzdata"}
    assert installed((ROOT / "docs/hardening.md").read_text()) <= image()


def test_the_package_is_whole_where_it_is_built(tmp_path: Path) -> None:
    """With what the first stage copies, and no more, the package is read: a target whose folder is missing breaks it."""
    lines = (ROOT / "deploy/container/Dockerfile.dockerignore").read_text().split()
    taken = {line[1:] for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    stage = (ROOT / "deploy/container/Dockerfile").read_text().split("\nFROM ")[1]
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", stage, re.MULTILINE):
        if source.split("/")[0] not in taken:
            continue
        place = tmp_path / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, symlinks=True, dirs_exist_ok=True)
        else:
            place = place / Path(source).name if target.endswith("/") else place
            place.parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / source, place)
    missing = [folder for folder in re.findall(r'\bpath: "([^"\\]+)"', (ROOT / "Package.swift").read_text())
               if not (tmp_path / folder).is_dir()]
    assert not missing
    dangling = [link for link in tmp_path.rglob("*") if link.is_symlink() and not link.exists()]
    assert not dangling


def test_every_library_that_the_programs_name_is_installed() -> None:
    for binary in (BINARY, ENCLAVE_BINARY):
        named = set(re.findall(r"NEEDED +(\S+)", subprocess.run(
            ["objdump", "-p", str(binary)], capture_output=True, text=True, check=True).stdout))
        places = dict(re.findall(r"(\S+) => (/\S+)", subprocess.run(
            ["ldd", str(binary)], capture_output=True, text=True, check=True).stdout))
        for library, place in places.items():
            # A build that is not static brings Swift's own libraries along.
            if library not in named or "/swift/" in place:
                continue
            # By its name: on a merged /usr the package may have it under /lib.
            said = subprocess.run(
                ["dpkg", "-S", f"*/{Path(place).resolve().name}"], capture_output=True, text=True, check=True).stdout
            owners = {line.split(":")[0] for line in said.splitlines()}
            assert owners & (image() | ALWAYS_THERE), f"{binary.name} needs {library}"


def test_the_two_containers_are_users_of_their_own() -> None:
    services = yaml.safe_load((ROOT / "deploy/container/compose.yaml").read_text())["services"]
    server, enclave = services["server"], services["enclave"]
    assert server["user"] != enclave["user"] and enclave["network_mode"] == "none"
    assert f"--host-user {server['user'].split(':')[0]} " in enclave["command"]
    for service in (server, enclave):
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert {volume.split(":")[0] for volume in server["volumes"]} & {
        volume.split(":")[0] for volume in enclave["volumes"]} == {"socket"}
    users = (ROOT / "deploy/container/Dockerfile").read_text()
    assert "USER 10001:10001" in users and "--uid 10002" in users
