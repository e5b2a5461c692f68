"""The models of a server, tried one after the other: what stays, what is begun anew."""

from __future__ import annotations

import pytest

from gui.models.server_models import ServerModels, as_text, of_client
from netlib import MODELS, ModelSettings
from tests.helpers import wait_until


def over(models: ServerModels) -> bool:
    models.tick()
    return not models.running


def tried(models: ServerModels, *settings: ModelSettings) -> None:
    models.start(settings)
    wait_until(lambda: over(models), 20.0)


def test_one_after_the_other_is_tried_and_all_stay() -> None:
    models = ServerModels()
    assert (models.running, models.seconds, models.shown(), models.words()) == (False, 0, {}, "")
    tried(models, *(ModelSettings(model=model, clients=2, seconds=1) for model in MODELS))
    shown = models.shown()
    assert [*shown] == [*MODELS]
    assert {model: one.figures.answered for model, one in shown.items()} == {
        "one": 1,
        "threads": 2,
        "loop": 2,
    }
    assert len(models.words().splitlines()) == 3
    assert "accept queue" in of_client(shown["one"], 1)
    assert "answers" in of_client(shown["loop"], 1)
    assert len(as_text(shown).splitlines()) == 3 * (1 + 2)


def test_one_is_tried_again_beside_the_others_of_the_same_settings() -> None:
    models = ServerModels()
    tried(models, ModelSettings(model="one", clients=1, seconds=1))
    tried(models, ModelSettings(model="loop", clients=1, seconds=1))
    assert [*models.shown()] == ["one", "loop"]
    tried(models, ModelSettings(model="loop", clients=2, seconds=1))
    assert [*models.shown()] == ["loop"]


def test_what_is_stopped_keeps_what_it_has_and_nothing_follows() -> None:
    models = ServerModels()
    models.start([ModelSettings(model=model, seconds=60) for model in ("threads", "loop")])
    wait_until(lambda: models.shown()["threads"].figures.answered == 4)
    models.stop()
    wait_until(lambda: over(models))
    assert models.shown()["threads"].figures.answered == 4
    assert [*models.shown()] == ["threads"]


def test_what_the_system_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_all: object, **_named: object) -> None:
        raise OSError(24, "too many open files")

    monkeypatch.setattr("netlib.activities.server_models.socket.create_server", refuse)
    models = ServerModels()
    tried(models, *(ModelSettings(model=model, seconds=60) for model in MODELS))
    assert models.refusal == "too many open files"
    assert [*models.shown()] == ["one"]
