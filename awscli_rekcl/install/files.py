"""Files that are replaced as a whole or not at all, and what can't be replaced safely."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from awscli_rekcl.errors import InstallError
from awscli_rekcl.text import quoted

if sys.platform != "win32":
    import fcntl
    import pwd

_PREFIX = ".awscli_rekcl-"
_ABANDONED = 3600  # seconds, where there is no lock that says so
_ELSEWHERE = "Or copy it, and set AWS_CONFIG_FILE to the copy, here and for `aws`."
# What helps, by what the system says.
_ADVICE = {
    errno.EBUSY: "It is a mount of its own, as files in a container can be: run this where the"
    f" file comes from, or mount its folder instead. {_ELSEWHERE}",
    errno.EROFS: f"The place is read-only: change the file where it comes from. {_ELSEWHERE}",
    errno.EACCES: f"Your user may not do that: check who owns it. {_ELSEWHERE}",
    errno.EPERM: f"This file system or its rights don't allow that. {_ELSEWHERE}",
    errno.ENOSPC: "Make room, and then run this again.",
    errno.EDQUOT: "Make room, and then run this again.",
}


@contextlib.contextmanager
def locked(*folders: Path) -> Iterator[None]:
    """Keep other installers out of folders, and clear away what killed ones have left there.

    One that isn't there, or can't be read, is left out.
    """
    with contextlib.ExitStack() as stack:
        # Each once, in one order, whatever symbolic links lead to them.
        for real in sorted({os.path.realpath(folder) for folder in folders}):
            oldest = time.time() - _ABANDONED
            if sys.platform != "win32":
                with contextlib.suppress(OSError):  # some file systems know no locks
                    descriptor = os.open(real, os.O_RDONLY)
                    stack.callback(os.close, descriptor)
                    _lock(descriptor)
                    oldest = float("inf")
            for left in Path(real).glob(f"{_PREFIX}*"):
                with contextlib.suppress(OSError):
                    if left.stat().st_mtime < oldest:
                        shutil.rmtree(left)
        yield


def _lock(descriptor: int) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another installer to finish...", file=sys.stderr, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextlib.contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Lend a folder that nobody else can read, beside the files to replace. Raise InstallError."""
    with explained(folder):
        new = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=folder)
    with new:
        yield Path(new.name)


@contextlib.contextmanager
def explained(path: Path | None = None) -> Iterator[None]:
    """Raise InstallError for an OSError, with what the system says and what helps."""
    try:
        yield
    except OSError as error:
        place = path or error.filename2 or error.filename or "A temporary file"
        raise InstallError(
            f"{place}: {error.strerror}",
            _ADVICE.get(error.errno or 0, "Correct that, and then run this again."),
        ) from error


def read(path: Path) -> bytes | None:
    """Return the content of a file, or None if there is no regular one. Raise InstallError.

    The AWS CLI ignores what is not a regular file, and nobody may write to a FIFO.
    """
    with explained():
        try:
            return path.read_bytes() if stat.S_ISREG(path.stat().st_mode) else None
        except FileNotFoundError:
            return None


def replace(
    path: Path, content: bytes | None, expected: bytes | None, mode: int | None = None
) -> None:
    """Replace a file, delete it (None), or write a new one, with a mode.

    Without one it keeps its permissions, and a new one is the user's alone. Raise InstallError,
    also if it isn't as expected.
    """
    if content == expected:
        return
    with explained(path), aside(path.parent) as folder:
        new = folder / path.name
        if content is not None:
            _write(new, content, mode or 0o600)
            if not mode and path.exists():
                _copy_permissions(path, new)
        if read(path) != expected:
            raise InstallError(f"{path} has been changed by something else", "Run this again.")
        if content is None:
            path.unlink()
        else:
            os.replace(new, path)


def _write(path: Path, content: bytes, mode: int) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if stat.S_IMODE(path.stat().st_mode) != mode:  # by the umask
        path.chmod(mode)


def _copy_permissions(old: Path, new: Path) -> None:
    was, times = old.stat(), new.stat()
    if sys.platform != "win32" and was.st_gid != times.st_gid:
        os.chown(new, -1, was.st_gid)
    shutil.copystat(old, new)  # what the file system has beside the mode, too
    os.utime(new, ns=(times.st_atime_ns, times.st_mtime_ns))


def check(path: Path) -> None:
    """Raise InstallError if a configuration file can't be replaced without harm, and why."""
    target = Path(os.path.realpath(path))
    with explained():
        found = target.stat() if os.path.lexists(target) else None
    if found and not stat.S_ISREG(found.st_mode):
        raise InstallError(
            f"{path} is not a regular file", "Set AWS_CONFIG_FILE to one, here and for `aws`."
        )
    if found and found.st_nlink > 1:
        name, new = quoted(str(target)), quoted(f"{target}.new")
        raise InstallError(
            f"{path} has another name as well (a hard link), which would be left behind",
            f"Make it a file of its own: `cp -p {name} {new} && mv {new} {name}`."
            " Or have the other name be a symbolic link.",
        )
    if sys.platform != "win32":
        user = os.geteuid()
        owned = [target] if found else []
        if user == 0:  # its files would be in somebody's way, and its programs run their code
            owned += [next(folder for folder in target.parents if folder.exists())]
        for each in owned:
            owner = each.stat().st_uid
            if owner != user:
                raise InstallError(
                    f"{each} belongs to {_name(owner)}, and you are {_name(user)}",
                    f"Run this as {_name(owner)}, without sudo."
                    if user == 0
                    else f"Make it yours: `sudo chown {user} {quoted(str(each))}`. {_ELSEWHERE}",
                )


def _name(user: int) -> str:
    if sys.platform != "win32":
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(user).pw_name
    return f"user {user}"
