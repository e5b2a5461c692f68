"""Events in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from netlib.address import Endpoint
from netlib.errors import Cause, NetError, Operation
from netlib.events import (
    Accepted,
    AcceptingPaused,
    AcceptingResumed,
    ActivityStopped,
    Closed,
    CloseReason,
    Connected,
    Connecting,
    Crashed,
    Event,
    Failed,
    Finished,
    HttpReply,
    Idle,
    Impaired,
    Listening,
    Named,
    PeerFinished,
    PortUnreachable,
    ReadingPaused,
    ReadingResumed,
    ReceiveBufferSet,
    Rejected,
    Resolved,
    Resolving,
    TimeLost,
    TimeReply,
    Transport,
    Unanswered,
    Unfinished,
)
from netlib.i18n import set_language
from netlib.silence import Awaited, Silence
from netlib.teaching.narrate import describe, mark, severity
from netlib.text import milliseconds
from tests.samples import HERE, REFUSED, THERE, symbol

HEAD: dict[str, Any] = {"at": 1.0, "activity": 1}
ON_1: dict[str, Any] = HEAD | {"connection": 1}
CODE = symbol("ECONNREFUSED")


def connected(transport: Transport = Transport.TCP, resolve_seconds: float = 0.0) -> Connected:
    return Connected(
        **ON_1,
        transport=transport,
        local=THERE,
        peer=HERE,
        resolve_seconds=resolve_seconds,
        connect_seconds=0.0012,
    )


def closed(reason: CloseReason, **more: Any) -> Closed:
    return Closed(**ON_1, reason=reason, **more)


def http_reply(complete: bool = True, reason: str = "OK", error: str = "") -> HttpReply:
    return HttpReply(
        **ON_1,
        status=200,
        reason=reason,
        headers=(),
        body=b"",
        body_size=12345,
        complete=complete,
        error=error,
    )


def time_reply(
    offset: float | None, bound: float | None = 0.50017, text: str = "12:00\n"
) -> TimeReply:
    return TimeReply(
        **HEAD,
        peer=HERE,
        number=1,
        text=text,
        rtt_seconds=0.00034,
        offset_seconds=offset,
        precision_seconds=bound,
    )


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    set_language("en")


SAID: list[tuple[Event, str, str]] = [
    (
        ReadingPaused(**ON_1),
        "! reading is paused: what the peer sends waits in the kernel",
        "! 已暂停读取：对端发来的数据留在内核中",
    ),
    (
        ReadingPaused(**HEAD, connection=0),
        "! reading from every client is paused: what they send waits in the kernel",
        "! 已暂停读取所有客户端：它们发来的数据留在内核中",
    ),
    (ReadingResumed(**ON_1), "· reading is resumed", "· 已恢复读取"),
    (
        ReadingResumed(**HEAD, connection=0),
        "· reading from every client is resumed",
        "· 已恢复读取所有客户端",
    ),
    (
        AcceptingPaused(**HEAD),
        "! accepting is paused: who connects waits in the accept queue",
        "! 已暂停接受连接：新来的连接在接受队列中等待",
    ),
    (
        AcceptingResumed(**HEAD),
        "· accepting is resumed: who waits is accepted first",
        "· 已恢复接受连接：先接受等待中的连接",
    ),
    (
        ReceiveBufferSet(**ON_1, asked=4096, given=8192),
        "· receive buffer: 4,096 bytes asked for, the system says 8,192 bytes",
        "· 接收缓冲区：请求 4,096 字节，系统报告为 8,192 字节",
    ),
    (
        Listening(**HEAD, local=HERE, transport=Transport.TCP, service="echo"),
        "✓ listening on 127.0.0.1:8080",
        "✓ 正在监听 127.0.0.1:8080",
    ),
    (
        Listening(
            **HEAD,
            local=Endpoint("::", 80),
            transport=Transport.TCP,
            service="echo",
            dual_stack=True,
        ),
        "✓ listening on [::]:80 (IPv4 and IPv6)",
        "✓ 正在监听 [::]:80（IPv4 和 IPv6）",
    ),
    (
        Listening(
            **HEAD,
            local=HERE,
            transport=Transport.TCP,
            service="echo",
            also=(Endpoint("::1", 8080),),
        ),
        "✓ listening on 127.0.0.1:8080, [::1]:8080",
        "✓ 正在监听 127.0.0.1:8080、[::1]:8080",
    ),
    (Resolving(**HEAD, host="a.b"), "· looking up a.b", "· 正在解析 a.b"),
    (
        Resolved(**HEAD, host="a.b", addresses=(HERE, THERE, HERE), seconds=0.0123),
        "✓ a.b is 127.0.0.1, ::1 (name lookup 12.3 ms)",
        "✓ a.b 的地址是 127.0.0.1、::1（域名解析 12.3 毫秒）",
    ),
    (Connecting(**HEAD, peer=THERE), "· connecting to [::1]:53122", "· 正在连接 [::1]:53122"),
    (
        connected(),
        "✓ connected from [::1]:53122 to 127.0.0.1:8080 in 1.2 ms",
        "✓ 已连接：[::1]:53122 → 127.0.0.1:8080，用时 1.2 毫秒",
    ),
    (
        connected(resolve_seconds=0.0003),
        "✓ connected from [::1]:53122 to 127.0.0.1:8080 in 1.2 ms (name lookup 0.30 ms)",
        "✓ 已连接：[::1]:53122 → 127.0.0.1:8080，用时 1.2 毫秒（域名解析 0.30 毫秒）",
    ),
    (
        connected(Transport.UDP),
        "✓ UDP socket [::1]:53122, peer set to 127.0.0.1:8080; nothing sent",
        "✓ UDP 套接字 [::1]:53122，已设定对端 127.0.0.1:8080，尚未发送任何数据",
    ),
    (
        Accepted(**ON_1, local=HERE, peer=THERE),
        "✓ accepted a connection from [::1]:53122",
        "✓ 已接受 [::1]:53122 的连接",
    ),
    (
        Rejected(**HEAD, peer=THERE, limit=2),
        "! closed [::1]:53122 at once: limit of 2 clients reached",
        "! 与 [::1]:53122 的连接建立后立即关闭：客户端数已达上限 2",
    ),
    (
        Rejected(**HEAD, peer=THERE, limit=0),
        "! closed [::1]:53122 at once: the system has no more sockets",
        "! 与 [::1]:53122 的连接建立后立即关闭：系统已没有可用的套接字",
    ),
    (
        Impaired(**HEAD, up="delay=0.2 loss=0.3", down=""),
        "! what crosses is impaired: to the server delay=0.2 loss=0.3; to the client –",
        "! 对经过的数据施加网络损伤：去程（往服务器）delay=0.2 loss=0.3；回程（往客户端）–",
    ),
    (
        Impaired(**HEAD, up="", down=""),
        "· what comes goes on as it came",
        "· 收到什么，就原样转发什么",
    ),
    (
        Unanswered(**HEAD, peer=THERE, count=3),
        "! did not answer 3 datagrams, last from [::1]:53122: two servers could answer each other"
        " endlessly",
        "! 有 3 个数据报未作应答，最近一个来自 [::1]:53122：否则两个服务器可能无休止地互相应答",
    ),
    (
        Unanswered(**HEAD, peer=THERE, count=1, why=Silence.LOSS),
        "! did not answer 1 datagram, last from [::1]:53122: lost on purpose, as this service does",
        "! 有 1 个数据报未作应答，最近一个来自 [::1]:53122：本服务故意丢弃",
    ),
    (
        Unanswered(**HEAD, peer=THERE, count=1, why=Silence.NO_QUERY),
        "! did not answer 1 datagram, last from [::1]:53122: it is no query of this protocol",
        "! 有 1 个数据报未作应答，最近一个来自 [::1]:53122：它不是本协议的查询",
    ),
    (
        Unanswered(**HEAD, peer=THERE, count=1, why=Silence.NO_PORT),
        "! did not answer 1 datagram, last from [::1]:53122: its source port is 0, to which nothing"
        " can be sent",
        "! 有 1 个数据报未作应答，最近一个来自 [::1]:53122：它的源端口是 0，无法向该端口发送",
    ),
    (
        Unanswered(**HEAD, peer=THERE, count=2, why=Silence.NOT_SENT),
        "! did not answer 2 datagrams, last from [::1]:53122: the system did not send the answer",
        "! 有 2 个数据报未作应答，最近一个来自 [::1]:53122：系统没有把应答发出去",
    ),
    (
        Unfinished(**ON_1, awaits=Awaited.MAIL_END, size=24),
        '! the mail has not ended: the server waits for a line with "." (24 bytes)',
        "! 邮件还没有结束：服务器在等只有一个“.”的行（24 字节）",
    ),
    (
        PeerFinished(**ON_1, unfinished=24, awaits=Awaited.MAIL_END),
        '! FIN received: the peer will send no more; the mail before it had no line with "." and'
        " is none (24 bytes)",
        "! 收到 FIN：对端不再发送；在此之前的邮件没有以只有一个“.”的行结束，不算邮件（24 字节）",
    ),
    (
        PeerFinished(**ON_1, unfinished=24, awaits=Awaited.LINE_END),
        "! FIN received: the peer will send no more; the line before it had no LF and is no "
        "message (24 bytes)",
        "! 收到 FIN：对端不再发送；在此之前的一行没有换行符（LF），不算消息（24 字节）",
    ),
    (
        Unfinished(**ON_1, awaits=Awaited.LINE_END, size=24),
        "! no LF yet: the server waits for the end of this line (24 bytes)",
        "! 还没有换行符（LF）：服务器在等这一行结束（24 字节）",
    ),
    (
        Unfinished(**ON_1, awaits=Awaited.HEADER_END, size=1),
        "! no blank line yet: the request's header has not ended (1 byte)",
        "! 还没有空行：请求的首部没有结束（1 字节）",
    ),
    (Named(**ON_1, name="小明"), "· is called 小明 from here on", "· 从这里起昵称是 小明"),
    (
        PeerFinished(**ON_1),
        "· FIN received: the peer will send no more",
        "· 收到 FIN：对端不再发送",
    ),
    (
        Finished(**ON_1),
        "· FIN sent: half-closed, still receiving",
        "· 本端已发送 FIN（半关闭），仍可接收",
    ),
    (Idle(**ON_1, seconds=60), "! nothing received for 60 s", "! 已有 60 秒没有收到数据"),
    (
        closed(CloseReason.READ_TIMEOUT),
        "! closed: read timeout, no complete message in time (FIN)",
        "! 已关闭：读超时，规定时间内没有收到完整的消息（FIN）",
    ),
    (
        closed(CloseReason.WRITE_TIMEOUT, unsent=1200),
        "! closed: write timeout, the peer accepted no data in time (RST); "
        "1,200 bytes were not sent",
        "! 已关闭：写超时，对端没有在规定时间内接收数据（RST）；有 1,200 字节没有发出",
    ),
    (
        closed(CloseReason.FAILED, error=REFUSED),
        f"✗ closed: Connection refused by the peer ({CODE}).",
        f"✗ 已关闭：对端拒绝了连接（{CODE}）。",
    ),
    (closed(CloseReason.FAILED), "✗ closed after an error", "✗ 出错后已关闭"),
    (
        PortUnreachable(**HEAD, peer=HERE),
        "! ICMP port unreachable: no program has opened UDP 127.0.0.1:8080",
        "! ICMP 端口不可达：没有程序打开 UDP 127.0.0.1:8080",
    ),
    (
        PortUnreachable(**HEAD, peer=None),
        "! ICMP port unreachable: no program has opened the UDP port",
        "! ICMP 端口不可达：没有程序打开那个 UDP 端口",
    ),
    (
        time_reply(-0.25),
        r"✓ 127.0.0.1:8080 says 12:00\n (round-trip time 0.34 ms; clock offset within ± 0.5 s: "
        "the server tells whole seconds)",
        r"✓ 127.0.0.1:8080 应答 12:00\n（往返时间 0.34 毫秒；时钟偏差在 ±0.5 秒之内："
        "服务器只报整秒）",
    ),
    (
        time_reply(None),
        r"✓ 127.0.0.1:8080 says 12:00\n (round-trip time 0.34 ms)",
        r"✓ 127.0.0.1:8080 应答 12:00\n（往返时间 0.34 毫秒）",
    ),
    (
        TimeLost(**HEAD, number=3, tries=2),
        "! query 3 failed: no reply after 2 tries",
        "! 第 3 次查询失败：2 次尝试均无应答",
    ),
    (
        http_reply(),
        "✓ HTTP response 200 OK, body of 12,345 bytes",
        "✓ HTTP 响应 200 OK，正文 12,345 字节",
    ),
    (
        http_reply(complete=False, reason=""),
        "! HTTP response 200 incomplete: only 12,345 bytes of its body arrived",
        "! HTTP 响应 200 不完整：正文只收到 12,345 字节",
    ),
    (
        http_reply(complete=False, error="illegal chunk header"),
        "! HTTP response 200 OK, its body damaged after 12,345 bytes: illegal chunk header",
        "! HTTP 响应 200 OK，正文在 12,345 字节之后损坏：illegal chunk header",
    ),
    (
        Failed(**HEAD, error=REFUSED),
        f"✗ Connection refused by the peer ({CODE}).",
        f"✗ 对端拒绝了连接（{CODE}）。",
    ),
    (
        Failed(**HEAD, error=NetError(Operation.CONNECT, Cause.CANCELLED)),
        "· It was cancelled.",
        "· 操作已取消。",
    ),
    (
        Crashed(**ON_1, traceback="Traceback"),
        "✗ a bug in Socketboard ended it; the log has the details",
        "✗ Socketboard 的程序错误使它中止，详情见日志",
    ),
    (ActivityStopped(**HEAD), "· stopped", "· 已停止"),
]


@pytest.mark.parametrize(("event", "english", "chinese"), SAID)
def test_an_event_in_words(event: Event, english: str, chinese: str) -> None:
    assert f"{mark(event)} {describe(event)}" == english
    set_language("zh")
    assert f"{mark(event)} {describe(event)}" == chinese


@pytest.mark.parametrize("reason", CloseReason)
def test_every_way_to_close_is_told_apart(reason: CloseReason) -> None:
    others = {describe(closed(other)) for other in CloseReason if other is not reason}
    assert describe(closed(reason)) not in others
    assert severity(closed(reason)) in {"info", "warn", "bad"}


def test_names_of_hosts_are_made_safe() -> None:
    assert describe(Resolving(**HEAD, host="a\u202eb")) == "looking up a<U+202E>b"
    assert describe(Connecting(**HEAD, peer=Endpoint("{peer}%s", 1))) == "connecting to {peer}%s:1"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.00034, "0.34 ms"), (0.0123, "12.3 ms"), (1.5034, "1503 ms"), (0, "0.00 ms")],
)
def test_durations_are_short(seconds: float, shown: str) -> None:
    assert milliseconds(seconds) == shown
