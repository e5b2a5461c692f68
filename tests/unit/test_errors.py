"""System numbers and exceptions become causes."""

from __future__ import annotations

import errno
import socket
import sys
from types import SimpleNamespace

import pytest

from netlib import errors
from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation, code_name, from_errno, from_oserror

WINDOWS = sys.platform == "win32"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (errno.ECONNREFUSED, Cause.REFUSED),
        (10061, Cause.REFUSED),
        (errno.ETIMEDOUT, Cause.TIMED_OUT),
        (10060, Cause.TIMED_OUT),
        (errno.ECONNRESET, Cause.RESET),
        (10054, Cause.RESET),
        (errno.ECONNABORTED, Cause.ABORTED),
        (10053, Cause.ABORTED),
        (errno.EPIPE, Cause.BROKEN_PIPE),
        (errno.EHOSTUNREACH, Cause.NO_ROUTE),
        (10065, Cause.NO_ROUTE),
        (errno.ENETUNREACH, Cause.UNREACHABLE),
        (10051, Cause.UNREACHABLE),
        (10050, Cause.NETWORK_DOWN),
        (errno.EADDRNOTAVAIL, Cause.ADDRESS_NOT_AVAILABLE),
        (10049, Cause.ADDRESS_NOT_AVAILABLE),
        (errno.EAFNOSUPPORT, Cause.FAMILY_NOT_SUPPORTED),
        (10047, Cause.FAMILY_NOT_SUPPORTED),
        (errno.EACCES, Cause.PERMISSION),
        (10013, Cause.PERMISSION),
        (errno.EMSGSIZE, Cause.MESSAGE_TOO_LONG),
        (10040, Cause.MESSAGE_TOO_LONG),
        (errno.EMFILE, Cause.NO_FILES),
        (10024, Cause.NO_FILES),
        (errno.EINVAL, Cause.INVALID),
        (10022, Cause.INVALID),
        (10057, Cause.NOT_CONNECTED),
        (errno.EPROTO, Cause.PROTOCOL),
        (10091, Cause.WINSOCK_BROKEN),
        (10106, Cause.WINSOCK_BROKEN),
        (errno.EAGAIN, Cause.NO_PORTS),
        (10055, Cause.NO_PORTS),
        (errno.ENOSPC, Cause.DISK_FULL),
        (errno.EFBIG, Cause.FILE_TOO_LARGE),
        (errno.ESTALE, Cause.FILE_GONE),
        (errno.ENOENT, Cause.NO_FOLDER),
        (errno.EISDIR, Cause.BAD_NAME),
        (errno.ENAMETOOLONG, Cause.LONG_NAME),
        (999_999, Cause.UNKNOWN),
    ],
)
def test_a_number_means_the_same_on_every_system(code: int, cause: Cause) -> None:
    error = from_errno(Operation.CONNECT, code)
    assert (error.operation, error.cause, error.code) == (Operation.CONNECT, cause, code)
    assert bool(error.detail) is (cause is Cause.UNKNOWN)  # else the number says it


@pytest.mark.parametrize("code", [errno.EADDRINUSE, 10048])
def test_address_in_use_means_another_thing_to_connect(code: int) -> None:
    assert from_errno(Operation.BIND, code).cause is Cause.ADDRESS_IN_USE
    assert from_errno(Operation.CONNECT, code).cause is Cause.NO_PORTS


@pytest.mark.parametrize("code", [errno.ETIMEDOUT, 10060])
@pytest.mark.parametrize("operation", [Operation.SEND, Operation.RECEIVE])
def test_a_timeout_of_the_kernel_on_a_connection_is_not_one_of_ours(
    operation: Operation, code: int
) -> None:
    assert from_errno(operation, code).cause is Cause.CONNECTION_LOST
    assert from_oserror(operation, TimeoutError(code, "words")).cause is Cause.CONNECTION_LOST
    assert from_errno(Operation.CONNECT, code).cause is Cause.TIMED_OUT


@pytest.mark.parametrize("code", [errno.ECONNREFUSED, 10054])
def test_a_udp_socket_hears_of_an_unreachable_port(code: int) -> None:
    assert from_errno(Operation.SEND, code, datagram=True).cause is Cause.PORT_UNREACHABLE
    error = from_oserror(Operation.RECEIVE, OSError(code, "words"), datagram=True)
    assert error == NetError(Operation.RECEIVE, Cause.PORT_UNREACHABLE, code, "words")


