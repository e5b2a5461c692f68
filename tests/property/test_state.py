"""The states of a connection: whatever happens, in whatever order, the table knows what it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.engine.state import CAN_READ, CAN_WRITE, LISTENS, TABLE, State, Step, left_in

RFC_9293 = {"ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT", "TIME-WAIT", "LAST-ACK", "CLOSED"}
"""Section 3.3.2; FIN-WAIT stands for FIN-WAIT-1 and -2, which only the kernel tells apart."""


def possible(state: State) -> list[Step]:
    return [step for step in Step if (state, step) in TABLE]


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[State, Step, State]]:
    """Draw what may happen to a connection, from open to closed."""
    state = State.OPEN
    life: list[tuple[State, Step, State]] = []
    while possible(state) and len(life) < 30:
        step = draw(st.sampled_from(possible(state)))
        life.append((state, step, state.after(step)))
        state = state.after(step)
    return life


@given(lives())
def test_what_is_given_up_never_comes_back(life: list[tuple[State, Step, State]]) -> None:
    for before, _step, after in life:
        assert after.abilities & (CAN_READ | CAN_WRITE) <= before.abilities
        for ability in (CAN_READ, CAN_WRITE):
            assert before.abilities & ability or not after.abilities & ability


@given(lives())
def test_the_peers_fin_comes_once_and_ends_reading(life: list[tuple[State, Step, State]]) -> None:
    fins = [after for _before, step, after in life if step is Step.PEER_FIN]
    assert len(fins) <= 1
    assert all(not state.abilities & CAN_READ for state in fins)


@given(lives())
def test_our_fin_is_asked_for_only_while_we_may_write(
    life: list[tuple[State, Step, State]],
) -> None:
    for before, step, _after in life:
        if step is Step.FINISH:
            assert before.abilities & CAN_WRITE


def test_every_state_is_reached_and_every_one_can_be_closed() -> None:
    reached, waiting = set[State](), [State.OPEN]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [state.after(step) for step in possible(state)]
    assert reached == set(State)
    assert all(
        State.CLOSED in map(state.after, possible(state)) for state in State if possible(state)
    )
    assert possible(State.CLOSED) == []


def test_who_listens_can_read() -> None:
    assert all(state.abilities & CAN_READ for state in State if state.abilities & LISTENS)


@pytest.mark.parametrize("state", State)
def test_the_names_are_those_of_the_rfc(state: State) -> None:
    assert state.rfc_name in RFC_9293
    assert left_in(state, with_reset=True) == "CLOSED"
    assert left_in(state, with_reset=False) in RFC_9293 - {"ESTABLISHED", "CLOSE-WAIT"}


def test_what_cannot_happen_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError):
        State.CLOSED.after(Step.CLOSE)
    with pytest.raises(LookupError):
        State.PEER_FINISHED.after(Step.PEER_FIN)
