"""What this computer itself says: listening, accepting, writing files, limits."""

from __future__ import annotations

from typing import Final

from netlib.errors import Cause, Operation
from netlib.i18n import N_
from netlib.teaching.error_words.words import Table, Words

_BIND, _ACCEPT, _RECORD = Operation.BIND, Operation.ACCEPT, Operation.RECORD

_ANOTHER_PORT = N_("Stop that program, or choose another port.")
_ABOVE_1023 = N_("Choose a port above 1023, for example 8080.")
_OUR_SERVER = Words(
    N_('Cannot listen on {where}: this program\'s own server "{service}" is there.'),
    "",
    (N_("That server was started here, and still runs."),),
    N_("Stop that server first, or choose another port."),
)
_QUEUED = N_(
    "Clients in the accept queue already look connected: their handshake is over, only their data "
    "waits."
)

TABLE: Final[Table] = {
    (None, Cause.CANCELLED, ""): Words(
        N_("It was cancelled."), "", (N_("It was stopped before it finished."),), ""
    ),
    (None, Cause.ADDRESS_IN_USE, ""): Words(
        N_("Cannot listen on {where}: the port is in use."),
        "",
        (
            N_("Another program, perhaps of another user, listens on this port."),
            # RFC 9293, section 3.6.1: the end that closes first keeps its port in TIME-WAIT
            N_(
                "Connections of an earlier server are still in TIME_WAIT; that server had not "
                "set SO_REUSEADDR."
            ),
        ),
        N_("Choose another port, or wait a minute."),
    ),
    (None, Cause.ADDRESS_IN_USE, "program"): Words(
        N_("Cannot listen on {where}: the port is in use by {detail}."),
        "",
        (N_("That program listens on this port, or has a connection that uses it."),),
        _ANOTHER_PORT,
    ),
    (None, Cause.ADDRESS_IN_USE, "service"): _OUR_SERVER,
    (None, Cause.RESERVED_PORT, "service"): _OUR_SERVER,
    (_BIND, Cause.ADDRESS_NOT_AVAILABLE, ""): Words(
        N_("Cannot listen on {where}: this computer does not have that address."),
        "",
        (
            N_("It is another computer's address: a server can only listen on its own."),
            N_("This computer has lost the address, with its cable or Wi-Fi."),
        ),
        N_("Choose one of this computer's addresses, or all interfaces."),
    ),
    (_BIND, Cause.ADDRESS_NOT_AVAILABLE, "ipv6"): Words(
        N_("Cannot listen on {where}: this computer does not have that address."),
        "",
        (
            N_("IPv6 is switched off on this computer."),
            N_("It is another computer's address: a server can only listen on its own."),
        ),
        N_("Choose an IPv4 address of this computer, or all interfaces."),
    ),
    (_BIND, Cause.NAME_NOT_FOUND, ""): Words(
        N_("Cannot listen on {where}: that is no address."),
        "",
        (N_("A server listens on a numeric address of this computer, or on localhost."),),
        N_("Choose one of this computer's addresses, or all interfaces."),
    ),
    (_BIND, Cause.PERMISSION, ""): Words(
        N_("The system does not allow listening on {where}."),
        "",
        (N_("A rule of this computer forbids it: security software, or a container."),),
        _ABOVE_1023,
    ),
    # ip(7): ip_unprivileged_port_start
    (_BIND, Cause.PERMISSION, "low port"): Words(
        N_("The system does not allow listening on {where}."),
        "",
        (N_("Ports below 1024 need administrator rights (Linux; on macOS not always)."),),
        _ABOVE_1023,
    ),
    (None, Cause.RESERVED_PORT, ""): Words(
        N_("Windows does not allow listening on {where}."),
        "",
        (
            N_("Another program has the port for itself alone (exclusive)."),
            N_("Windows has reserved the port, often for Hyper-V, WSL or Docker."),
        ),
        N_(
            "Choose another port; netsh int ipv4 show excludedportrange tcp lists the reserved "
            "ones (udp instead of tcp: those of UDP)."
        ),
    ),
    (None, Cause.RESERVED_PORT, "program"): Words(
        N_("Windows does not allow listening on {where}: {detail} has the port for itself alone."),
        "",
        (N_("That program has opened the port so that nobody else may use it (exclusive)."),),
        _ANOTHER_PORT,
    ),
    (None, Cause.NO_FILES, ""): Words(
        N_("No more sockets can be opened."),
        "",
        (N_("The system limits how many files and sockets one program may have open."),),
        N_("Close some connections, or raise the limit (ulimit -n)."),
    ),
    (None, Cause.NO_FILES, "windows"): Words(
        N_("No more sockets can be opened."),
        "",
        (N_("Too many sockets are open in this program."),),
        N_("Close some connections."),
    ),
    (_ACCEPT, Cause.NO_FILES, ""): Words(
        N_("No more clients can be accepted: too many sockets are open."),
        _QUEUED,
        (N_("The system limits how many files and sockets one program may have open."),),
        N_("Close some connections, or raise the limit (ulimit -n)."),
    ),
    (_ACCEPT, Cause.NO_FILES, "windows"): Words(
        N_("No more clients can be accepted: too many sockets are open."),
        _QUEUED,
        (N_("Too many sockets are open in this program."),),
        N_("Close some connections."),
    ),
    (None, Cause.NO_BUFFERS, ""): Words(
        N_("The system has no memory left for network data."),
        "",
        (
            N_("Too many connections are open."),
            N_("Too much data waits on them."),
        ),
        N_("Close some connections, wait a little, then try again."),
    ),
    (None, Cause.SYSTEM_LIMIT, ""): Words(
        N_("The system has reached a limit of its network part."),
        "",
        (
            N_("Too many programs use the network at once."),
            N_("Too much refers to one and the same part of the system."),
        ),
        N_("Close other programs that use the network, then try again."),
    ),
    (None, Cause.MISUSED, ""): Words(
        N_("The system says that this is no open socket."),
        "",
        (
            N_("This program has a bug: it uses a socket that it has closed, or never opened."),
            N_("Security software has closed it."),
        ),
        N_("Try again, and please report it if that happens again."),
    ),
    (None, Cause.IN_PROGRESS, ""): Words(
        N_("The system has not finished what was asked before."),
        "",
        (N_("An earlier call on the same socket still goes on; as a rule that is no error."),),
        N_("Wait a little, then try again."),
    ),
    (None, Cause.NOT_SUPPORTED, ""): Words(
        N_("The system cannot do that with this kind of socket."),
        "",
        (N_("This system, or a driver of its network, lacks a part that others have."),),
        N_("Try another address or transport; please report it with the number."),
    ),
    (None, Cause.WINSOCK_BROKEN, ""): Words(
        N_("The network part of Windows (WinSock) does not work."),
        "",
        (
            N_("The program was started without the environment variable SystemRoot."),
            N_("The network settings of Windows are damaged."),
            N_("This program has not started that part, or has ended it already (a bug)."),
        ),
        N_("Start it from the Start menu; if that fails: netsh winsock reset, then restart."),
    ),
    (None, Cause.DISK_FULL, ""): Words(
        N_("The disk is full."),
        "",
        (N_("Not enough space to write the file."),),
        N_("Free some space, or choose another folder."),
    ),
    (None, Cause.FILE_TOO_LARGE, ""): Words(
        N_("The file may not grow any further."),
        "",
        (
            N_("The system limits how large a file may be (ulimit -f)."),
            N_("The disk is of a kind that takes no file of this size (FAT32: 4 GB)."),
        ),
        N_("Raise the limit, or choose another disk."),
    ),
    (None, Cause.IN_USE, ""): Words(
        N_("Another program has the file open."),
        "",
        (
            N_("It is open in another window, or in a program such as Excel."),
            N_("A virus scanner or a backup reads it just now."),
        ),
        N_("Close it there, or choose another name."),
    ),
    (None, Cause.FILE_GONE, ""): Words(
        N_("The file has been removed, renamed or replaced while it was written."),
        "",
        (
            N_("Another program, or somebody with it, has done so."),
            N_("The USB stick or the network drive is no longer there."),
        ),
        N_(
            "If it was renamed, all until then is in it; else all is lost. Begin again with a new "
            "file, and leave it where it is until the end."
        ),
    ),
    (None, Cause.NO_FOLDER, ""): Words(
        N_("The folder does not exist."),
        "",
        (
            N_("It has been renamed or deleted."),
            N_("The USB stick or the network drive is no longer there."),
        ),
        N_("Choose another folder."),
    ),
    (None, Cause.BAD_NAME, ""): Words(
        N_("A file cannot have this name."),
        "",
        (
            N_("A folder has this name already."),
            N_("It has characters in it that the system allows in no name."),
        ),
        N_("Choose another name."),
    ),
    (None, Cause.LONG_NAME, ""): Words(
        N_("The name of the file is too long."),
        "",
        (N_("Most systems allow 255 bytes, which is 85 Chinese characters."),),
        N_("Choose a shorter name."),
    ),
    # sqlite.org/wal.html: "WAL does not work over a network filesystem"
    (_RECORD, Cause.NOT_SUPPORTED, ""): Words(
        N_("The recording cannot be written there."),
        "",
        (N_("It is a network drive, or another one where a file cannot be shared as it must be."),),
        N_("Choose a folder of this computer."),
    ),
    (_RECORD, Cause.PERMISSION, ""): Words(
        N_("The recording may not be written there."),
        "",
        (N_("The folder belongs to somebody else, or is read-only."),),
        N_("Choose another folder."),
    ),
    (None, Cause.UNKNOWN, ""): Words(
        N_("The system reported an unusual error."),
        "",
        (N_("No more is known than the system's message."),),
        N_("Try again; search for the error number if it stays."),
    ),
}
