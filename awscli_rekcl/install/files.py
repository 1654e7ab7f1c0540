"""Changes of files that others may read at any moment, and that can be taken back."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Optional

from awscli_rekcl.install.errors import InstallError, StillNamed, heeded, typed

if sys.platform != "win32":
    import fcntl

# Of what a killed run may leave. No dot in front: Python skips a hidden `.pth` file on Windows.
PREFIX = "new-awscli_rekcl-"

_Write = Callable[[Path, Optional[bytes], Optional[bytes]], None]


@contextlib.contextmanager
def locked(*folders: Path) -> Iterator[None]:
    """Keep other installers out of folders, and clear away what killed ones have left there."""
    with contextlib.ExitStack() as stack:
        # Each once, in one order, whatever symbolic links lead to them.
        for real in sorted({os.path.realpath(folder) for folder in folders}):
            with contextlib.suppress(OSError):  # Windows and some file systems know no locks
                descriptor = os.open(real, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                _lock(descriptor)
            for left in Path(real).glob(f"{PREFIX}*"):
                with contextlib.suppress(OSError):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield


def _lock(descriptor: int) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another installer to finish...", file=sys.stderr, flush=True)
            with heeded():
                fcntl.flock(descriptor, fcntl.LOCK_EX)


def make(folder: Path, stack: contextlib.ExitStack) -> None:
    """Make a folder where there is none. At the end of a stack it goes again if it is empty."""

    def undo() -> None:
        with contextlib.suppress(OSError):
            folder.rmdir()

    if not folder.exists():
        make(folder.parent, stack)
        folder.mkdir()
        _give_to_owner(folder)
        stack.callback(undo)


@contextlib.contextmanager
def changed(path: Path, before: bytes | None, after: bytes | None, write: _Write) -> Iterator[None]:
    """Change a file by `replace` or `edit`; if there is an error, change it back.

    What somebody else has changed meanwhile stays, and what that may need. Raise OSError, or
    InstallError.
    """
    write(path, before, after)
    try:
        yield
    except StillNamed:
        raise
    except BaseException as error:
        try:
            write(path, after, before)
        except (InstallError, OSError) as trouble:
            problem = getattr(error, "problem", None) or str(error) or "Interrupted"
            raise StillNamed(
                f"{problem}.\nThat could not be taken back: {getattr(trouble, 'problem', trouble)}",
                "Run this again.",
                "The plugin is still there, and may be named.",
            ) from error
        raise


def read(path: Path) -> bytes | None:
    """Return the content of a file, or None if there is no regular one. Raise OSError.

    The AWS CLI ignores what is not a regular file, and nobody may write to a FIFO.
    """
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)  # Python 3.14's is_file() hides what forbids it
    except (FileNotFoundError, NotADirectoryError):
        return None
    return path.read_bytes() if is_file else None


def replace(path: Path, before: bytes | None, after: bytes | None) -> None:
    """Put a whole new file into place, which everybody can read; None is no file.

    Raise OSError.
    """
    if after is None:
        path.unlink()
    elif after != before:
        new = path.with_name(f"{PREFIX}{path.name}.new")
        try:
            new.unlink(missing_ok=True)
            with open(new, "xb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            new.chmod(0o644)  # whatever the umask
            _give_to_owner(new)
            os.replace(new, path)
        finally:
            new.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raise InstallError if a file is not to be edited, and why."""
    if path.exists():
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            advice = "Set AWS_CONFIG_FILE to one, here and for `aws`."
            raise InstallError(f"{path} is not a regular file", advice)
        if not mode & stat.S_IWUSR:  # which doesn't stop root
            advice = f"If it may change: `{typed('chmod', 'u+w', str(path))}`."
            raise InstallError(f"{path} is read-only", advice)


def edit(path: Path, before: bytes | None, after: bytes | None) -> None:
    """Write a file in place, so that its links, owner and permissions stay; None is no file.

    Raise OSError, or InstallError if it isn't as it was before.
    """
    old, new = before or b"", after or b""
    if before is None and not path.exists():
        path = Path(os.path.realpath(path))  # a link may lead to what is not there yet
        os.close(os.open(path, os.O_CREAT, 0o600))
        _give_to_owner(path)
    with open(path, "r+b", buffering=0) as file:
        if file.readall() != old:
            raise InstallError(f"{path} has been changed by something else", "Run this again.")
        try:
            for start, text in steps(old, new):
                file.seek(start)
                if file.write(text) != len(text):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            file.truncate(len(new))
            os.fsync(file.fileno())
        except OSError as error:
            file.seek(0)
            file.write(old)
            file.truncate(len(old))
            if before is None:
                path.unlink()
            raise OSError(error.errno, error.strerror, str(path)) from error
    if after is None:
        path.unlink()


def steps(before: bytes, after: bytes) -> list[tuple[int, bytes]]:
    """Return what to write, and where, one after another; then the file is cut to its new length.

    Whoever reads the file in between, as the AWS CLI does, finds the old text or the new one, with
    blank lines behind it.
    """
    if after.startswith(before):
        return [(len(before), after[len(before) :])]
    if before.startswith(after):
        return []
    start = next(at for at, pair in enumerate(zip(before, after)) if pair[0] != pair[1])
    room = b"\n" * (len(after) - len(before))
    return [(len(before), room), (start, after[start:].ljust(len(before) - start, b"\n"))]


def _give_to_owner(path: Path) -> None:
    """Give what root has made in a folder to the owner of the folder."""
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = path.parent.stat()
        with contextlib.suppress(OSError):  # some file systems know no owners
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