def test_words_are_kept_that_say_more_than_the_number() -> None:
    error = from_oserror(Operation.BIND, OSError(errno.EACCES, "Permission denied"))
    assert error == NetError(Operation.BIND, Cause.PERMISSION, errno.EACCES)
    error = from_oserror(Operation.RECORD, OSError(errno.EACCES, "unable to open"))
    assert error == NetError(Operation.RECORD, Cause.PERMISSION, errno.EACCES, "unable to open")


@pytest.mark.parametrize(
    ("operation", "code", "cause"),
    [
        (Operation.RECEIVE, 10040, Cause.TRUNCATED),
        (Operation.BIND, 10013, Cause.RESERVED_PORT),
        (Operation.SEND, 10055, Cause.NO_BUFFERS),
        (Operation.SEND, errno.EAGAIN, Cause.UNKNOWN),
    ],
)
def test_a_number_means_another_thing_to_one_operation(
    operation: Operation, code: int, cause: Cause
) -> None:
    assert from_errno(operation, code).cause is cause


@pytest.mark.parametrize("code", [errno.EACCES, 10013])
def test_only_udp_is_refused_a_broadcast_address(code: int) -> None:
    assert from_errno(Operation.CONNECT, code, datagram=True).cause is Cause.BROADCAST
    assert from_errno(Operation.CONNECT, code).cause is Cause.PERMISSION


@pytest.mark.parametrize(
    ("code", "host", "cause"),
    [
        (errno.EADDRNOTAVAIL, "::1", Cause.ADDRESS_NOT_AVAILABLE),
        (10049, "192.0.2.7", Cause.ADDRESS_NOT_AVAILABLE),
        # Windows has no other number than that one.
        *([] if WINDOWS else [(errno.EADDRNOTAVAIL, "192.0.2.7", Cause.NO_PORTS)]),
    ],
)
def test_an_ipv4_address_to_connect_from_is_never_wanting(
    code: int, host: str, cause: Cause
) -> None:
    assert from_errno(Operation.CONNECT, code, Endpoint(host, 80)).cause is cause
    assert from_errno(Operation.BIND, code, Endpoint(host, 80)).cause is Cause.ADDRESS_NOT_AVAILABLE


def test_a_windows_socket_error_is_known_by_its_windows_number() -> None:
    exc = OSError(errno.EACCES, "An attempt was made to access a socket in a way forbidden")
    exc.winerror = 10013  # type: ignore[attr-defined,unused-ignore]
    error = from_oserror(Operation.BIND, exc)
    assert (error.cause, error.code, error.detail) == (Cause.RESERVED_PORT, 10013, "")


def test_a_windows_exception_keeps_its_windows_number() -> None:
    exc = OSError(errno.ENOSPC, "There is not enough space on the disk")
    exc.winerror = 112  # type: ignore[attr-defined,unused-ignore]
    error = from_oserror(Operation.RECORD, exc)
    assert (error.cause, error.code) == (Cause.DISK_FULL, 112)
    exc = OSError(errno.EINVAL, "The filename, directory name, or volume label syntax is incorrect")
    exc.winerror = 123  # type: ignore[attr-defined,unused-ignore]
    assert from_oserror(Operation.RECORD, exc).cause is Cause.BAD_NAME


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("EAI_NONAME", Cause.NAME_NOT_FOUND),
        ("EAI_AGAIN", Cause.NAME_LOOKUP_FAILED),
        ("EAI_FAMILY", Cause.FAMILY_NOT_SUPPORTED),
        # Windows has one number for this and for an unknown name.
        ("EAI_NODATA", Cause.NAME_NOT_FOUND if WINDOWS else Cause.NO_ADDRESS_OF_FAMILY),
        ("EAI_SERVICE", Cause.INVALID),
    ],
)
def test_the_resolver_speaks_of_names(name: str, cause: Cause) -> None:
    exc = socket.gaierror(getattr(socket, name), "words")
    assert from_oserror(Operation.RESOLVE, exc).cause is cause


def test_an_unknown_answer_of_the_resolver_is_a_failed_lookup() -> None:
    error = from_oserror(Operation.RESOLVE, socket.gaierror(987, "?"))
    assert error.cause is Cause.NAME_LOOKUP_FAILED


def test_pythons_own_timeout_has_no_number() -> None:
    error = from_oserror(Operation.CONNECT, TimeoutError("timed out"))
    assert error == NetError(Operation.CONNECT, Cause.TIMED_OUT, None, "timed out")


def test_a_name_that_cannot_be_encoded_is_not_found() -> None:
    with pytest.raises(UnicodeError) as caught:
        "a..b".encode("idna")
    error = from_oserror(Operation.RESOLVE, caught.value)
    assert error.cause is Cause.NAME_NOT_FOUND


