"""systemd as process 1 of a machine of its own: this machine's files under a layer that is thrown away. Needs root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

BOOTING = r"""
mount --make-rprivate /
mount -t tmpfs -o mode=755 layer "$1"
cd "$1"
mkdir above work root cgroups
mount -t cgroup2 cgroups cgroups
mkdir "cgroups/$2"
echo $$ > "cgroups/$2/cgroup.procs"
mount -t overlay overlay -o lowerdir=/,upperdir=above,workdir=work root
exec unshare --pid --mount --net --uts --ipc --cgroup --fork --kill-child bash -euc "$3" bash root
"""
"""The namespaces: a cgroup becomes the root of the new machine's, so that systemd has one of its own."""

INSIDE = r"""
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%%:*}" "dev/${number##*:}"; done
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
rm -rf etc/systemd/system etc/fstab var/lib/countersign var/lib/countersign-enclave
mkdir etc/systemd/system old
for unit in sysctl modules-load remount-fs random-seed update-utmp tmpfiles-setup; do
    ln -s /dev/null "etc/systemd/system/systemd-$unit.service"
done
printf '[Unit]\nRequires=basic.target\nAfter=basic.target\n' > etc/systemd/system/trial.target
pivot_root . old
umount -l /old
rmdir /old
mount --make-rshared /
exec env -i container=trial PATH=/usr/local/bin:/usr/bin:/usr/sbin /lib/systemd/systemd --system --unit=trial.target \
    --log-target=journal --show-status=no < /dev/null
"""
"""Nothing that would reach this machine's kernel settings runs; nothing that somebody enabled here is started. Mounts are
shared, as systemd makes them where it is alone: credentials reach a service by that."""


class BootedMachine:
    """Has no network but loopback. What its commands write is gone with it; what they read of this machine is real."""

    def __init__(self) -> None:
        if os.geteuid() != 0:
            pytest.fail("only root can boot systemd in namespaces: run these tests as root")
        self._folder = Path(tempfile.mkdtemp(prefix="countersign-machine-"))
        self._outside = subprocess.Popen(
            ["unshare", "--mount", "--", "bash", "-euc", BOOTING, "bash", str(self._folder), self._folder.name, INSIDE],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            self._first = self._wait_for_first_process()
            self._wait_until_up()
        except BaseException:
            self.end()
            raise

    def _wait_for_first_process(self, seconds: float = 20) -> int:
        children = Path(f"/proc/{self._outside.pid}/task/{self._outside.pid}/children")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._outside.poll() is None:
            for child in children.read_text().split():
                if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                    return int(child)
            time.sleep(0.05)
        self._outside.kill()
        raise AssertionError(f"systemd did not start: {self._outside.communicate()[0].decode(errors='replace')[-2000:]}")

    def _wait_until_up(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while (state := self.try_to_run("systemctl is-system-running").stdout.strip()) != "running":
            assert time.monotonic() < deadline and state != "degraded", f"systemd is {state or 'not there'}"
            time.sleep(0.1)

    def command(self, *arguments: str) -> list[str]:
        """A command as one that runs inside, as root."""
        entering = ["nsenter", f"--target={self._first}", "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup",
                    "--root", "--wdns=/", "--"]
        return [*entering, *arguments]

    def try_to_run(self, script: str, given: str = "", seconds: float = 30) -> subprocess.CompletedProcess[str]:
        """What somebody types there, and what comes of it."""
        return subprocess.run(
            self.command("bash", "-euo", "pipefail", "-c", script), input=given, capture_output=True, text=True,
            timeout=seconds, env={"PATH": "/usr/local/bin:/usr/bin:/usr/sbin", "LC_ALL": "C.UTF-8"})

    def run(self, script: str, given: str = "", seconds: float = 30) -> str:
        done = self.try_to_run(script, given, seconds)
        assert done.returncode == 0, f"{script}\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def put(self, source: Path, folder: str) -> None:
        """Copies a file or a folder of this machine into one of the machine's."""
        self.run(f"mkdir -p {folder}")
        packed = subprocess.run(
            ["tar", "-C", str(source.parent), "-ch", source.name], capture_output=True, check=True, timeout=120)
        subprocess.run(
            self.command("tar", "-C", folder, "--no-same-owner", "-x"), input=packed.stdout, check=True, timeout=120)

    def end(self) -> None:
        """Its first process takes all others along; the layer goes with its namespace."""
        self._outside.send_signal(signal.SIGKILL)
        self._outside.wait(timeout=20)
        self._remove_cgroup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _remove_cgroup(self) -> None:
        script = 'mount -t cgroup2 cgroups "$1"; find "$1/$2" -depth -type d -exec rmdir {} +'
        for _ in range(50):
            done = subprocess.run(
                ["unshare", "--mount", "--", "bash", "-euc", script, "bash", str(self._folder), self._folder.name],
                capture_output=True, timeout=20)
            if done.returncode == 0:
                return
            time.sleep(0.1)
