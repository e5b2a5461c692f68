"""`experiment`: listed, every one played on real sockets; settings in, a picture or JSON out."""

from __future__ import annotations

import json
from argparse import Namespace
from base64 import b64decode
from pathlib import Path

import pytest

from netlib.cli.commands import experiment as module
from netlib.cli.console import Console
from netlib.i18n import LANGUAGES, Language
from netlib.teaching.experiment_list import EXPERIMENTS, shipped_experiment
from tests.command import Finished, objects, run
from tests.lessons import SMALL, proofs_here


def boundaries(*arguments: str, lang: str = "en") -> Finished:
    """Run it so that all that was sent waits when the first receive comes."""
    return run("experiment", "boundaries", "--delay", "1000", *arguments, lang=lang)


def test_the_lanes_stand_over_each_other() -> None:
    result = boundaries("--framing", "line")
    assert result.returncode == 0
    assert result.stdout.decode().splitlines()[:-1] == [
        "4 sends, 3 receives, 4 messages.",
        "TCP carries bytes in order; it does not keep the calls apart.",
        "",
        "          0              5              10             15",
        r"Sends    |1aaa\n  5 B   |2bbb\n  5 B   |3ccc\n  5 B   |4ddd\n  5 B   |",
        r"Bytes     1  a  a  a  \n 2  b  b  b  \n 3  c  c  c  \n 4  d  d  d  \n",
        r"Receives |1aaa\n2b  7 B       |bb\n3ccc  7 B       |\n4ddd\n  6 B    |",
        r"Messages |1aaa  5 B     |2bbb  5 B     |3ccc  5 B     |4ddd  5 B     |",
        "",
    ]


def test_every_setting_is_passed_on() -> None:
    settings = ["--sends", "3", "--size", "10", "--pause", "1", "--recv", "65536"]
    more = ["--buffer", "4096", "--nagle", "off", "--framing", "fixed", "--json"]
    *calls, end = objects(boundaries(*settings, *more).stdout)
    sends = [one for one in calls if one["event"] == "send"]
    assert [one["size"] for one in sends] == [10, 10, 10]
    assert [b64decode(one["data"]) for one in sends] == [
        b"1aaaaaaaaa",
        b"2bbbbbbbbb",
        b"3ccccccccc",
    ]
    assert [one["size"] for one in calls if one["event"] == "receive"] == [30]
    assert [one["offset"] for one in calls if one["event"] == "message"] == [0, 10, 20]
    assert sends[0]["seconds"] <= sends[1]["seconds"]
    assert end["receive_buffer"] < 131_072
    assert end | {"receive_buffer": 0} == {
        "event": "experiment",
        "name": "boundaries",
        "title": "3 sends, 1 receive, 3 messages.",
        "sends": 3,
        "receives": 1,
        "messages": 3,
        "size": 30,
        "missing": 0,
        "receive_buffer": 0,
        "ok": True,
    }


def test_messages_are_sent_in_their_encoding_and_a_divided_character_is_named() -> None:
    result = boundaries("--messages", "你好", "世界", "--recv", "4", lang="zh")
    assert result.returncode == 0
    assert "第 1 次接收断在“好”中间。" in result.stdout.decode()
    shown = objects(boundaries("--messages", "你好", "--encoding", "gbk", "--json").stdout)
    assert b64decode(shown[0]["data"]) == "你好".encode("gbk")


def test_the_buffer_that_was_asked_for_and_the_one_given_are_told() -> None:
    usual, asked = boundaries(), boundaries("--buffer", "8192")
    assert "bytes, as the system has it." in usual.stdout.decode()
    assert "Receive buffer: 8,192 bytes asked for, " in asked.stdout.decode()


def test_the_list_names_each_with_its_title() -> None:
    result = run("experiment", "--list")
    assert result.returncode == 0
    lines = result.stdout.decode().splitlines()
    assert lines[:2] == [
        "boundaries Message boundaries: sends, bytes, receives",
        "models Server models: one at a time, threads, one loop",
    ]
    assert [line.split(" ", 1)[0] for line in lines[2:]] == [*EXPERIMENTS]
    assert lines[2].split(" ", 1)[1] == shipped_experiment(EXPERIMENTS[0], "en").title
    assert all(name.isascii() for name in EXPERIMENTS)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_without_questions_every_proof_comes(name: str, spoken: Language) -> None:
    result = run("experiment", name, "--auto", lang=spoken)
    assert result.returncode == 0, result.stdout.decode() + result.stderr.decode()
    assert result.stderr == b""
    experiment = shipped_experiment(name, spoken)
    shown = result.stdout.decode()
    assert shown.count("✓") > proofs_here(experiment)
    assert experiment.documented in shown