def test_an_error_without_number_is_unknown() -> None:
    assert from_oserror(Operation.SEND, OSError("odd")).cause is Cause.UNKNOWN


def test_an_error_prints_itself_in_short() -> None:
    assert str(NetError(Operation.CONNECT, Cause.REFUSED, 111)) == "connect: refused (111)"
    assert str(NetError(Operation.CONNECT, Cause.TIMED_OUT)) == "connect: timed out"


WINSOCK = {
    10004: Cause.CANCELLED,
    10009: Cause.MISUSED,
    10013: Cause.PERMISSION,
    10014: Cause.MISUSED,
    10022: Cause.INVALID,
    10024: Cause.NO_FILES,
    10035: Cause.IN_PROGRESS,
    10036: Cause.IN_PROGRESS,
    10037: Cause.IN_PROGRESS,
    10038: Cause.MISUSED,
    10039: Cause.NOT_CONNECTED,
    10040: Cause.MESSAGE_TOO_LONG,
    10041: Cause.NOT_SUPPORTED,
    10042: Cause.NOT_SUPPORTED,
    10043: Cause.FAMILY_NOT_SUPPORTED,
    10044: Cause.NOT_SUPPORTED,
    10045: Cause.NOT_SUPPORTED,
    10046: Cause.FAMILY_NOT_SUPPORTED,
    10047: Cause.FAMILY_NOT_SUPPORTED,
    10048: Cause.ADDRESS_IN_USE,
    10049: Cause.ADDRESS_NOT_AVAILABLE,
    10050: Cause.NETWORK_DOWN,
    10051: Cause.UNREACHABLE,
    10052: Cause.ABORTED,
    10053: Cause.ABORTED,
    10054: Cause.RESET,
    10055: Cause.NO_BUFFERS,
    10056: Cause.ALREADY_CONNECTED,
    10057: Cause.NOT_CONNECTED,
    10058: Cause.BROKEN_PIPE,
    10059: Cause.SYSTEM_LIMIT,
    10060: Cause.TIMED_OUT,
    10061: Cause.REFUSED,
    10064: Cause.NO_ROUTE,
    10065: Cause.NO_ROUTE,
    10067: Cause.SYSTEM_LIMIT,
    10091: Cause.WINSOCK_BROKEN,
    10093: Cause.WINSOCK_BROKEN,
    10101: Cause.DISCONNECTED,
    10106: Cause.WINSOCK_BROKEN,
    10109: Cause.INVALID,
}
RESOLVER = {
    10109: Cause.INVALID,
    11001: Cause.NAME_NOT_FOUND,
    11002: Cause.NAME_LOOKUP_FAILED,
    11003: Cause.NAME_LOOKUP_FAILED,
    11004: Cause.NO_ADDRESS_OF_FAMILY,
}


@pytest.mark.parametrize(("code", "cause"), WINSOCK.items())
def test_every_number_of_winsock_has_its_cause_however_it_comes(code: int, cause: Cause) -> None:
    raised = OSError(errno.EINVAL, "words of the system")  # errno is another number there
    raised.winerror = code  # type: ignore[attr-defined,unused-ignore]
    for error in (from_errno(Operation.ACCEPT, code), from_oserror(Operation.ACCEPT, raised)):
        assert (error.cause, error.code, error.detail) == (cause, code, "")
        assert code_name(error).startswith("WSA")


@pytest.mark.parametrize(("code", "cause"), RESOLVER.items())
def test_every_answer_of_windows_resolver_has_its_cause(code: int, cause: Cause) -> None:
    error = from_oserror(Operation.RESOLVE, socket.gaierror(code, "words"))
    assert (error.cause, error.code) == (cause, code)
    assert code_name(error).startswith("WSA")


def test_where_two_names_have_one_number_the_first_counts() -> None:
    windows = SimpleNamespace(EAI_NONAME=11001, EAI_NODATA=11001)
    assert errors._numbers(errors._RESOLVER_NAMES, windows)[11001] is Cause.NAME_NOT_FOUND


@pytest.mark.parametrize("code", [32, 33])
def test_a_file_that_another_program_has_open_is_not_a_matter_of_rights(code: int) -> None:
    raised = PermissionError(errno.EACCES, "The process cannot access the file")
    raised.winerror = code  # type: ignore[attr-defined,unused-ignore]
    error = from_oserror(Operation.RECORD, raised)
    assert (error.cause, error.code, error.detail) == (Cause.IN_USE, code, "")
    told = from_oserror(Operation.RECORD, OSError(errno.EBUSY, "another program has it open"))
    assert (told.cause, told.detail) == (Cause.IN_USE, "")
