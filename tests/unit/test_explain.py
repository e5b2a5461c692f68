"""Every error is explained to a first-year student, in both languages."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from itertools import product

import pytest

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation, from_errno, timed_out
from netlib.i18n import LANGUAGES, Language, set_language
from netlib.teaching.explain import Explanation, code_words, explain, in_short, in_words
from netlib.value import replace
from tests.samples import symbol


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    set_language("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("operation", "cause"), [*product(Operation, Cause)])
def test_every_error_has_a_sentence_a_reason_and_advice(
    operation: Operation, cause: Cause, language: Language
) -> None:
    set_language(language)
    sentence, wire, reasons, advice = explain(NetError(operation, cause))
    assert reasons
    assert advice or cause is Cause.CANCELLED
    for words in filter(None, (sentence, wire, *reasons, advice)):
        assert words.endswith("。" if language == "zh" else ".")
        assert words.isprintable()


def test_both_languages_have_their_own_words_for_every_error() -> None:
    errors = [NetError(operation, cause) for operation, cause in product(Operation, Cause)]
    english = [explain(error) for error in errors]
    set_language("zh")
    for error, words in zip(errors, english, strict=True):
        assert not _sentences(explain(error)) & _sentences(words), error


def _sentences(words: Explanation) -> set[str]:
    return {words.sentence, words.wire, *words.reasons, words.advice} - {""}


def test_a_timeout_means_another_thing_to_each_operation() -> None:
    sentences = {
        explain(NetError(operation, Cause.TIMED_OUT)).sentence
        for operation in (Operation.RESOLVE, Operation.CONNECT, Operation.SEND, Operation.RECEIVE)
    }
    assert len(sentences) == 4


def test_only_low_ports_need_the_administrator() -> None:
    def reasons(operation: Operation, port: int) -> str:
        error = NetError(operation, Cause.PERMISSION, endpoint=Endpoint("localhost", port))
        return " ".join(explain(error).reasons)

    assert "1024" in reasons(Operation.BIND, 80)
    assert "1024" not in reasons(Operation.BIND, 8080)
    assert "1024" not in reasons(Operation.SEND, 80)


REFUSED = NetError(
    Operation.CONNECT, Cause.REFUSED, errno.ECONNREFUSED, endpoint=Endpoint("192.0.2.7", 8080)
)


def test_in_words_is_four_lines_with_the_users_address_and_the_symbol() -> None:
    code = symbol("EHOSTUNREACH")
    no_route = replace(REFUSED, cause=Cause.NO_ROUTE, code=errno.EHOSTUNREACH)
    assert in_words(no_route).splitlines() == [
        f"What: No route to 192.0.2.7:8080: that computer cannot be reached ({code}).",
        "  On the wire: ARP got no answer in the own network, or an ICMP error came from a router.",
        "  Likely reasons: 1. No computer with this address is switched on in the own network. "
        "2. The Wi-Fi keeps its clients apart (client isolation). "
        "3. A firewall rejects, or a router knows no way there.",
        "  Try: Check the address and that the computer is on; try another Wi-Fi or a cable.",
    ]
    set_language("zh")
    assert in_words(no_route).splitlines() == [
        f"现象：没有到 192.0.2.7:8080 的路由：无法到达那台主机（{code}）。",
        "  网络上发生了什么：本网内的 ARP 请求没有应答，或收到路由器发来的 ICMP 差错报文。",
        "  可能原因：1. 本网内没有使用这个地址、已开机的电脑。"
        "2. Wi-Fi 不让客户端互相访问（AP 隔离）。3. 防火墙拒绝，或路由器没有到那里的路由。",
        "  试一试：核对地址，确认那台电脑已开机；换一个 Wi-Fi，或改用网线。",
    ]


def test_an_error_of_an_old_recording_has_no_address() -> None:
    old = NetError(Operation.CONNECT, Cause.REFUSED)
    assert explain(old).sentence == "Connection refused by the peer."
    set_language("zh")
    assert explain(old).sentence == "对端拒绝了连接。"


def test_what_every_address_of_a_name_said_is_told() -> None:
    v6 = Endpoint("::1", 8080)
    both = replace(REFUSED, others=(replace(REFUSED, endpoint=v6),))
    assert explain(both).sentence == "Connection refused by 192.0.2.7:8080, [::1]:8080."
    other = NetError(Operation.CONNECT, Cause.UNREACHABLE, errno.ENETUNREACH, endpoint=v6)
    assert in_short(replace(REFUSED, others=(other,))) == (
        f"Connection refused by 192.0.2.7:8080 ({symbol('ECONNREFUSED')}). "
        f"The network is unreachable: no route to [::1]:8080 ({symbol('ENETUNREACH')})."
    )
    set_language("zh")
    assert explain(both).sentence == "192.0.2.7:8080、[::1]:8080 拒绝了连接。"


def test_whose_limit_a_timeout_was_is_said() -> None:
    server = Endpoint("192.0.2.7", 80)
    ours = explain(timed_out(Operation.CONNECT, server, 5.0))
    assert ours.sentence == "No answer from 192.0.2.7:80 within 5 s (our limit)."
    assert "SYN" in ours.wire
    kernel = NetError(Operation.CONNECT, Cause.TIMED_OUT, errno.ETIMEDOUT, endpoint=server)
    assert explain(kernel).sentence == "No answer from 192.0.2.7:80: the system gave up."
    assert "Windows" in explain(timed_out(Operation.CONNECT, server, 1.0)).reasons[-1]
    assert "Windows" not in "".join(ours.reasons)


@pytest.mark.parametrize(("code", "has"), [(errno.EMFILE, True), (10024, False)])
def test_windows_has_no_ulimit(code: int, has: bool) -> None:
    assert ("ulimit" in explain(from_errno(Operation.ACCEPT, code)).advice) is has


def test_symbol_and_number_are_the_same_in_both_languages_and_on_every_system() -> None:
    def words(operation: Operation, cause: Cause, code: int | None) -> str:
        return code_words(NetError(operation, cause, code))

    for language in LANGUAGES:
        set_language(language)
        assert words(Operation.CONNECT, Cause.REFUSED, 10061) == "WSAECONNREFUSED 10061"
        refused, unknown = errno.ECONNREFUSED, socket.EAI_NONAME
        assert words(Operation.CONNECT, Cause.REFUSED, refused) == symbol("ECONNREFUSED")
        name = "WSAHOST_NOT_FOUND" if sys.platform == "win32" else "EAI_NONAME"
        assert words(Operation.RESOLVE, Cause.NAME_NOT_FOUND, unknown) == f"{name} {unknown}"
        assert words(Operation.CONNECT, Cause.TIMED_OUT, None) == ""


def test_a_number_of_another_system_is_not_called_what_it_means_here() -> None:
    macos = NetError(Operation.CONNECT, Cause.REFUSED, 61)
    assert errno.errorcode.get(61) != "ECONNREFUSED"
    assert code_words(macos) == "61"


def test_what_the_system_says_is_made_safe() -> None:
    error = NetError(Operation.SEND, Cause.UNKNOWN, None, "bad\n\x1b[2J\u202e")
    assert all(line.isprintable() for line in in_words(error).splitlines())


def test_who_holds_the_port_is_said() -> None:
    set_language("zh")
    where = Endpoint("localhost", 8080)
    error = NetError(Operation.BIND, Cause.ADDRESS_IN_USE, errno.EADDRINUSE, "nc (PID 12)", where)
    code = symbol("EADDRINUSE")
    assert in_short(error) == f"无法监听 localhost:8080：端口已被 nc (PID 12) 占用（{code}）。"
    ours = replace(error, detail="", service="chat", endpoint=Endpoint("localhost", 80))
    assert explain(ours).sentence == "无法监听 localhost:80：本程序自己的服务器“chat”正在使用它。"


def test_a_dead_connection_is_not_told_like_a_silent_peer() -> None:
    lost, silent = (
        explain(NetError(Operation.RECEIVE, cause))
        for cause in (Cause.CONNECTION_LOST, Cause.TIMED_OUT)
    )
    assert "ACK" in lost.wire
    assert "LF" not in lost.reasons[0]
    assert "LF" in silent.reasons[0]