def test_it_asks_and_a_wrong_prediction_is_answered_as_such(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    asked = ["experiment", EXPERIMENTS[0], "--answers", str(answers)]
    result = run(*asked, stdin=b"1\n11\n")
    assert result.returncode == 0, result.stderr.decode()
    assert "Predictions: 0 of 1 right." in result.stdout.decode()
    assert json.loads(answers.read_bytes())["lesson"] == EXPERIMENTS[0]


def test_one_of_ones_own_is_played_and_checked(tmp_path: Path) -> None:
    text = SMALL.replace("minutes: 5", "minutes: 1\nkind: weird").split("## A recorded")[0]
    path = tmp_path / "mine.md"
    path.write_text(text, encoding="utf-8")
    assert run("experiment", str(path), "--auto").returncode == 0
    assert "1 step, nothing" in run("lesson", "--check", str(path)).stdout.decode()
    path.write_text(text.replace("starts", "nothing"), encoding="utf-8")
    assert run("experiment", str(path), "--auto").returncode == 2
    result = run("lesson", "--check", str(path))
    line = text.splitlines().index('expect client received starts="已接收"') + 1
    assert f"mine.md, line {line}: " in result.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--list shows them"),
        (("nothing",), "experiment --list"),
        (("boundaries", "--record", "a.socketboard"), "boundaries is not recorded"),
        (("--sends", "0"), "Number of sends: please type a whole number from 1 to 1000."),
        (("--recv", "seven"), '"seven" is not a whole number'),
        (("--messages", "你", "--encoding", "ascii"), 'ascii has no character "你"'),
        (("--messages", ""), "An empty message has no bytes"),
        (("--sends", "1000", "--size", "65536"), "at most 16,777,216 are sent"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_wrong_usage(arguments: tuple[str, ...], told: str) -> None:
    named = not arguments or not arguments[0].startswith("--")
    result = run("experiment", *(() if named else ("boundaries",)), *arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert told in result.stderr.decode()


def test_bytes_that_did_not_come_are_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netlib.activities.boundary_experiment.MOST_SECONDS", 0.0)
    assert module.run(options(), Console()) == 1


def test_a_refusal_of_the_system_is_exit_code_1_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_buffer: int) -> None:
        raise OSError(24, "too many")

    monkeypatch.setattr("netlib.activities.boundary_experiment.loopback_pair", refuse)
    assert module.run(options(), Console()) == 1
    assert "No more sockets can be opened" in capsys.readouterr().err


def test_a_bug_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    logged_errors: list[object],
) -> None:
    def stumble(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("netlib.activities.boundary_experiment.message_ends", stumble)
    assert module.run(options(), Console()) == 1
    assert "bug" in capsys.readouterr().err
    logged_errors.clear()


def options() -> Namespace:
    """Return what the parser gives where nothing is said."""
    return Namespace(
        name="boundaries",
        list=False,
        auto=False,
        answers=None,
        record=None,
        json=False,
        encoding="utf-8",
        messages=(),
        sends=4,
        size=None,
        pause=0,
        recv=7,
        delay=0,
        buffer=0,
        nagle="on",
        framing="none",
    )


def test_ctrl_c_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_experiment: object, seconds: float) -> bool:
        if seconds == module.WAIT_SECONDS:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr("netlib.system.background.Background.over_within", interrupted)
    slow = options()
    slow.sends, slow.pause = 100, 1000
    with pytest.raises(KeyboardInterrupt):
        module.run(slow, Console())


# -- models of a server --------------------------------------------------------------------------


def test_the_models_are_told_one_after_the_other() -> None:
    done = run("experiment", "models", "--seconds", "1", "--clients", "3")
    assert done.returncode == 0, done.stderr
    one, threads, loop = done.stdout.decode().splitlines()
    assert one.startswith("one client at a time: 3 connected, 1 being served, 1 answered;")
    for line in (threads, loop):
        assert "3 connected, 3 being served, 3 answered" in line


def test_one_model_as_json_and_what_cannot_be() -> None:
    done = run("experiment", "models", "--model", "loop", "--seconds", "1", "--json")
    (told,) = objects(done.stdout)
    assert (told["model"], told["answered"]) == ("loop", 4)
    assert run("experiment", "models", "--clients", "0").returncode == 2
