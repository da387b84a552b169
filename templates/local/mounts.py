"""Where the files of a folder come from."""

import os

# File systems of a kernel's own: whoever edits their files does it with this kernel, which tells of it. Not so with a network drive, nor
# with the drive of another kernel that an engine in a virtual machine mounts (virtiofs, 9p, fuse).
OWN = {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "xfs", "zfs"}


def is_of_this_kernel(folder):
    """Whether events tell of edits in a folder, by proc_pid_mountinfo(5); no where nobody can say."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
            return kind_of(folder, mounts.read().splitlines()) in OWN
    except OSError:
        return False


def kind_of(folder, mounts):
    """The kind of file system: that of the last one mounted closest to the folder."""
    kinds = {}
    for line in mounts:
        at, _, what = line.partition(" - ")
        kinds[unescaped(at.split(" ")[4])] = what.split(" ")[0]
    while folder not in kinds and folder != "/":
        folder = os.path.dirname(folder)
    return kinds.get(folder, "")


def unescaped(path):
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        path = path.replace(code, character)
    return path
